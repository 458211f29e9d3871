#pragma once

#include "jobs/discovery/crawl.hpp"
#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// What becomes of the oldest batch, sample by sample, inside the transaction of an answer.

// The sample was compared, and nothing speaks against the batch; with the last sample it is
// confirmed. `as_many`: REST counted no more in its lists, so that what they do not show is ended
// whoever showed it.
void sample_agrees(storage::Writer& writer, Taking& taking, Crawl& crawl, UserId sample,
                   bool as_many);
// REST counts more of it: it is to be asked about by GraphQL.
void sample_is_doubted(Crawl& crawl, UserId sample, const ListCounts& counted);
// It cannot be compared: another one of the batch takes its place. A batch of which nobody can be
// compared is not confirmed: its lists are `cut`.
void sample_leaves(storage::Writer& writer, Taking& taking, Crawl& crawl, UserId sample);
// GitHub did not answer about it. After some tries it leaves.
inline constexpr std::uint32_t sample_failures_most = 3;
void sample_fails(storage::Writer& writer, Taking& taking, Crawl& crawl, UserId sample);
// Nobody can tell why REST counts more for these: their lists are `cut`, and more of the others are
// compared.
void doubted_leave(storage::Writer& writer, Taking& taking, Crawl& crawl,
                   const std::vector<UserId>& doubted);
// A batch without samples: of before, or left by those who are forgotten.
void go_on_with_batch(storage::Writer& writer, Taking& taking, Crawl& crawl);

// Lists of this account that the batch may confirm, and that a count elsewhere says something of.
[[nodiscard]] std::vector<List> comparable(const Batch& batch, const storage::graph::User& user);

// Why REST counts more than a question brought.
enum class Doubt {
  open,       // GraphQL is still to be asked about the account alone
  growth,     // entries that came since: what was read was whole
  differs,    // the two count differently for this account
  truncated,  // many at once get less than one alone
  uncertain,  // more came since than that explains
};
struct Told {
  List list = List::followers;
  std::uint64_t reported = 0, counted = 0;  // by the question, and by REST after it
  std::uint64_t again = 0;                  // by a question of the same shape, after REST
  std::optional<std::uint64_t> alone;       // after that
};
[[nodiscard]] Doubt judge_doubt(const std::vector<Told>& told);
// So many entries may have come while a batch waited.
[[nodiscard]] bool growth_explains(std::uint64_t before, std::uint64_t now);

}  // namespace tidemark::jobs::discovery
