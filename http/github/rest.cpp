#include <fmt/format.h>

#include "http/github/verdict.hpp"
#include "http/json_document.hpp"

namespace tidemark::http::github {
namespace {

Verdict judge(const Opened& opened) {
  const unsigned status = opened.answer.status;
  // 202 comes with an empty object, 204 with nothing: neither is data.
  if (status == 202) return {Outcome::accepted, {}};
  if (status == 204) return {Outcome::empty, {}};
  if (status < 200 || status > 299) return judge_failure(opened);

  const boost::json::value& json = opened.answer.json;
  if (!opened.json_error.empty()) return {Outcome::server_error, opened.json_error};
  if (json.is_object() || json.is_array()) return {Outcome::ok, {}};
  if (!opened.has_body) {
    return {Outcome::server_error, "success without the body that belongs to it"};
  }
  return {Outcome::server_error,
          fmt::format("the body is {}, not an object or an array", kind_of(json))};
}

}  // namespace

Answer classify_rest(Exchanged exchanged) {
  Opened opened = open_answer(std::move(exchanged));
  Verdict verdict = judge(opened);
  return conclude(std::move(opened), std::move(verdict));
}

}  // namespace tidemark::http::github
