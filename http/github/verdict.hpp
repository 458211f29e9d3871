#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/github/answer.hpp"

namespace tidemark::http::github {

// An answer half read: what REST and GraphQL have in common.
struct Opened {
  Answer answer;           // rate, status, body parsed where it is JSON; outcome still open
  bool has_body = false;   // there were bytes, JSON or not
  std::string json_error;  // why the body is not JSON; empty when it is, or when there is no body
  std::string words;       // what the body says in error: its `message`, or the start of its text
};
[[nodiscard]] Opened open_answer(Exchanged exchanged);

// `remark` is ours, for where GitHub's words do not say what is wrong or what helps.
struct Verdict {
  Outcome outcome = Outcome::ok;
  std::string remark;
};

// What a status other than 2xx means, the same for both.
[[nodiscard]] Verdict judge_failure(const Opened& opened);

// Limits as words: the secondary one is known by nothing else when a proxy ate the headers.
[[nodiscard]] bool says_secondary_limit(std::string_view words);
[[nodiscard]] bool says_primary_limit(std::string_view words);

// Sets outcome and message, and ends the reading.
[[nodiscard]] Answer conclude(Opened opened, Verdict verdict);

}  // namespace tidemark::http::github
