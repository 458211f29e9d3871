#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/routes/query_parameters.hpp"
#include "http/router.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"

namespace tidemark::daemon {

[[nodiscard]] http::Reply json_answer(unsigned status, const boost::json::value& body);
[[nodiscard]] http::Reply not_found(std::string_view detail);
[[nodiscard]] http::Reply conflict(std::string_view detail);
[[nodiscard]] http::Reply bad_request(std::string_view detail);

// "member 12345678: not found; `tidemark members` lists them".
[[nodiscard]] http::Reply no_such_member(std::string_view id);

[[nodiscard]] http::Reply discovery_is_off();
inline constexpr std::string_view discovery_off =
    "discovery is off; set discovery.enabled = true and start the daemon again";

// For names that people gave: "-a" is no GitHub login.
[[nodiscard]] std::string not_a_login(std::string_view text);

// Instants appear twice, for people and for programs: `name` and `name`_ms; both null when 0.
void add_time(boost::json::object& into, std::string_view name, std::int64_t unix_ms);
[[nodiscard]] boost::json::value text_or_null(std::string_view text);

// A cursor is opaque to callers: they hand back what they got.
[[nodiscard]] std::string write_cursor(std::string_view position);
[[nodiscard]] std::optional<std::string> read_cursor(std::string_view cursor);

// Reads the query and collects the first thing that is wrong with it.
//
//   QueryReader query(call, jobs_query());
//   const auto limit = query.number("limit");
//   if (query.failed()) co_return query.refusal();
class QueryReader {
 public:
  // `known` outlives it. `filters` tells what else might have been asked for: it was taken out.
  QueryReader(const http::Call& call, std::span<const QueryParameter> known,
              std::string (*filters)() = nullptr);
  // As it was given, whatever it may be.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  // Within its bounds; what it is by itself, or 0, when it is not given.
  std::uint64_t number(std::string_view name);
  // One of its choices; what it is by itself, or empty, when it is not given.
  std::string choice(std::string_view name);
  std::string cursor();  // decoded; empty when absent
  void fail(std::string problem);
  [[nodiscard]] bool failed() const { return !problem_.empty(); }
  [[nodiscard]] http::Reply refusal() const { return bad_request(problem_); }

 private:
  [[nodiscard]] const QueryParameter& parameter(std::string_view name) const;

  const http::Call& call_;
  std::span<const QueryParameter> known_;
  std::string problem_;
};

// The same for a JSON object in the body. Never repeats a value: it may be a token.
class BodyReader {
 public:
  BodyReader(std::string_view body, std::initializer_list<std::string_view> known);
  // A visible ASCII text without spaces; empty when absent.
  std::string token(std::string_view name);
  std::string digits(std::string_view name, std::size_t most);
  std::optional<std::int64_t> seconds(std::string_view name);
  bool flag(std::string_view name);  // false when absent
  // 0 when absent.
  std::uint64_t number(std::string_view name, std::uint64_t least, std::uint64_t most);
  // A list of such texts, at least one.
  std::vector<std::string> tokens(std::string_view name, std::size_t most);
  void fail(std::string problem);
  [[nodiscard]] bool failed() const { return !problem_.empty(); }
  [[nodiscard]] http::Reply refusal() const { return bad_request(problem_); }

 private:
  boost::json::object object_;
  std::string problem_;
};

// How the routes show what is stored. `clean` takes secrets out of foreign words.
using Clean = std::function<std::string(std::string_view)>;
[[nodiscard]] boost::json::object job_json(const storage::Job& job, std::int64_t now_ms,
                                           const Clean& clean);
[[nodiscard]] boost::json::object member_json(const storage::Member& member,
                                              const storage::WeekCounts& weeks,
                                              const std::optional<storage::Job>& job,
                                              std::int64_t now_ms, const Clean& clean);

}  // namespace tidemark::daemon
