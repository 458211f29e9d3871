#include <charconv>
#include <functional>

#include "jobs/discovery/crawl.hpp"
#include "jobs/discovery/graph_jobs.hpp"
#include "jobs/discovery/settle.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "storage/cursors.hpp"
#include "storage/graph/edges.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"
#include "storage/graph/names.hpp"
#include "storage/graph/repository.hpp"
#include "storage/purge.hpp"

namespace tidemark::jobs::discovery {

namespace graph = storage::graph;
using graph::ListReading;
using graph::ListState;
using graph::Presence;
using graph::User;
using storage::Durability;

namespace {

constexpr std::size_t looked_at_once = 5'000;
constexpr std::size_t erased_at_once = 2'000;

// One pass over the graph, in transactions that look at some thousand rows. A pass that is broken
// off begins anew: what it erased is gone.
class GraphTidyRun {
 public:
  GraphTidyRun(DiscoveryServices& services, Run& run) : services_(services), run_(run) {}

  async::Task<RunResult> go() {
    using Piece = bool (GraphTidyRun::*)(storage::Writer&);
    co_await in_pieces(&GraphTidyRun::tidy_readings);
    if (services_.settings.retention_ms > 0) {
      before_ms_ = now_ms() - services_.settings.retention_ms;
      for (const Piece piece : {&GraphTidyRun::tidy_edges, &GraphTidyRun::tidy_names,
                                &GraphTidyRun::tidy_repositories, &GraphTidyRun::tidy_users}) {
        co_await in_pieces(piece);
      }
    }
    if (run_.stopping()) co_return Suspended{now_ms(), "tidemark is stopping"};
    auto end = [&](storage::Writer& writer) { take_off_disk(writer); };
    co_await run_.commit(Durability::soon, std::move(end));
    co_return Done{};
  }

 private:
  [[nodiscard]] std::int64_t now_ms() const {
    return services_.clock.wall_now().time_since_epoch().count();
  }

  // `piece` is true at the end.
  async::Task<void> in_pieces(bool (GraphTidyRun::*piece)(storage::Writer&)) {
    bool over = false;
    while (!over && !run_.stopping()) {
      auto tidy = [&](storage::Writer& writer) { return (this->*piece)(writer); };
      over = co_await run_.commit(Durability::soon, std::move(tidy));
    }
  }

  // Nobody goes on with them: the account is not to be found, or its list does not wait for pages.
  bool tidy_readings(storage::Writer& writer) {
    const auto readings = graph::list_readings(writer, reading_, looked_at_once);
    for (const ListReading& reading : readings) {
      reading_ = {reading.user, reading.list};
      const auto user = graph::find_user(writer, reading.user);
      const bool waits = user && user->presence == Presence::here &&
                         user->list(reading.list).state == ListState::reading;
      const bool failing = user && reading.started_ms == 0;  // its first page has not come yet
      if (!waits && !failing) erase_traces(writer, reading.user, reading.list);
    }
    return readings.size() < looked_at_once;
  }

  bool tidy_edges(storage::Writer& writer) {
    edge_ = graph::erase_ended_edges(writer, before_ms_, edge_, looked_at_once);
    return !edge_;
  }

  bool tidy_names(storage::Writer& writer) {
    const auto at = graph::erase_former_names(writer, before_ms_, name_, looked_at_once);
    name_ = at.value_or("");
    return !at;
  }

  bool tidy_repositories(storage::Writer& writer) {
    std::vector<graph::Repository> old;
    std::size_t looked = 0;
    const auto each = [&](const graph::Repository& repository) {
      repository_ = {repository.owner, repository.id};
      if (repository.gone_ms != 0 && repository.gone_ms < before_ms_) old.push_back(repository);
      return ++looked < looked_at_once;
    };
    graph::scan_repositories(writer, repository_, each);
    for (const graph::Repository& repository : old) erase_repository(writer, repository);
    return looked < looked_at_once;
  }

  // An account's edges may be very many: one account at a time, and that one piece by piece. Its
  // row is gone with the first piece, so that its number is kept apart.
  bool tidy_users(storage::Writer& writer) {
    if (const UserId id = leaving(writer)) {
      User user = graph::find_user(writer, id).value_or(User{});
      user.id = id;
      if (forget_user(writer, user, erased_at_once)) {
        storage::erase_cursor(writer, cursor_owner, leaving_name);
      }
      return false;
    }
    bool found = false;
    std::size_t looked = 0;
    const auto each = [&](const User& user, const graph::UserPosition& position) {
      user_ = position;
      const bool old = user.presence == Presence::gone && user.gone_ms < before_ms_;
      found = old;
      return !old && ++looked < looked_at_once;
    };
    graph::scan_users(writer, graph::UserOrder::id, user_, "", each);
    if (found) {
      storage::put_cursor(writer, cursor_owner, leaving_name, std::to_string(user_->id));
    }
    return !found && looked < looked_at_once;
  }

  static UserId leaving(const storage::Reader& reader) {
    const auto text = storage::find_cursor(reader, cursor_owner, leaving_name);
    UserId id = 0;
    if (text) std::from_chars(text->data(), text->data() + text->size(), id);
    return id;
  }

  void take_off_disk(storage::Writer& writer) {
    if (!storage::is_purge_owed(writer)) return;
    storage::Job tidy;
    tidy.kind = sign_in::tidy_kind;
    tidy.key = "all";
    storage::enqueue_job(writer, std::move(tidy), now_ms());
  }

  DiscoveryServices& services_;
  Run& run_;
  std::int64_t before_ms_ = 0;
  std::optional<std::pair<UserId, List>> reading_;
  std::optional<graph::EndedEdge> edge_;
  std::string name_;
  std::optional<graph::RepositoryPosition> repository_;
  std::optional<graph::UserPosition> user_;
};

class GraphTidyJob final : public JobKind {
 public:
  explicit GraphTidyJob(DiscoveryServices services) : services_(std::move(services)) {}
  [[nodiscard]] std::string name() const override { return std::string(graph_tidy_kind); }
  async::Task<RunResult> run(Run& run) override {
    GraphTidyRun tidy(services_, run);
    co_return co_await tidy.go();
  }

 private:
  DiscoveryServices services_;
};

}  // namespace

std::unique_ptr<JobKind> make_graph_tidy_job(DiscoveryServices services) {
  return std::make_unique<GraphTidyJob>(std::move(services));
}

}  // namespace tidemark::jobs::discovery
