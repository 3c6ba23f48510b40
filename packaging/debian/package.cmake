# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
#
# Two Debian packages from the install components "daemon" and "tray", through CPack. build.sh does it all in one
# command.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
find_program(GZIP gzip REQUIRED)

set(debian ${CMAKE_CURRENT_LIST_DIR})
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PRE_BUILD_SCRIPTS ${debian}/strip.cmake)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)

# Otherwise CPack prefixes each package's description with the project's.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")

set(CPACK_DEBIAN_DAEMON_PACKAGE_NAME sami-llm-proxy)
set(CPACK_DEBIAN_DAEMON_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_DAEMON_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_DAEMON_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_DAEMON_PACKAGE_CONTROL_EXTRA
    "${debian}/conffiles;${debian}/postinst;${debian}/prerm;${debian}/postrm")
set(CPACK_DEBIAN_DAEMON_DESCRIPTION "forward proxy for LLM API calls
HTTP requests and CONNECT tunnels go out from this machine: nothing is
decrypted, cached or buffered, streams may be silent for many minutes, and
each ends in a log line that says who ended it.
.
The service listens on this machine alone until /etc/sami-llm-proxy.conf
says otherwise.")

set(CPACK_DEBIAN_TRAY_PACKAGE_NAME sami-llm-proxy-tray)
set(CPACK_DEBIAN_TRAY_FILE_NAME DEB-DEFAULT)
# QtKeychain loads libsecret by name.
set(CPACK_DEBIAN_TRAY_PACKAGE_RECOMMENDS "ca-certificates, libsecret-1-0, qt6-wayland")
set(CPACK_DEBIAN_TRAY_DESCRIPTION "forward proxy for LLM API calls, desktop app
The proxy of the package sami-llm-proxy with a window and an icon in the
tray: live connections, why each ended, refusals, settings. It runs by
itself and needs no service.")

# The documents of each package are generated from the built program, so that both agree.
set(changelog_date "Sun, 22 Nov 2026 00:00:00 +0000")
configure_file(${debian}/changelog.in changelog.Debian @ONLY)
add_custom_command(OUTPUT changelog.Debian.gz
  COMMAND ${GZIP} -9nc changelog.Debian > changelog.Debian.gz
  DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian)
set(papers ${PROJECT_SOURCE_DIR}/packaging/papers.py)
function(sami_debian_papers component program)
  add_custom_command(OUTPUT ${program}.1.gz
    COMMAND Python3::Interpreter ${papers} man $<TARGET_FILE:${program}>
            ${debian}/${component}.roff > ${program}.1
    COMMAND ${GZIP} -9nf ${program}.1
    DEPENDS ${program} ${papers} ${debian}/${component}.roff)
  add_custom_target(${component}_papers ALL
    DEPENDS changelog.Debian.gz ${program}.1.gz)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${program}.1.gz
          DESTINATION share/man/man1 COMPONENT ${component})
  install(FILES ${debian}/copyright ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz
          DESTINATION share/doc/${program} COMPONENT ${component})
  install(FILES ${debian}/lintian-overrides-${component}
          DESTINATION share/lintian/overrides RENAME ${program} COMPONENT ${component})
endfunction()

sami_debian_papers(daemon sami-llm-proxy)
add_custom_command(OUTPUT sami-llm-proxy.conf
  COMMAND Python3::Interpreter ${papers} conf $<TARGET_FILE:sami-llm-proxy> address=127.0.0.1
          state_dir=/var/lib/sami-llm-proxy admin=unix:/run/sami-llm-proxy/admin.sock > sami-llm-proxy.conf
  DEPENDS sami-llm-proxy ${papers})
add_custom_target(daemon_settings ALL DEPENDS sami-llm-proxy.conf)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sami-llm-proxy.conf
        DESTINATION /etc PERMISSIONS OWNER_READ OWNER_WRITE COMPONENT daemon)
install(FILES ${debian}/../systemd/sami-llm-proxy.service
        DESTINATION /lib/systemd/system COMPONENT daemon)
install(FILES ${debian}/../systemd/sysusers.conf
        DESTINATION /usr/lib/sysusers.d RENAME sami-llm-proxy.conf COMPONENT daemon)

if(TARGET sami-llm-proxy-tray)
  sami_debian_papers(tray sami-llm-proxy-tray)
  # Both make the changelog, so run them in turn.
  add_dependencies(tray_papers daemon_papers)
endif()
