#include "http/github/answer.hpp"

namespace tidemark::http::github {

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok: return "ok";
    case Outcome::not_modified: return "not modified";
    case Outcome::accepted: return "accepted";
    case Outcome::empty: return "empty";
    case Outcome::primary_limit: return "primary limit";
    case Outcome::secondary_limit: return "secondary limit";
    case Outcome::bad_credentials: return "bad credentials";
    case Outcome::forbidden: return "forbidden";
    case Outcome::not_found: return "not found";
    case Outcome::gone: return "gone";
    case Outcome::invalid: return "invalid";
    case Outcome::too_heavy: return "too heavy";
    case Outcome::server_error: return "server error";
  }
  return "unknown outcome";
}

}  // namespace tidemark::http::github
