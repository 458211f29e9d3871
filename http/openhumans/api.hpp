#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "http/client.hpp"

namespace tidemark::http::openhumans {

enum class Outcome {
  ok,
  expired_token,   // refresh, then again
  invalid_token,   // refresh once, then the member must sign in again
  invalid_grant,   // of a refresh or code exchange: the member must sign in again
  invalid_client,  // our client id or secret is wrong: stop for all members
  rejected,        // another 4xx: our mistake; `message` has the body
  not_present,     // complete before the bytes were there: PUT again
  forbidden,       // 403 of a download or PUT: the address is too old
  transient,       // 5xx, HTML where JSON belongs, no answer: later
};
[[nodiscard]] std::string_view name_of(Outcome outcome);

template <class Value>
struct Result {
  Outcome outcome = Outcome::ok;
  std::string message;  // what and where, without tokens
  Value value{};
  [[nodiscard]] bool ok() const { return outcome == Outcome::ok; }
};
struct Nothing {};

struct ListedFile {
  std::uint64_t id = 0;
  std::string basename;
  std::string download_url;
  std::string source;
  std::string description, md5;  // of its metadata; empty when not there
  std::vector<std::string> tags;
};
struct MemberListing {
  std::string project_member_id;
  std::vector<ListedFile> files;  // of all pages, all sources
};
struct Registered {
  std::uint64_t id = 0;
  std::string put_url;  // valid 6 hours
};
struct Grant {
  std::string access, refresh, scope;
  std::int64_t expires_in_s = 0;  // 0: not said
};

struct ApiSettings {
  std::string url = "https://www.openhumans.org";
  std::string client_id, client_secret;
  async::Milliseconds request_ms{60'000};
  // Told each token before it is sent, and those that a refresh brings: so that they can be kept
  // out of logs, should an answer repeat them.
  std::function<void(const std::string& secret)> on_secret = {};
};

// Open Humans' direct-sharing API, one member's token at a time (always in the header). Outages are
// values (`transient`), so that every call site decides.
class Api {
 public:
  Api(Client& client, async::Clock& clock, ApiSettings settings);

  async::Task<Result<std::string>> project_id(
      std::string token);                                        // of `source`: "direct-sharing-7"
  async::Task<Result<MemberListing>> member(std::string token);  // follows every page
  // `metadata` is the JSON text of an object with description, tags, md5.
  async::Task<Result<Registered>> register_upload(std::string token, std::string filename,
                                                  std::string metadata);
  // To a presigned address: no token, no Content-Type. The value is the ETag without quotes.
  async::Task<Result<std::string>> put(std::string put_url, std::string bytes);
  async::Task<Result<std::uint64_t>> complete_upload(std::string token,
                                                     std::uint64_t file_id);  // size
  async::Task<Result<Nothing>> delete_file(std::string token, std::uint64_t file_id);
  async::Task<Result<std::string>> download(std::string download_url);
  async::Task<Result<Grant>> refresh(std::string refresh_token);

  [[nodiscard]] bool configured() const { return !settings_.client_id.empty(); }
  // Where the browser goes to ask the person. No scope: Open Humans gives all seven.
  [[nodiscard]] std::string authorize_url(std::string_view state, std::string_view code_challenge,
                                          std::string_view redirect_uri) const;
  // A code is good once: `invalid_grant` means that it is not (any more), or that the verifier is
  // another's. Never sent twice by itself.
  async::Task<Result<Grant>> exchange(std::string code, std::string verifier,
                                      std::string redirect_uri);
  // Ends the pair that the token belongs to. An unknown one is `ok` as well.
  async::Task<Result<Nothing>> revoke(std::string token);

 private:
  Client& client_;
  async::Clock& clock_;
  ApiSettings settings_;
};

}  // namespace tidemark::http::openhumans
