#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace tidemark::simulators {

[[nodiscard]] std::string gzip(std::string_view bytes);
// Compresses the answer when the asker takes gzip and it is worth it.
void gzip_if_asked(const http::Request& request, http::Response& response);

}  // namespace tidemark::simulators
