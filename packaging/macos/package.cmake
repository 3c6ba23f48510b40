# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# A disk image for macOS, through CPack. What it packs stands ready in the build tree's folder "dmg":
# build.sh, the one command for it, puts Qt into the bundle and signs it, which installing would undo.
if(CMAKE_OSX_ARCHITECTURES MATCHES ";")
  set(architecture universal)
elseif(CMAKE_OSX_ARCHITECTURES)
  set(architecture ${CMAKE_OSX_ARCHITECTURES})
else()
  set(architecture ${CMAKE_SYSTEM_PROCESSOR})
endif()

set(CPACK_GENERATOR DragNDrop)
set(CPACK_PACKAGE_FILE_NAME Sami_LLM_Proxy-${PROJECT_VERSION}-${architecture})
set(CPACK_INSTALL_CMAKE_PROJECTS "")
set(CPACK_INSTALLED_DIRECTORIES ${PROJECT_BINARY_DIR}/dmg .)
set(CPACK_STRIP_FILES OFF)
# The link to /Applications, beside the app, comes by itself.
set(CPACK_DMG_VOLUME_NAME "Sami LLM Proxy ${PROJECT_VERSION}")
# No licence to agree to before it opens: the MIT licence asks for none, and today's macOS lacks the tool.
set(CPACK_DMG_SLA_USE_RESOURCE_FILE_LICENSE OFF)
