# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# A per-user installer (NSIS) and a portable archive for Windows, through CPack. They pack the build tree's folder
# "program", which has Qt too; build.sh, the single command for all this, fills it.
set(CPACK_GENERATOR NSIS)
set(CPACK_VERBATIM_VARIABLES ON) # passes quotes and backslashes on unchanged
set(CPACK_PACKAGE_FILE_NAME Sami_LLM_Proxy-${PROJECT_VERSION}-windows-x86_64)
set(CPACK_INSTALL_CMAKE_PROJECTS "")
set(CPACK_INSTALLED_DIRECTORIES ${PROJECT_BINARY_DIR}/program .)
set(CPACK_STRIP_FILES OFF)
# Lets CPack find NSIS.template.in before its own, which requires an administrator.
list(PREPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
set(CPACK_NSIS_COMPRESSOR "/SOLID lzma")
set(CPACK_NSIS_DEFINES "!define SOURCE \"${CMAKE_CURRENT_LIST_DIR}\"
!define ICON \"${PROJECT_SOURCE_DIR}/packaging/icons/sami-llm-proxy-tray.ico\"
!define LICENSE_FILE \"${PROJECT_SOURCE_DIR}/LICENSE\"")
