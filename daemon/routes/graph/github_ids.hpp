#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace tidemark::daemon::graph {

// The replaced system named its rows by random UUIDs. Ours are made of GitHub's numbers, so that no
// row has to remember one: version 8 (RFC 9562), the table, and the number.
enum class GithubTable : std::uint8_t { developers = 1, repositories = 2 };

[[nodiscard]] std::string uuid_of(GithubTable table, std::uint64_t number);
[[nodiscard]] std::optional<std::uint64_t> number_of(GithubTable table, std::string_view uuid);

// "http://localhost:7410", as the asker calls us.
[[nodiscard]] std::string origin_of(const http::Request& request);
// "http://localhost:7410/github/developers/…/"
[[nodiscard]] std::string url_of(std::string_view origin, GithubTable table, std::uint64_t number);

}  // namespace tidemark::daemon::graph
