# The templates and assets become part of the binary.
#   include(daemon/pages/embed.cmake)             adds them to the target `daemon`
#   cmake -DOUTPUT=… -P daemon/pages/embed.cmake  writes the .cpp that holds them; ninja does this when
#                                                 one of the files has changed
if(CMAKE_SCRIPT_MODE_FILE)
  function(embed_file name)
    set(bytes "")
    foreach(path ${ARGN})
      file(READ "${path}" part)
      string(APPEND bytes "${part}")
    endforeach()
    string(SHA256 digest "${bytes}")
    string(SUBSTRING "${digest}" 0 16 version)
    string(APPEND text "    {\"${name}\", R\"embedded(${bytes})embedded\", \"${version}\"},\n")
    set(text "${text}" PARENT_SCOPE)
  endfunction()

  set(text "#include \"daemon/pages/embedded.hpp\"\n\nnamespace tidemark::daemon::pages {\n\n"
    "namespace {\n\nconstexpr EmbeddedFile files[] = {\n")
  string(JOIN "" text ${text})
  file(GLOB templates "${CMAKE_CURRENT_LIST_DIR}/*.mustache")
  foreach(path ${templates})
    get_filename_component(name "${path}" NAME)
    embed_file("${name}" "${path}")
  endforeach()
  file(GLOB styles "${CMAKE_CURRENT_LIST_DIR}/style/*.css")  # in the order of their names
  embed_file(site.css ${styles})
  embed_file(site.js "${CMAKE_CURRENT_LIST_DIR}/site.js")
  embed_file(icon.svg "${CMAKE_CURRENT_LIST_DIR}/icon.svg")
  string(APPEND text "};\n\n}  // namespace\n\n"
    "std::span<const EmbeddedFile> embedded_files() { return files; }\n\n"
    "}  // namespace tidemark::daemon::pages\n")
  file(WRITE "${OUTPUT}" "${text}")
  return()
endif()

find_path(MUSTACHE_HEADERS kainjow/mustache.hpp REQUIRED)  # Debian: libkainjow-mustache-dev
file(GLOB page_files CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/*.mustache"
  "${CMAKE_CURRENT_LIST_DIR}/*.js" "${CMAKE_CURRENT_LIST_DIR}/*.svg"
  "${CMAKE_CURRENT_LIST_DIR}/style/*.css")
set(embedded_pages "${CMAKE_BINARY_DIR}/embedded_pages.cpp")
add_custom_command(OUTPUT "${embedded_pages}"
  COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${embedded_pages}" -P "${CMAKE_CURRENT_LIST_FILE}"
  DEPENDS ${page_files} "${CMAKE_CURRENT_LIST_FILE}"
  COMMENT "Embedding the pages" VERBATIM)
target_sources(daemon PRIVATE "${embedded_pages}")
set_source_files_properties("${embedded_pages}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
