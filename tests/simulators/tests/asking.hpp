#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>

#include "http/url.hpp"
#include "tests/simulators/github.hpp"
#include "tests/simulators/openhumans.hpp"

namespace tidemark::simulators {

// Asks a simulated GitHub as one account does, at a time that the test moves.
struct AskingGithub {
  explicit AskingGithub(GithubSettings settings = {});

  http::Response ask(std::string target, http::Headers more = {});
  http::Response post_query(const std::string& query, boost::json::object variables = {});
  // The answer's JSON.
  boost::json::value query(const std::string& text, boost::json::object variables = {});
  // The answer's first error: its message.
  std::string error_of(const std::string& text, boost::json::object variables = {});
  // As a browser does, signed in as the login of the cookie; a form makes it a POST.
  http::Response visit(std::string target, const http::Form& posted = {},
                       const std::string& login = "alice");

  World world;
  GithubSimulator github;
  std::int64_t now_ms = 1'767'571'200'000;  // 2026-01-05T00:00:00Z
  std::string token;
  Outcome last;
  [[nodiscard]] std::string owner() const;
};

struct AskingOpenHumans {
  explicit AskingOpenHumans(OpenHumansSettings settings = {});

  http::Response get(std::string target);
  http::Response post(std::string target, const boost::json::object& body);
  http::Response post_form(std::string target, const http::Form& form, bool with_client = true);
  http::Response put(const std::string& url, std::string bytes, http::Headers more = {});
  http::Response visit(std::string target, const http::Form& posted = {},
                       const std::string& id = "01234567");
  // All three steps; the id.
  std::uint64_t upload(const std::string& name, const std::string& bytes);

  OpenHumansSimulator openhumans;
  std::int64_t now_ms = 1'767'571'200'000;
  std::string access, refresh;
  OpenHumansMember* member;
};

[[nodiscard]] boost::json::value parsed(const http::Response& response);
[[nodiscard]] std::string text_at(const boost::json::value& value, std::string_view pointer);
[[nodiscard]] std::int64_t number_at(const boost::json::value& value, std::string_view pointer);
// Where a redirect leads; empty: nowhere.
[[nodiscard]] std::string location_of(const http::Response& response);
// A field of an address's query; "(none)" without one.
[[nodiscard]] std::string query_field(const std::string& url, std::string_view name);
// Path and query of an absolute address.
[[nodiscard]] std::string target_of(const std::string& url);
[[nodiscard]] Commit commit_at(const std::string& sha, const std::string& authored,
                               const std::string& committed);

}  // namespace tidemark::simulators
