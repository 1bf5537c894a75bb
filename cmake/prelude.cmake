# The built-in JavaScript of js/: bundled by esbuild, compiled to bytecode by the engine of this very
# build, embedded in the binary as isopod_prelude (it defines modules::prelude()).
find_program(NODE_PROGRAM NAMES node nodejs REQUIRED)
file(GLOB_RECURSE prelude_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/js/*.ts)
list(FILTER prelude_sources EXCLUDE REGEX "/(node_modules|test|build)/")
set(prelude_bundles ${CMAKE_BINARY_DIR}/prelude/js)
set(prelude_output ${CMAKE_BINARY_DIR}/prelude)

add_executable(prelude_compiler ${CMAKE_SOURCE_DIR}/tools/prelude/main.cc)
target_link_libraries(prelude_compiler PRIVATE room_engine)

add_custom_command(
  OUTPUT ${prelude_output}/prelude_table.cc ${prelude_output}/prelude.bin
  COMMAND ${NODE_PROGRAM} ${CMAKE_SOURCE_DIR}/js/build.mjs ${prelude_bundles}
  # What the compiler leaks at exit is of no interest to a sanitizer build.
  COMMAND ${CMAKE_COMMAND} -E env ASAN_OPTIONS=detect_leaks=0 $<TARGET_FILE:prelude_compiler>
    ${prelude_bundles}/manifest.json ${prelude_output}
  DEPENDS prelude_compiler ${prelude_sources} ${CMAKE_SOURCE_DIR}/js/build.mjs
    ${CMAKE_SOURCE_DIR}/js/modules.json ${CMAKE_SOURCE_DIR}/js/package-lock.json
  COMMENT "Compiling the prelude to bytecode"
  VERBATIM)

add_library(isopod_prelude OBJECT ${prelude_output}/prelude_table.cc)
set_source_files_properties(${prelude_output}/prelude_table.cc PROPERTIES
  OBJECT_DEPENDS ${prelude_output}/prelude.bin)
target_link_libraries(isopod_prelude PUBLIC room_modules)
