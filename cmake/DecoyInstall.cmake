# SPDX-License-Identifier: BSD-3-Clause
# What `cmake --install` gives to others: the package that find_package(Decoy) finds, with decoy::core and, as the
# component `qt`, decoy::qt; the programs; the monitor's entry in the desktop's menu.
include(CMakePackageConfigHelpers)
set(decoy_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/Decoy")

function(decoy_install_library target export_set)
    install(TARGETS ${target} EXPORT ${export_set}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT Development
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT Development)
    install(EXPORT ${export_set} NAMESPACE decoy:: DESTINATION ${decoy_package_dir} COMPONENT Development)
endfunction()

function(decoy_install)
    decoy_install_library(decoy-core DecoyCore)
    if(TARGET decoy-qt)
        decoy_install_library(decoy-qt DecoyQt)
    endif()

    set(package_dir "${CMAKE_BINARY_DIR}/package")
    configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/DecoyConfig.cmake.in" "${package_dir}/DecoyConfig.cmake"
        INSTALL_DESTINATION ${decoy_package_dir})
    write_basic_package_version_file("${package_dir}/DecoyConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
    install(FILES "${package_dir}/DecoyConfig.cmake" "${package_dir}/DecoyConfigVersion.cmake"
        DESTINATION ${decoy_package_dir} COMPONENT Development)

    foreach(program IN ITEMS decoy decoy-monitor)
        if(TARGET ${program})
            install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
        endif()
    endforeach()
    if(TARGET decoy-monitor)
        set(resources "${PROJECT_SOURCE_DIR}/resources")
        install(FILES "${resources}/decoy-monitor.desktop" DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
        install(FILES "${resources}/decoy-monitor.metainfo.xml" DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
        install(FILES "${resources}/icons/decoy.svg" RENAME decoy-monitor.svg
            DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
    endif()
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/LICENSES" DESTINATION ${CMAKE_INSTALL_DOCDIR})
endfunction()
