#include "tests/daemon/mortal_room.hpp"

#include <boost/test/unit_test.hpp>

#include "storage/sign_ins.hpp"
#include "tests/jobs/mortal_engine.hpp"
#include "tests/simulators/serve.hpp"

namespace tidemark::test {

namespace {

const std::vector<std::string> browser_hosts{"tidemark.test", "openhumans.test", "github.test"};

// It is lived through hundreds of times.
constexpr std::size_t commits = 6;

// What the person's browser asks, not the daemon.
bool of_browser(const std::string& target) {
  return target.starts_with("/direct-sharing/projects/oauth2/authorize/") ||
         target.starts_with("/login/oauth/authorize");
}

bool brings_tokens(const std::string& target) {
  return target.starts_with("/oauth2/token/") || target.starts_with("/login/oauth/access_token");
}

}  // namespace

class MortalRoom::MortalEngine final : public storage::Engine {
 public:
  MortalEngine(std::unique_ptr<storage::Engine> inner, MortalRoom& room)
      : inner_(std::move(inner)), room_(room) {}

  void read(const std::function<void(const storage::Reader&)>& body) override {
    inner_->read(body);
  }
  void write(const std::function<void(storage::Writer&)>& body) override {
    if (room_.dead_ || room_.dies_here("before a commit")) throw Died();
    inner_->write(body);
    room_.unstored_ = false;
    if (room_.dies_here("after a commit")) throw Died();
  }
  void sync() override { inner_->sync(); }
  [[nodiscard]] Statistics statistics() const override { return inner_->statistics(); }

 private:
  std::unique_ptr<storage::Engine> inner_;
  MortalRoom& room_;
};

MortalRoom::MortalRoom(bool github_app) : room({}, commits) {
  room.world.github.credentials().github_app = github_app;
  room.settings.github_scopes = !github_app;
  room.world.engine = std::make_unique<MortalEngine>(std::move(room.world.engine), *this);
  const auto serve = [this](const std::string& host, const http::Handler& handler) {
    auto mortal = [this, handler](http::Request request, http::Peer peer) {
      return answer(handler, std::move(request), std::move(peer));
    };
    room.world.simulation.serve(host, mortal);
  };
  async::Clock& clock = room.world.simulation.clock();
  for (const auto* host : {"api.github.test", "github.test"}) {
    serve(host, simulators::serve(room.world.github, clock));
  }
  for (const auto* host : {"openhumans.test", "openhumans-data.s3.amazonaws.test"}) {
    serve(host, simulators::serve(room.world.openhumans, clock));
  }
}

bool MortalRoom::dies_here(std::string where) {
  if (!armed_ || dead_) return false;
  ++instants_;
  if (instants_ != die_at_) return false;
  where_ = std::move(where);
  dead_ = true;
  return true;
}

async::Task<http::Reply> MortalRoom::answer(const http::Handler& handler, http::Request request,
                                            http::Peer peer) {
  const std::string target = request.target;
  const std::string what = request.method + " " + target;
  http::Reply nobody;
  nobody.response.status = 503;  // for a process that is not there any more
  if (of_browser(target)) co_return co_await handler(std::move(request), std::move(peer));
  if (dead_ || dies_here("before " + what)) co_return nobody;
  http::Reply reply = co_await handler(std::move(request), std::move(peer));
  if (brings_tokens(target) && reply.response.status == 200) unstored_ = true;
  if (dead_ || dies_here("after " + what)) co_return nobody;
  co_return reply;
}

void MortalRoom::live(const Body& body, bool mortal) {
  auto life_of = [&](Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    for (const auto& host : browser_hosts) browser.cookies(host) = cookies_[host];
    life.parts.mortal = mortal;
    std::exception_ptr error;
    try {
      co_await body(*this, life, browser);
    } catch (...) {
      error = std::current_exception();
    }
    for (const auto& host : browser_hosts) cookies_[host] = browser.cookies(host);
    if (error && !dead_) std::rethrow_exception(error);
  };
  try {
    room.live(life_of);
  } catch (const Died&) {
    if (!dead_) throw;
  }
}

std::uint64_t MortalRoom::tell(const Story& story) {
  std::uint64_t instants = 0;
  for (std::uint64_t at = 0; at <= instants; ++at) {
    MortalRoom mortal(story.github_app);
    const Body both = [&](MortalRoom& room, Life& life, Browser& browser) -> async::Task<void> {
      if (story.before) co_await story.before(room, life, browser);
      room.armed_ = true;
      room.die_at_ = at;
      co_await story.meanwhile(room, life, browser);
      room.armed_ = false;
    };
    mortal.live(both, at != 0);
    BOOST_TEST(mortal.dead_ == (at != 0));
    if (at == 0) instants = mortal.instants_;
    const bool lost = mortal.answer_lost();
    BOOST_TEST_CONTEXT("death at instant " << at << ", " << mortal.where_
                                           << (lost ? ", an answer is lost" : "")) {
      mortal.armed_ = false;
      mortal.die_at_ = 0;
      const bool died = std::exchange(mortal.dead_, false);
      mortal.live(story.after, false);
      mortal.dead_ = died;
      mortal.unstored_ = lost;
      story.end(mortal);
      mortal.room.world.check();
    }
  }
  return instants;
}

async::Task<void> MortalRoom::until(std::function<bool()> is_so) {
  constexpr int most = 100'000;
  for (int turn = 0; turn < most; ++turn) {
    if (dead_ || is_so()) co_return;
    co_await room.world.simulation.clock().sleep_for(std::chrono::milliseconds(20));
  }
  BOOST_TEST(false, "it never came");
}

async::Task<void> MortalRoom::run_job(Life& life, std::string kind, std::string key) {
  const std::int64_t now_ms = room.world.simulation.clock().wall_now().time_since_epoch().count();
  room.world.engine->write([&](storage::Writer& writer) {
    storage::Job job;
    job.kind = kind;
    job.key = key;
    storage::enqueue_job(writer, std::move(job), now_ms);
  });
  life.parts.runner.wake();
  co_await until([&] { return job_is_over(kind, key); });
}

bool MortalRoom::job_is_over(const std::string& kind, const std::string& key) {
  std::optional<storage::Job> job;
  room.world.engine->read(
      [&](const storage::Reader& reader) { job = storage::find_job(reader, kind, key); });
  return !job || job->state == storage::JobState::done || job->state == storage::JobState::dead;
}

std::size_t MortalRoom::half_done_sign_ins() {
  constexpr std::size_t all = 1'000;
  std::size_t count = 0;
  room.world.engine->read([&](const storage::Reader& reader) {
    for (const auto& row : storage::list_sign_ins(reader, "", all)) {
      if (row.phase == storage::SignInPhase::exchanged) ++count;
    }
  });
  return count;
}

}  // namespace tidemark::test
