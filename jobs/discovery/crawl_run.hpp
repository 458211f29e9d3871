#pragma once

#include <optional>
#include <string>

#include "jobs/discovery/context.hpp"
#include "jobs/discovery/doubts.hpp"
#include "jobs/discovery/lists_gone.hpp"
#include "jobs/discovery/question.hpp"
#include "jobs/discovery/refusals.hpp"
#include "jobs/discovery/short_lists.hpp"

namespace tidemark::jobs::discovery {

// One run of the crawl: choose, ask, store, compare, again. Everything that it knows is in the
// store after each answer, so that a kill costs the one request under way.
class CrawlRun {
 public:
  CrawlRun(DiscoveryServices& services, Run& run)
      : context_{.services = services, .run = run, .token = services.token()} {}

  async::Task<RunResult> go();

 private:
  // What a step came to: how the run ends, or nothing more to do, or neither.
  struct Step {
    Stop stop = {};
    bool idle = false;
  };

  async::Task<Stop> begin();
  async::Task<void> look_at_seeds();
  async::Task<Stop> learn_viewer(std::string digest);
  async::Task<void> forget_other_tokens();
  async::Task<Stop> take_viewer(Asked asked, std::string digest, UserId before);
  async::Task<RunResult> crawl();
  async::Task<Step> step();
  async::Task<Step> step_by_rest();
  async::Task<Stop> confirm();
  async::Task<Stop> look_again();
  async::Task<Stop> look_apart_from_others(Question question, LookKind kind);
  async::Task<Step> step_by_graphql();
  async::Task<Step> count_gists();
  [[nodiscard]] bool points_are_spent();
  // `look`: what those that are doubted are asked for in it.
  async::Task<Stop> ask(Question question, LookKind look = LookKind::none);
  async::Task<Stop> judge(Question question, Asked asked, LookKind look);
  async::Task<Stop> take(Question question, Asked asked, LookKind look);
  async::Task<Stop> ask_for_less(Question question, Asked asked);
  async::Task<Stop> ask_for_nothing(Refused refused);
  async::Task<Stop> learn_from(Question question, Refused refused, storage::QuotaWindow quota);
  async::Task<void> commit_without_a_step(storage::QuotaWindow quota, TakeAnswer take);
  async::Task<Stop> go_without_email(Asked asked);
  async::Task<Step> finish();
  bool sweep(storage::Writer& writer, const Taking& taking);
  [[nodiscard]] RunResult explain(RunResult result) const;

  // REST waits: the rest of the crawl goes on meanwhile.
  void pause_rest(RunResult why);
  [[nodiscard]] bool rest_paused() const;
  [[nodiscard]] std::int64_t now_ms() const { return wall_ms(context_); }

  CrawlContext context_;
  std::optional<RunResult> rest_wait_;
  async::SteadyTime rest_wait_until_{};
  Sweep sweep_;
  ReadingPlace readings_after_;
  bool answered_ = false;  // the last question: then a refusal is no outage
  // GitHub answered a question for nothing, and none for anything since then.
  bool asked_for_nothing_ = false;
  // To REST, one after another, since GitHub refused them for good.
  std::uint32_t left_in_a_row_ = 0;
  bool gists_counted_ = false;
  std::uint64_t gists_points_ = 0, gists_refused_ = 0;
};

}  // namespace tidemark::jobs::discovery
