#include <charconv>

#include "jobs/discovery/depths.hpp"
#include "jobs/discovery/edge_lists.hpp"
#include "jobs/discovery/graph_jobs.hpp"
#include "jobs/discovery/leave_out.hpp"
#include "jobs/discovery/raised_limits.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "storage/cursors.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"

namespace tidemark::jobs::discovery {

namespace graph = storage::graph;
using graph::Direction;
using graph::EdgeKind;
using graph::User;
using storage::Durability;

namespace {

constexpr std::size_t rows_at_once = 2'000;
constexpr std::uint64_t counted_most = 10'000'000;

// Lists that are compared have noted whom they saw: there a number that nobody has takes the place
// of this one, so that the others are compared all the same.
void replace_in_batches(storage::Writer& writer, UserId id) {
  const std::uint64_t stand_in = graph::DenyList::load(writer).stand_in(id);
  for (const Batch& batch : load_crawl(writer).batches) {
    for (const UserId other : batch.accounts) {
      for (const List list : {List::followers, List::following}) {
        replace_seen(writer, other, list, id, stand_in);
      }
    }
  }
}

// A run of the crawl that is under way leaves them out of its own copy: see store_crawl.
void erase_from_cursors(storage::Writer& writer, UserId id) {
  const graph::DenyList denied = graph::DenyList::load(writer);
  const auto is_forgotten = [&](UserId other, std::string_view login) {
    return other == id || denied.denies(other, login);
  };
  Crawl crawl = load_crawl(writer);
  if (leave_out(crawl, is_forgotten)) put_crawl(writer, crawl);
  leave_out_depths(writer, id);
  leave_out_limits(writer, id);
  if (storage::find_cursor(writer, cursor_owner, leaving_name) == std::to_string(id)) {
    storage::erase_cursor(writer, cursor_owner, leaving_name);
  }
}

class ForgetRun {
 public:
  ForgetRun(DiscoveryServices& services, Run& run) : services_(services), run_(run) {}

  async::Task<RunResult> go() {
    const std::string& key = run_.job().key;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), user_.id);
    if (error != std::errc() || end != key.data() + key.size() || user_.id == 0) {
      co_return Failed{"the job's key \"" + key + "\" is no account's number; drop the job", false};
    }
    co_await count();
    while (!over_) {
      if (run_.stopping()) co_return Suspended{now_ms(), "tidemark is stopping"};
      co_await erase_some();
    }
    co_return Done{.note = "nothing is kept of the account any more", .removed = true};
  }

 private:
  [[nodiscard]] std::int64_t now_ms() const {
    return services_.clock.wall_now().time_since_epoch().count();
  }

  // How much there is to do, for people who watch.
  async::Task<void> count() {
    auto look = [&](const storage::Reader& reader) {
      for (const Direction direction : {Direction::outgoing, Direction::incoming}) {
        left_ += count_neighbours(reader, EdgeKind::follows, direction, user_.id, counted_most);
      }
      if (const auto stored = graph::find_user(reader, user_.id)) user_ = *stored;
    };
    co_await services_.store.read(std::move(look));
  }

  async::Task<void> erase_some() {
    auto erase = [&](storage::Writer& writer) {
      over_ = graph::forget_user(writer, user_, rows_at_once);
      done_ += rows_at_once;
      storage::Progress progress;
      progress.total = std::max(left_, done_);
      progress.done = over_ ? progress.total : done_;
      progress.unit = "rows";
      run_.progress(writer, progress);
      if (over_) end(writer);
    };
    co_await run_.commit(Durability::now, std::move(erase));
  }

  void end(storage::Writer& writer) {
    replace_in_batches(writer, user_.id);
    erase_from_cursors(writer, user_.id);
    storage::Job tidy;  // takes it off the disk
    tidy.kind = sign_in::tidy_kind;
    tidy.key = "all";
    storage::enqueue_job(writer, std::move(tidy), now_ms());
    // Its key is the account's number.
    storage::cancel_jobs(writer, forget_kind, run_.job().key);
  }

  DiscoveryServices& services_;
  Run& run_;
  User user_;
  std::uint64_t left_ = 0, done_ = 0;
  bool over_ = false;
};

class ForgetJob final : public JobKind {
 public:
  explicit ForgetJob(DiscoveryServices services) : services_(std::move(services)) {}
  [[nodiscard]] std::string name() const override { return std::string(forget_kind); }
  async::Task<RunResult> run(Run& run) override {
    ForgetRun forget(services_, run);
    co_return co_await forget.go();
  }

 private:
  DiscoveryServices services_;
};

}  // namespace

std::unique_ptr<JobKind> make_forget_job(DiscoveryServices services) {
  return std::make_unique<ForgetJob>(std::move(services));
}

}  // namespace tidemark::jobs::discovery
