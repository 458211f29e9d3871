#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

#include "http/openhumans/verdict.hpp"

namespace tidemark::http::openhumans {

template <class Value>
Result<Value> failure(Outcome outcome, std::string message) {
  return Result<Value>{outcome, std::move(message), {}};
}

// What `read` makes of a successful body, or why there is none.
template <class Value>
Result<Value> result_of(const Verdict& verdict, const std::string& what,
                        Result<Value> (*read)(const boost::json::value&)) {
  if (verdict.outcome != Outcome::ok) return failure<Value>(verdict.outcome, verdict.message);
  Result<Value> result = read(verdict.json);
  if (!result.ok()) result.message = fmt::format("could not {}: {}", what, result.message);
  return result;
}

inline void tell(const ApiSettings& settings, const std::string& secret) {
  if (settings.on_secret && !secret.empty()) settings.on_secret(secret);
}

}  // namespace tidemark::http::openhumans
