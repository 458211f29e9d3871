#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/engine.hpp"

namespace tidemark::storage::graph {

// What GitHub called its last answer of an address of its REST API, byte for byte: asked again with
// a token, "not changed" is free. The address as it was asked, with or without the server.
//
// Rows of an address that names an account (/user/10308/…, /users/octocat/…) stand by that account,
// so that they are erased with it.
[[nodiscard]] std::optional<std::string> find_etag(const Reader& reader, std::string_view address);
void put_etag(Writer& writer, std::string_view address, std::string_view etag);
void erase_etag(Writer& writer, std::string_view address);

}  // namespace tidemark::storage::graph
