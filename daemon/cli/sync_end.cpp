#include "daemon/cli/sync_end.hpp"

#include <fmt/format.h>

#include "daemon/cli/table.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

SyncEnd sync_end(const json::object& job, const json::object& member) {
  const auto id = text_of(member, "id");
  if (text_of(member, "state") != "active") {
    return {ExitCode::refused,
            fmt::format("member {} must sign in again: {}; give new tokens with: tidemark members "
                        "add {}",
                        id, text_of(member, "state_reason"), id)};
  }
  if (text_of(job, "state") == "dead") {
    return {ExitCode::failure,
            fmt::format("the sync of member {} is dead: {}; try again with: tidemark jobs requeue "
                        "{}",
                        id, text_of(job, "last_error"), text_of(job, "id"))};
  }
  const auto weeks = object_of(member, "weeks");
  auto text = fmt::format("member {} is in sync: {} weeks uploaded, {} commits", id,
                          number_of(weeks, "uploaded"), number_of(member, "commits"));
  if (const auto partial = number_of(weeks, "partial"); partial > 0) {
    text += fmt::format("; {} partial: tidemark weeks {} --state partial",
                        partial == 1 ? "1 week is" : fmt::format("{} weeks are", partial), id);
  }
  return {ExitCode::ok, std::move(text)};
}

}  // namespace tidemark::daemon
