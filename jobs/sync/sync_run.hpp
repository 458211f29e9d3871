#pragma once

#include <optional>
#include <string>

#include "http/github/answer.hpp"
#include "jobs/sync/query.hpp"
#include "jobs/sync/services.hpp"
#include "jobs/sync/session.hpp"
#include "jobs/sync/state.hpp"

namespace tidemark::jobs::sync {

// One run of one member's sync: ask, store, ask again; upload; finish. Everything that it knows is
// in the store after each answer, so that a kill costs the one request under way.
class SyncRun {
 public:
  SyncRun(SyncServices& services, Run& run)
      : services_(services), run_(run), session_(services, run, run.job().key) {}

  async::Task<RunResult> go();

 private:
  async::Task<Stop> begin();
  [[nodiscard]] Stop take_state(std::optional<State> found);
  async::Task<Stop> still_a_member();
  async::Task<RunResult> fetch_and_upload();
  async::Task<Stop> fetch();
  async::Task<Stop> upload();
  async::Task<Stop> take_github_token(std::string refused);
  async::Task<Stop> renew_github_token();
  async::Task<Stop> ask_once();
  async::Task<Stop> judge_answer(Query query, QuotaPermit permit, http::github::Answer answer);
  async::Task<Stop> take(Query query, http::github::Answer answer, storage::QuotaWindow quota);
  async::Task<Stop> ask_for_less(Query query, http::github::Answer answer,
                                 storage::QuotaWindow quota);
  async::Task<void> keep_quota(storage::QuotaWindow quota);
  async::Task<void> finish();
  async::Task<RunResult> explain(RunResult result);
  async::Task<void> note_error(std::string error);

  [[nodiscard]] std::string owner() const;
  [[nodiscard]] storage::QuotaWindow settle(QuotaPermit permit, QuotaVerdict verdict,
                                            const http::github::Answer& answer);
  void adapt_budget(const Query& query, const http::github::Answer& answer);

  SyncServices& services_;
  Run& run_;
  Session session_;
  State state_;
  std::string github_token_;
  async::SteadyTime github_token_until_{};
  bool github_token_renewed_ = false;  // because GitHub did not accept the one before
  std::uint64_t steps_taken_ = 0;      // answers stored, of both upstreams
  static constexpr std::size_t parts_at_most = 149;
  std::size_t parts_most_ = parts_at_most;  // of the next query; fewer after one too heavy
  std::uint32_t heavy_in_a_row_ = 0;
  std::uint32_t given_up_in_a_row_ = 0;
};

}  // namespace tidemark::jobs::sync
