# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Builds for 64-bit Windows on Linux with Debian's mingw-w64. Qt for Windows comes from build-qt.sh: name its folder in
# CMAKE_PREFIX_PATH or SAMI_WINDOWS_QT.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)

# The posix flavour: the win32 one has no std::thread and no std::mutex.
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)

# Build tools (moc, rcc, lrelease) are the host's.
set(QT_HOST_PATH /usr CACHE PATH "The host's Qt, of the same version as the one for Windows")

set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SAMI_WINDOWS_QT)
if(NOT SAMI_WINDOWS_QT AND DEFINED ENV{SAMI_WINDOWS_QT})
  set(SAMI_WINDOWS_QT "$ENV{SAMI_WINDOWS_QT}")
endif()
set(SAMI_WINDOWS_QT "${SAMI_WINDOWS_QT}" CACHE PATH "What build-qt.sh installed")
set(CMAKE_FIND_ROOT_PATH /usr/x86_64-w64-mingw32 ${SAMI_WINDOWS_QT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
