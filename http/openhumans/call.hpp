#pragma once

#include <optional>
#include <string>

#include "http/openhumans/verdict.hpp"
#include "http/url.hpp"

namespace tidemark::http::openhumans {

// One request to Open Humans' own server.
struct Call {
  std::string what;  // for messages: "register the upload"
  std::string method = "GET";
  std::string address;        // absolute
  std::string authorization;  // the header's value
  Form form;                  // of a POST
  unsigned success = 200;
  bool idempotent = true;
  bool has_answer = true;  // false: success is the status alone
};
// Sends it and judges the answer. No redirects: every address is written with its last slash, and a
// POST that is redirected would arrive as a GET.
async::Task<Verdict> call(Client& client, async::Deadline deadline, Call call);

// A request whose answer is not JSON.
struct Attempt {
  std::optional<Exchanged> exchanged;  // empty: no answer
  Outcome outcome = Outcome::transient;
  std::string message;
};
async::Task<Attempt> attempt(Client& client, std::string what, Url url, Request request,
                             ExchangeOptions options);

// "could not <what>: <words> (HTTP 400 of https://host/path)". No query: that is where keys are.
[[nodiscard]] std::string describe(const std::string& what, const std::string& words,
                                   unsigned status, const Url& url);

}  // namespace tidemark::http::openhumans
