#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/github/oauth.hpp"
#include "http/json_tree.hpp"
#include "http/message.hpp"
#include "http/url.hpp"

namespace tidemark::http::github {

// Fields of an answer, whether it came as JSON or as a form: GitHub gives what was asked for, and a
// form by default.
class OAuthFields {
 public:
  OAuthFields() = default;
  explicit OAuthFields(JsonTree json) : json_(std::move(json)) {}
  explicit OAuthFields(Form form) : form_(std::move(form)) {}

  [[nodiscard]] bool has(std::string_view name) const;
  // nullopt when it is not there or no text.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  // nullopt when it is not there or no whole number, also written as a text.
  [[nodiscard]] std::optional<std::uint64_t> number(std::string_view name) const;

 private:
  JsonTree json_;
  Form form_;
};

// With outcome `ok` the fields may still be absurd: that is for the readers.
struct OAuthVerdict {
  OAuthOutcome outcome = OAuthOutcome::ok;
  std::string words;  // GitHub's, or what was absurd; as long as they came
  OAuthFields fields;
};

// `of_invalid_grant` is what that word means for the one who asked: a bad code, a bad refresh
// token.
[[nodiscard]] OAuthVerdict judge_oauth(const Response& response, OAuthOutcome of_invalid_grant);
// Of DELETE /applications/…: 404 and 422 say that the token was none of ours any more.
[[nodiscard]] OAuthVerdict judge_revocation(const Response& response);

// An absurd answer is `transient` and says what was absurd.
[[nodiscard]] OAuthResult<OAuthGrant> read_oauth_grant(const OAuthFields& fields);
[[nodiscard]] OAuthResult<DeviceCode> read_device_code(const OAuthFields& fields);

}  // namespace tidemark::http::github
