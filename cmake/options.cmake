# How everything is compiled. The target isopod_options carries the flags of our own C++ code; what is set
# here directly (sanitizers, hardening) holds for the third-party C code as well.
include(CheckCSourceCompiles)
include(CheckCXXCompilerFlag)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(ISOPOD_TESTS "Build the unit tests" ON)
option(ISOPOD_FUZZ "Build the fuzzers of fuzz/ (needs clang)" OFF)
option(ISOPOD_ENGINE_LEAK_CHECK "The engine aborts when a value leaks" OFF)
option(ISOPOD_ENGINE_GC_STRESS "The engine collects garbage before each allocation of an object" OFF)
option(ISOPOD_STATIC "Link all but the C library statically (shorter start-up)" OFF)
set(ISOPOD_SANITIZE "" CACHE STRING "Sanitizers for everything: empty, address or thread")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

find_package(Threads REQUIRED)
add_library(isopod_options INTERFACE)
target_compile_options(isopod_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
target_compile_definitions(isopod_options INTERFACE ISOPOD_VERSION="${PROJECT_VERSION}")
target_link_libraries(isopod_options INTERFACE Threads::Threads)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Only the compiler of the daily builds makes a warning an error; clang warns about other things.
  target_compile_options(isopod_options INTERFACE -Werror)
endif()

# --- Sanitizers ---

if(ISOPOD_SANITIZE STREQUAL "address")
  set(sanitizers -fsanitize=address,undefined)
  add_compile_options(-fno-sanitize-recover=undefined)
elseif(ISOPOD_SANITIZE STREQUAL "thread")
  set(sanitizers -fsanitize=thread)
elseif(NOT ISOPOD_SANITIZE STREQUAL "")
  message(FATAL_ERROR "ISOPOD_SANITIZE is ${ISOPOD_SANITIZE}; it may be empty, address or thread")
endif()
if(sanitizers)
  add_compile_options(${sanitizers} -fno-omit-frame-pointer)
  add_link_options(${sanitizers})
endif()
if(ISOPOD_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "The fuzzers need clang: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# --- Hardening of the release build ---

# Adds each of the flags that the compiler knows; some exist on some processors only.
function(isopod_add_known_flags)
  foreach(flag IN LISTS ARGN)
    string(MAKE_C_IDENTIFIER "ISOPOD_HAS${flag}" known)
    check_cxx_compiler_flag(${flag} ${known})
    if(${known})
      add_compile_options(${flag})
    endif()
  endforeach()
endfunction()

# Fortification at level 3 needs a compiler and a C library that know it; both know level 2 since long.
function(isopod_fortify)
  set(CMAKE_REQUIRED_FLAGS "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -Werror")
  check_c_source_compiles("
    #include <string.h>
    #if !defined(__USE_FORTIFY_LEVEL) || __USE_FORTIFY_LEVEL < 3
    #error level 3 is not known
    #endif
    int main(void) { return 0; }" ISOPOD_HAS_FORTIFY_3)
  if(ISOPOD_HAS_FORTIFY_3)
    add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  else()
    add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  endif()
endfunction()

if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT sanitizers)
  isopod_add_known_flags(-fstack-protector-strong -fstack-clash-protection -fcf-protection)
  isopod_fortify()
  add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
endif()

# --- The binary ---

# Each shared library costs every start of the binary, so with ISOPOD_STATIC everything but the C library is
# linked into it. Not the C library: libcurl is opened at run time, which a wholly static program cannot do
# reliably.
if(ISOPOD_STATIC AND NOT sanitizers)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a .so)
endif()

# isopod_link_binary(TARGET) makes the program position independent and applies ISOPOD_STATIC.
function(isopod_link_binary target)
  target_link_options(${target} PRIVATE -pie)
  if(ISOPOD_STATIC AND NOT sanitizers)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
  endif()
endfunction()
