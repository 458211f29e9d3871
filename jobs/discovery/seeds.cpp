#include "jobs/discovery/seeds.hpp"

#include "jobs/discovery/services.hpp"
#include "jobs/quota_wait.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"

namespace tidemark::jobs::discovery {

namespace graph = storage::graph;

namespace {

constexpr std::uint32_t for_a_person = 10;  // jobs/README.md has them all
}  // namespace

void end_wait(storage::Writer& writer, std::int64_t now_ms) {
  const auto crawl = storage::find_job(writer, discovery_kind, job_key);
  if (!crawl || crawl->state != storage::JobState::waiting) return;
  if (!is_quota_wait(crawl->wait_reason)) storage::requeue_job(writer, crawl->id, now_ms);
}

storage::Enqueued start_crawl(storage::Writer& writer, std::int64_t now_ms) {
  end_wait(writer, now_ms);
  storage::Job job;
  job.kind = discovery_kind;
  job.key = job_key;
  job.priority = for_a_person;
  return storage::enqueue_job(writer, std::move(job), now_ms);
}

NamedSeeds name_seeds(storage::Writer& writer, std::span<const std::string> logins,
                      const SeedOptions& options, std::int64_t now_ms) {
  NamedSeeds result;
  const auto denied = graph::DenyList::load(writer);
  for (const std::string& login : logins) {
    const auto known = graph::find_seed(writer, login);
    if (denied.denies(0, login)) {
      result.denied.push_back(login);
    } else if (known && !options.again) {
      result.known.push_back(login);
    } else {
      graph::Seed seed;
      seed.login = login;
      seed.asked_ms = now_ms;
      seed.depth_most = options.depth_most;
      graph::put_seed(writer, seed);
      result.named.push_back(login);
    }
  }
  if (!result.named.empty()) result.crawl = start_crawl(writer, now_ms);
  return result;
}

NamedSeeds name_seed(storage::Writer& writer, std::string_view login, std::int64_t now_ms,
                     const SeedOptions& options) {
  const std::string one(login);
  return name_seeds(writer, std::span(&one, 1), options, now_ms);
}

}  // namespace tidemark::jobs::discovery
