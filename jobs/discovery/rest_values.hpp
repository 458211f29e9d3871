#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "http/github/answer.hpp"
#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// REST's answers as values, and the addresses that they are asked for at.

// By number: a login may have gone to somebody else since.
[[nodiscard]] std::string account_target(UserId id);
[[nodiscard]] std::string login_target(std::string_view login);
[[nodiscard]] std::string list_target(UserId id, List list);  // the first page

// `GET /user/{id}`; nullopt: it makes no sense.
[[nodiscard]] std::optional<AccountNews> read_rest_account(const boost::json::value& body);
// A page of a list; an answer that is no list is `refused`.
[[nodiscard]] ListPage read_rest_page(const http::github::Answer& answer, List list,
                                      std::string_view asked);

// How long an account's lists are, as REST counts them.
struct RestCounts {
  std::uint64_t followers = 0, following = 0, public_repos = 0;
  friend bool operator==(const RestCounts&, const RestCounts&) = default;
};
[[nodiscard]] RestCounts counts_of(const storage::graph::Profile& profile);
[[nodiscard]] std::uint64_t count_of(const RestCounts& counts, List list);

// What is kept of an account's answer: GitHub's ETag, and the counts that it stands for, since
// "not changed" comes without them.
struct Validator {
  std::string etag;
  RestCounts counts;
};
[[nodiscard]] std::string encode_validator(const Validator& validator);
[[nodiscard]] std::optional<Validator> decode_validator(std::string_view text);

}  // namespace tidemark::jobs::discovery
