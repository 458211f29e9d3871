#include "jobs/discovery/deny.hpp"

#include <string>

#include "jobs/discovery/services.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"

namespace tidemark::jobs::discovery {

namespace graph = storage::graph;

namespace {

constexpr std::uint32_t for_a_person = 10;  // jobs/README.md has them all

}  // namespace

storage::Enqueued deny_and_forget(storage::Writer& writer, const graph::User& user,
                                  std::int64_t now_ms) {
  graph::deny_user(writer, user.id, user.login, now_ms);
  if (!user.login.empty()) graph::erase_seed(writer, user.login);
  storage::Job job;
  job.kind = forget_kind;
  job.key = std::to_string(user.id);
  job.priority = for_a_person;
  return storage::enqueue_job(writer, std::move(job), now_ms);
}

std::optional<storage::Enqueued> deny_login(storage::Writer& writer, std::string_view login,
                                            std::int64_t now_ms) {
  graph::deny_login(writer, login, now_ms);
  graph::erase_seed(writer, login);
  const auto holder = graph::find_login(writer, login);
  if (!holder || holder->former) return std::nullopt;
  const auto user = graph::find_user(writer, holder->id);
  if (!user) return std::nullopt;
  return deny_and_forget(writer, *user, now_ms);
}

}  // namespace tidemark::jobs::discovery
