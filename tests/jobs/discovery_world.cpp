#include "tests/jobs/discovery_world.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>

#include "http/async/random.hpp"
#include "jobs/discovery/seeds.hpp"
#include "storage/graph/repository.hpp"
#include "tests/simulators/serve.hpp"
#include "tests/support/expect_same.hpp"

namespace tidemark::test {

namespace graph = storage::graph;

namespace {

// Answers of megabytes: packing them would be most of the work, and is tested elsewhere.
simulators::GithubSettings unpacked(simulators::GithubSettings settings) {
  settings.gzip = false;
  return settings;
}

std::string login_of(std::size_t place) { return "u" + std::to_string(place); }

async::Task<http::Reply> changed(DiscoveryWorld& world, http::Handler handler,
                                 http::Request request, http::Peer peer) {
  http::Request asked = request;
  http::Reply reply = co_await handler(std::move(request), std::move(peer));
  if (world.after_github) world.after_github(asked, reply.response);
  co_return reply;
}

}  // namespace

DiscoveryWorld::DiscoveryWorld(simulators::GithubSettings github_settings, std::uint64_t seed)
    : LivedWorld(seed), github(world, unpacked(std::move(github_settings))) {
  settings.share = jobs::QuotaShare{1.0, 0};
  async::Clock& clock = simulation.clock();
  const http::Handler handler = simulators::serve(github, clock);
  const auto answer = [this, handler](http::Request request,
                                      http::Peer peer) -> async::Task<http::Reply> {
    if (before_github) before_github(request);
    if (!after_github) return handler(std::move(request), std::move(peer));
    return changed(*this, handler, std::move(request), std::move(peer));
  };
  simulation.serve("api.github.test", answer);
  operator_account_ = &world.account("operator");
  token = github.credentials().add_token(*operator_account_).text;
}

DiscoveryWorld::~DiscoveryWorld() = default;

void DiscoveryWorld::make_people(std::size_t count, std::size_t follows, std::uint64_t seed) {
  world.set_profile_seed(seed, true);
  std::vector<std::uint32_t> places;
  for (std::size_t i = 0; i < count; ++i) {
    places.push_back(world.add_generated(login_of(i), 5'000 + 3 * i).index);
  }
  world.seal_repositories();
  async::SeededRandom random(seed);
  std::vector<simulators::Follow> all;
  for (std::size_t i = 1; i < count; ++i) {
    // Whoever came early is popular.
    all.push_back({places[i], places[random.below(1 + random.below(i))]});
  }
  while (all.size() < follows) {
    const std::size_t from = random.below(count), to = random.below(1 + random.below(count));
    if (from != to) all.push_back({places[from], places[to]});
  }
  world.graph().add(std::move(all));
}

void DiscoveryWorld::follow(const std::string& from, const std::string& to) {
  world.graph().follow(world.known(from).index, world.known(to).index);
}

void DiscoveryWorld::unfollow(const std::string& from, const std::string& to) {
  world.graph().unfollow(world.known(from).index, world.known(to).index);
}

void DiscoveryWorld::name_seed(const std::string& login, std::uint32_t depth_most) {
  const std::int64_t now_ms = simulation.clock().wall_now().time_since_epoch().count();
  engine->write([&](storage::Writer& writer) {
    jobs::discovery::SeedOptions options;
    options.depth_most = depth_most;
    (void)jobs::discovery::name_seed(writer, login, now_ms, options);
  });
}

void DiscoveryWorld::live(const std::function<async::Task<void>(Life&)>& body) {
  live_once(*this, body);
}

storage::Job DiscoveryWorld::crawl(async::Milliseconds most) {
  storage::Job job;
  live([&](Life& life) -> async::Task<void> {
    co_await life.enqueue();
    const auto until = simulation.clock().steady_now() + most;
    while (simulation.clock().steady_now() < until) {
      const auto found = co_await life.job();
      if (found) job = *found;
      const bool ended =
          job.state == storage::JobState::done || job.state == storage::JobState::dead;
      if (ended) co_return;
      co_await simulation.clock().sleep_for(std::chrono::milliseconds(100));
    }
  });
  return job;
}

DiscoveryWorld::Known DiscoveryWorld::known() {
  Known known;
  engine->read([&](const storage::Reader& reader) {
    const auto each_user = [&](const graph::User& user, const graph::UserPosition&) {
      if (user.kind == graph::UserKind::user && user.presence == graph::Presence::here) {
        known.users[user.id] = user.login;
      }
      return true;
    };
    graph::scan_users(reader, graph::UserOrder::id, std::nullopt, "", each_user);
    const auto each_edge = [&](const graph::Edge& edge) {
      known.follows.insert(edge);
      return true;
    };
    graph::scan_edges(reader, graph::EdgeKind::follows, std::nullopt, each_edge);
    const auto each_repository = [&](const graph::Repository& repository) {
      if (repository.gone_ms == 0) known.repositories.insert(repository.id);
      return true;
    };
    graph::scan_repositories(reader, std::nullopt, each_repository);
  });
  return known;
}

DiscoveryWorld::Known DiscoveryWorld::truth(const std::vector<std::string>& seeds,
                                            std::uint32_t depth_most) const {
  Known known;
  std::deque<std::pair<const simulators::Account*, std::uint32_t>> waiting;
  const auto reach = [&](const simulators::Account& account, std::uint32_t depth) {
    if (!account.visible() || !account.person()) return;
    if (known.users.try_emplace(account.database_id, account.login).second) {
      waiting.emplace_back(&account, depth);
    }
  };
  for (const std::string& seed : seeds) reach(*world.find_login(seed), 0);
  while (!waiting.empty()) {
    const auto [account, depth] = waiting.front();
    waiting.pop_front();
    if (depth > depth_most) continue;
    const auto& accounts = world.accounts();
    for (const std::uint32_t place : world.graph().following(account->index)) {
      const auto& other = accounts[place];
      reach(other, depth + 1);
      if (other.visible()) known.follows.insert({account->database_id, other.database_id});
    }
    for (const std::uint32_t place : world.graph().followers(account->index)) {
      const auto& other = accounts[place];
      reach(other, depth + 1);
      if (other.visible()) known.follows.insert({other.database_id, account->database_id});
    }
    for (const auto& repository : world.repositories_of(*account)) {
      if (!repository->is_private) known.repositories.insert(repository->database_id);
    }
  }
  return known;
}

void DiscoveryWorld::expect(const Known& truth) {
  const Known stored = known();
  std::set<std::pair<UserId, std::string>> users(stored.users.begin(), stored.users.end());
  std::set<std::pair<UserId, std::string>> there(truth.users.begin(), truth.users.end());
  expect_same(users, there, "users");
  expect_same(stored.follows, truth.follows, "edges");
  expect_same(stored.repositories, truth.repositories, "repositories");
}

graph::User DiscoveryWorld::user(const std::string& login) {
  std::optional<graph::User> found;
  engine->read([&](const storage::Reader& reader) {
    const auto holder = graph::find_login(reader, login);
    if (holder) found = graph::find_user(reader, holder->id);
  });
  BOOST_REQUIRE_MESSAGE(found, "nobody is called " << login);
  return *found;
}

std::size_t DiscoveryWorld::lists_in(graph::ListState state) {
  std::size_t count = 0;
  engine->read([&](const storage::Reader& reader) {
    const auto each = [&](const graph::User& user, const graph::UserPosition&) {
      for (const auto& list : user.lists) count += list.state == state ? 1U : 0U;
      return true;
    };
    graph::scan_users(reader, graph::UserOrder::id, std::nullopt, "", each);
  });
  return count;
}

jobs::discovery::Crawl DiscoveryWorld::cursor() {
  jobs::discovery::Crawl crawl;
  engine->read([&](const storage::Reader& reader) { crawl = jobs::discovery::load_crawl(reader); });
  return crawl;
}

const simulators::LedgerLine& DiscoveryWorld::spent(const std::string& resource) const {
  auto& judge = const_cast<simulators::GithubSimulator&>(github).ledger();
  return judge.line("user:" + std::to_string(operator_account_->database_id), resource);
}

double DiscoveryWorld::ideal_points(const Known& truth) const {
  std::map<UserId, std::size_t> followers, following;
  for (const graph::Edge& edge : truth.follows) {
    ++following[edge.from];
    ++followers[edge.to];
  }
  std::size_t pages = 0;
  for (const auto* lists : {&followers, &following}) {
    for (const auto& [id, count] : *lists) pages += count > 100 ? (count - 1) / 100 : 0;
  }
  return static_cast<double>(truth.users.size()) / 40 + static_cast<double>(pages) / 149;
}

DiscoveryWorld::Life::Life(DiscoveryWorld& owner)
    : LivedParts(owner,
                 [](const storage::Job&, const std::string& what) { BOOST_TEST_MESSAGE(what); }),
      world(owner) {}

async::Task<void> DiscoveryWorld::Life::begin() {
  jobs::discovery::DiscoveryServices services{.store = store,
                                              .clock = world.simulation.clock(),
                                              .random = world.simulation.random(),
                                              .github = github,
                                              .ledger = ledger,
                                              .token = [this] { return world.token; },
                                              .settings = world.settings};
  runner.add(jobs::discovery::make_discovery_job(std::move(services)));
  co_await begin_runner();
}

async::Task<void> DiscoveryWorld::Life::end() {
  const std::exception_ptr error = co_await stop_runner();
  co_await join();
  if (error) std::rethrow_exception(error);
}

async::Task<void> DiscoveryWorld::Life::enqueue() {
  const std::int64_t now_ms = world.simulation.clock().wall_now().time_since_epoch().count();
  auto put = [&](storage::Writer& writer) { (void)jobs::discovery::start_crawl(writer, now_ms); };
  co_await store.write(storage::Durability::soon, std::move(put));
  runner.wake();
}

async::Task<std::optional<storage::Job>> DiscoveryWorld::Life::job() {
  auto find = [](const storage::Reader& reader) {
    return storage::find_job(reader, jobs::discovery::discovery_kind, jobs::discovery::job_key);
  };
  co_return co_await store.read(std::move(find));
}

}  // namespace tidemark::test
