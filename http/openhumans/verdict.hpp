#pragma once

#include <string>
#include <string_view>

#include "http/json_tree.hpp"
#include "http/message.hpp"
#include "http/openhumans/api.hpp"

namespace tidemark::http::openhumans {

// One answer, judged by status and body. With outcome `ok`, `json` is an object or an array.
struct Verdict {
  Outcome outcome = Outcome::ok;
  std::string message;  // Open Humans' words, or what was absurd; without where
  JsonTree json;
};

// Of the API and of the token endpoint. Only `success` is success: Open Humans gives 201 for an
// upload begun and 200 for all the rest, and a proxy's 200 is neither.
[[nodiscard]] Verdict judge_api(const Response& response, unsigned success);
// The same where success has no body that means anything: a revocation.
[[nodiscard]] Verdict judge_bodiless(const Response& response, unsigned success);

// Of a presigned address and of a download link: no JSON, and 403 means that it is too old.
[[nodiscard]] Verdict judge_put(const Response& response);
// `by_open_humans`: no redirect was followed, so that a page can only be an error page.
[[nodiscard]] Verdict judge_download(const Response& response, bool by_open_humans);

// What an error body says, whichever of the five JSON shapes it has: "field: text; field: text".
[[nodiscard]] std::string error_words(const boost::json::value& body);

}  // namespace tidemark::http::openhumans
