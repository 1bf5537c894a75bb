# Nothing third-party is kept in the repository: `./dev` fetches it through the machine's own package
# managers. quickjs-ng comes from ISOPOD_QUICKJS_DIR, the C of tree-sitter from the npm packages in js/.
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tl-expected REQUIRED)
find_package(CLI11 REQUIRED)

# Linked statically where Debian has the archive: each shared library costs every start of the binary.
# libcurl, with its twenty libraries, is opened when the first HTTP request is made; only its headers
# are needed here.
function(isopod_system_library target archive header)
  find_library(${target}_LIBRARY NAMES ${archive} ${ARGN} REQUIRED)
  find_path(${target}_INCLUDE NAMES ${header} REQUIRED)
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE ${${target}_INCLUDE})
  target_link_libraries(${target} INTERFACE ${${target}_LIBRARY} Threads::Threads ${CMAKE_DL_LIBS})
endfunction()
isopod_system_library(isopod_uv libuv_a.a uv.h uv)
isopod_system_library(isopod_crypto libcrypto.a openssl/evp.h crypto)
isopod_system_library(isopod_zlib libz.a zlib.h z)
find_path(CURL_INCLUDE NAMES curl/curl.h REQUIRED)
add_library(isopod_curl_headers INTERFACE)
target_include_directories(isopod_curl_headers SYSTEM INTERFACE ${CURL_INCLUDE})
if(ISOPOD_TESTS)
  find_package(GTest REQUIRED)
  find_library(RAPIDCHECK_LIBRARY rapidcheck REQUIRED)
  add_library(rapidcheck INTERFACE)
  target_link_libraries(rapidcheck INTERFACE ${RAPIDCHECK_LIBRARY})
endif()

# --- quickjs-ng ---
if(DEFINED ENV{ISOPOD_QUICKJS_DIR})
  set(default_quickjs $ENV{ISOPOD_QUICKJS_DIR})
else()
  set(default_quickjs ${CMAKE_SOURCE_DIR}/.deps/quickjs)
endif()
set(ISOPOD_QUICKJS_DIR ${default_quickjs} CACHE PATH "Sources of quickjs-ng 0.17 or newer")
if(NOT EXISTS ${ISOPOD_QUICKJS_DIR}/quickjs.c)
  message(FATAL_ERROR
    "No quickjs-ng sources in ${ISOPOD_QUICKJS_DIR}. Run ./dev setup, or set ISOPOD_QUICKJS_DIR.")
endif()
add_library(isopod_quickjs STATIC
  ${ISOPOD_QUICKJS_DIR}/quickjs.c ${ISOPOD_QUICKJS_DIR}/libregexp.c
  ${ISOPOD_QUICKJS_DIR}/libunicode.c ${ISOPOD_QUICKJS_DIR}/dtoa.c)
set_target_properties(isopod_quickjs PROPERTIES C_STANDARD 11 C_EXTENSIONS ON)
target_compile_options(isopod_quickjs PRIVATE -w -fwrapv -funsigned-char -O2)
target_compile_definitions(isopod_quickjs PRIVATE _GNU_SOURCE)
target_include_directories(isopod_quickjs SYSTEM INTERFACE ${ISOPOD_QUICKJS_DIR})
target_link_libraries(isopod_quickjs INTERFACE m Threads::Threads)
if(NOT ISOPOD_ENGINE_LEAK_CHECK)
  target_compile_definitions(isopod_quickjs PRIVATE NDEBUG)
endif()
if(ISOPOD_ENGINE_GC_STRESS)
  target_compile_definitions(isopod_quickjs PRIVATE FORCE_GC_AT_MALLOC)
endif()

# The engine's sources are not pinned to one version, so each build of it is asked once what it can do.
add_executable(quickjs_smoke ${CMAKE_SOURCE_DIR}/tools/quickjs_smoke.c)
set_target_properties(quickjs_smoke PROPERTIES C_STANDARD 11)
target_link_libraries(quickjs_smoke PRIVATE isopod_quickjs)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/quickjs_smoke.ok
  COMMAND quickjs_smoke
  COMMAND ${CMAKE_COMMAND} -E touch ${CMAKE_BINARY_DIR}/quickjs_smoke.ok
  DEPENDS quickjs_smoke
  COMMENT "Asking the engine whether it does what isopod needs")
add_custom_target(quickjs_smoke_run ALL DEPENDS ${CMAKE_BINARY_DIR}/quickjs_smoke.ok)

# --- tree-sitter ---
set(modules ${CMAKE_SOURCE_DIR}/js/node_modules)
if(NOT EXISTS ${modules}/tree-sitter/vendor/tree-sitter/lib/src/lib.c)
  message(FATAL_ERROR "The npm packages of js/ are missing. Run ./dev setup.")
endif()
set(tree_sitter ${modules}/tree-sitter/vendor/tree-sitter/lib)
add_library(isopod_tree_sitter_typescript STATIC
  ${tree_sitter}/src/lib.c
  ${modules}/tree-sitter-typescript/typescript/src/parser.c
  ${modules}/tree-sitter-typescript/typescript/src/scanner.c)
target_include_directories(isopod_tree_sitter_typescript SYSTEM PUBLIC ${tree_sitter}/include PRIVATE
  ${tree_sitter}/src ${modules}/tree-sitter-typescript/typescript/src)
target_compile_options(isopod_tree_sitter_typescript PRIVATE -w -O2)
target_compile_definitions(isopod_tree_sitter_typescript PRIVATE _GNU_SOURCE)
