#include "tests/jobs/sync_world.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <ctime>

#include "storage/migrations.hpp"
#include "storage/secrets.hpp"
#include "tests/jobs/sync_life.hpp"
#include "tests/simulators/serve.hpp"

namespace tidemark::test {
namespace {

namespace json = boost::json;

storage::Sealer make_sealer() {
  storage::KeyRing ring;
  ring.add(1, std::string(32, 'k'));
  return storage::Sealer(ring);
}

}  // namespace

std::string libc_week(std::int64_t unix_s) {
  const std::time_t time = unix_s;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%G-W%V", &parts);
  return text;
}

SyncWorld::SyncWorld(simulators::GithubSettings github_settings, std::uint64_t seed)
    : LivedWorld(seed),
      github(world, std::move(github_settings)),
      openhumans(simulators::OpenHumansSettings{}),
      sealer(make_sealer()) {
  const auto serve = [this](const std::string& host, const http::Handler& handler,
                            Hook SyncWorld::* before, Hook SyncWorld::* after) {
    auto answer = [this, handler, before, after](http::Request request, http::Peer peer) {
      return reply(handler, before, after, std::move(request), std::move(peer));
    };
    simulation.serve(host, answer);
  };
  async::Clock& clock = simulation.clock();
  for (const auto* host : {"api.github.test", "github.test"}) {
    serve(host, simulators::serve(github, clock), &SyncWorld::before_github, nullptr);
  }
  for (const auto* host : {"openhumans.test", "openhumans-data.s3.amazonaws.test"}) {
    serve(host, simulators::serve(openhumans, clock), nullptr, &SyncWorld::after_openhumans);
  }
}

async::Task<http::Reply> SyncWorld::reply(const http::Handler& handler, Hook SyncWorld::* before,
                                          Hook SyncWorld::* after, http::Request request,
                                          http::Peer peer) {
  const http::Request asked = request;
  if (before != nullptr && this->*before) (this->*before)(asked);
  http::Reply reply = co_await handler(std::move(request), std::move(peer));
  if (after != nullptr && this->*after) (this->*after)(asked);
  co_return reply;
}

SyncWorld::~SyncWorld() = default;

void SyncWorld::add_member(const std::string& id, const std::string& login) {
  const auto now = simulation.clock().wall_now();
  const simulators::GithubToken& github_token =
      github.credentials().add_token(world.account(login));
  const simulators::OpenHumansPair& pair = openhumans.add_pair(openhumans.add_member(id, now), now);
  engine->write([&](storage::Writer& writer) {
    storage::Member member;
    member.id = id;
    member.added_ms = now.time_since_epoch().count();
    storage::put_member(writer, member);
    storage::put_token(writer, sealer, id, "github", {github_token.text, "", 0, ""});
    storage::put_token(writer, sealer, id, "openhumans",
                       {pair.access, pair.refresh, pair.expires_ms, ""});
  });
}

void SyncWorld::live(const std::function<async::Task<void>(Life&)>& body) {
  live_once(*this, body);
}

storage::Job SyncWorld::sync(const std::string& member) {
  storage::Job job;
  live([&](Life& life) -> async::Task<void> { job = co_await life.sync(member); });
  return job;
}

void SyncWorld::lose_store(const std::string& id) {
  std::optional<storage::Token> github_token, openhumans_token;
  engine->read([&](const storage::Reader& reader) {
    github_token = storage::find_token(reader, sealer, id, "github");
    openhumans_token = storage::find_token(reader, sealer, id, "openhumans");
  });
  engine = storage::open_rocks_in_memory();
  (void)storage::migrate(*engine, storage::migrations(), "memory");
  engine->write([&](storage::Writer& writer) {
    storage::Member member;
    member.id = id;
    storage::put_member(writer, member);
    storage::put_token(writer, sealer, id, "github", *github_token);
    storage::put_token(writer, sealer, id, "openhumans", *openhumans_token);
  });
}

SyncWorld::Seen SyncWorld::seen(const std::string& member) const {
  Seen seen;
  for (const simulators::StoredFile* file : openhumans.files(member)) {
    if (file->basename == "github-profile.json") continue;
    const json::value root = json::parse(file->content);
    for (const json::value& week : root.at("weeks").as_array()) {
      const std::string name(week.at("week").as_string());
      ++seen.weeks[name];
      if (!week.at("complete").as_bool()) {
        seen.incomplete[name] = std::string(week.at("reason").as_string());
      }
      for (const json::value& commit : week.at("commits").as_array()) {
        const auto [place, fresh] = seen.commits.try_emplace(
            std::string(commit.at("sha").as_string()),
            SeenCommit{name, commit.at("additions").as_int64(), commit.at("deletions").as_int64()});
        BOOST_TEST(fresh, "twice: " << place->first);
      }
      seen.issues += week.at("issues").as_array().size();
      seen.pull_requests += week.at("pull_requests").as_array().size();
      seen.reviews += week.at("reviews").as_array().size();
      seen.repositories += week.at("repositories").as_array().size();
      seen.days += week.at("days").as_object().size();
    }
  }
  return seen;
}

std::map<std::string, SyncWorld::SeenCommit> SyncWorld::expected(
    const std::string& login, const std::string& before_week) const {
  std::map<std::string, SeenCommit> commits;
  for (const simulators::Repository& repository : world.repositories()) {
    for (const simulators::Commit& commit : repository.commits) {
      if (commit.author == nullptr || commit.author->login != login) continue;
      const std::string week = libc_week(commit.committed_s);
      if (week >= before_week && week.substr(0, 4) == before_week.substr(0, 4)) continue;
      commits[commit.sha] = SeenCommit{week, commit.additions, commit.deletions};
    }
  }
  return commits;
}

std::map<std::string, std::string> SyncWorld::file_bytes(const std::string& member) const {
  std::map<std::string, std::string> bytes;
  for (const simulators::StoredFile* file : openhumans.files(member)) {
    BOOST_TEST(!bytes.contains(file->basename), "two files named " << file->basename);
    bytes[file->basename] = file->content;
  }
  return bytes;
}

storage::Member SyncWorld::member(const std::string& id) {
  std::optional<storage::Member> found;
  engine->read([&](const storage::Reader& reader) { found = storage::find_member(reader, id); });
  return found.value();
}

std::string SyncWorld::this_week() const {
  auto& clock = const_cast<Simulation&>(simulation).clock();
  return libc_week(clock.wall_now().time_since_epoch().count() / 1'000);
}

}  // namespace tidemark::test
