#pragma once

#include <string>
#include <string_view>

namespace tidemark::http {

// "Basic …" of a client id and secret, both form-encoded first as RFC 6749 (2.3.1) has it.
[[nodiscard]] std::string basic_authorization(std::string_view id, std::string_view secret);

}  // namespace tidemark::http
