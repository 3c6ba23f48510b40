# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# The rules for every target of the project, and the functions that make targets.

add_library(sami_options INTERFACE)
target_compile_definitions(sami_options INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY
  QT_NO_URL_CAST_FROM_STRING QT_NO_CONTEXTLESS_CONNECT QT_NO_FOREACH QT_NO_KEYWORDS
  QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_STRICT_ITERATORS
  QT_DISABLE_DEPRECATED_BEFORE=0x060400)
target_include_directories(sami_options INTERFACE ${PROJECT_SOURCE_DIR}/core ${PROJECT_SOURCE_DIR})
if(MSVC)
  target_compile_options(sami_options INTERFACE /W4 /permissive- /utf-8
    $<$<BOOL:${SAMI_WARNINGS_AS_ERRORS}>:/WX>)
else()
  target_compile_options(sami_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
    -Wconversion -Wno-sign-conversion -Wimplicit-fallthrough
    $<$<BOOL:${SAMI_WARNINGS_AS_ERRORS}>:-Werror>)
endif()
if(SAMI_SANITIZE)
  target_compile_options(sami_options INTERFACE -fsanitize=${SAMI_SANITIZE} -fno-omit-frame-pointer
                                                -fno-sanitize-recover=undefined)
  target_link_options(sami_options INTERFACE -fsanitize=${SAMI_SANITIZE})
  # GCC's flow analysis reports false positives inside instrumented Qt headers.
  target_compile_options(sami_options INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug" OR SAMI_SANITIZE)
  # Some 250 test programs link the debug information of whole Qt headers. mold takes a second and a half for each
  # instead of more than four.
  include(CheckLinkerFlag)
  check_linker_flag(CXX -fuse-ld=mold SAMI_HAS_MOLD)
  if(SAMI_HAS_MOLD)
    target_link_options(sami_options INTERFACE -fuse-ld=mold)
  endif()
  # Those programs take five gigabytes instead of nine. zlib is what every debugger and libbacktrace can read.
  check_linker_flag(CXX -Wl,--compress-debug-sections=zlib SAMI_HAS_COMPRESSED_DEBUG_SECTIONS)
  if(SAMI_HAS_COMPRESSED_DEBUG_SECTIONS)
    target_link_options(sami_options INTERFACE -Wl,--compress-debug-sections=zlib)
  endif()
endif()
if(SAMI_SANITIZE STREQUAL "thread" AND Qt6_VERSION VERSION_LESS 6.5)
  # Later versions have other interfaces here: with them this preset needs an instrumented Qt.
  add_library(sami_tsan_qt STATIC tests/support/tsanqt.cpp)
  target_link_libraries(sami_tsan_qt PRIVATE Qt6::Core)
  target_link_libraries(sami_options INTERFACE sami_tsan_qt)
  foreach(wrapped _ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv
                  _ZN7QThread5startENS_8PriorityE _ZN7QThread4waitE14QDeadlineTimer)
    target_link_options(sami_options INTERFACE -Wl,--wrap=${wrapped})
  endforeach()
endif()
if(MINGW)
  # GCC 12 reports false positives where a QList is made from an initializer list.
  target_compile_options(sami_options INTERFACE -Wno-maybe-uninitialized)
endif()
if(SAMI_FUZZ)
  # Instruments branches and comparisons for libFuzzer; its main() is linked only to the fuzz
  # targets.
  target_compile_options(sami_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(sami_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# sami_core_library(NAME SOURCES… LINK targets…): one static library per folder of core/, so that
# the linker enforces "who may include whom".
function(sami_core_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_library(sami_${name} STATIC ${arg_SOURCES})
  add_library(sami::${name} ALIAS sami_${name})
  target_link_libraries(sami_${name} PUBLIC ${arg_LINK} PRIVATE sami_options)
endfunction()

# sami_windows_resource(TARGET DESCRIPTION): on Windows, a program's icon, version and manifest.
function(sami_windows_resource target description)
  if(NOT WIN32)
    return()
  endif()
  enable_language(RC)
  set(resource_description "${description}")
  set(resource_file ${target}.exe)
  set(resource_folder ${PROJECT_SOURCE_DIR}/packaging)
  configure_file(${PROJECT_SOURCE_DIR}/packaging/windows/program.rc.in ${target}.rc @ONLY)
  target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${target}.rc)
  if(MSVC)
    # MSVC's linker merges this with a manifest of its own.
    target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/packaging/windows/program.manifest)
  endif()
endfunction()

# sami_test(NAME SOURCES… LINK targets… [LABELS …] [TIMEOUT seconds]): one Qt Test program.
function(sami_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} Qt6::Test sami_options)
  add_test(NAME ${name} COMMAND ${name})
  sami_timeout(${name} ${arg_TIMEOUT})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
endfunction()
