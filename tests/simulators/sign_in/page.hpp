#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "http/url.hpp"

namespace tidemark::simulators {

// Plain pages for people: forms and links, no script.
[[nodiscard]] std::string escape_html(std::string_view text);
// A page of `site` ("GitHub (simulated)"); `body` is HTML.
[[nodiscard]] http::Response site_page(unsigned status, std::string_view site,
                                       std::string_view heading, std::string_view body);
// <input type="hidden"> for each field.
[[nodiscard]] std::string hidden_fields(const http::Form& fields);

[[nodiscard]] http::Response redirect(std::string location);
// Adds the fields to the query of an address, spaces as "+" like both upstreams do.
[[nodiscard]] std::string with_query(std::string address, const http::Form& fields);

[[nodiscard]] std::optional<std::string> cookie_of(const http::Request& request,
                                                   std::string_view name);
void set_cookie(http::Response& response, std::string_view name, std::string_view value);
// The fields of a form posted; empty for anything else.
[[nodiscard]] http::Form posted_fields(const http::Request& request);
// The first value of that name, or "".
[[nodiscard]] std::string field_of(const http::Form& fields, std::string_view name);

}  // namespace tidemark::simulators
