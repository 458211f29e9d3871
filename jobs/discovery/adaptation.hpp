#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "http/async/clock.hpp"
#include "jobs/discovery/count_trust.hpp"
#include "jobs/discovery/gist_adaptation.hpp"
#include "jobs/discovery/page_adaptation.hpp"
#include "jobs/discovery/seed_adaptation.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::UserId;

// How an account that was too heavy is asked for the next time.
struct Demotion {
  std::uint32_t page_size = 100;
  bool alone = false;    // no other account in the same query
  bool by_rest = false;  // GraphQL does not give it at all
  std::int64_t since_ms = 0;
  // Lists that GitHub refuses of this account only, a bit each by List, less one; until when.
  std::uint32_t without = 0;
  std::int64_t without_until_ms = 0;
  friend bool operator==(const Demotion&, const Demotion&) = default;
};

// How much one query may ask for, as GitHub's answers teach. Plain: kept in the cursor.
struct Adaptation {
  std::size_t parents = 40;       // accounts in the next query
  std::size_t connections = 149;  // lists in the next query; at least one account is asked for
  std::uint32_t good_in_a_row = 0;
  std::uint32_t patience = 2;  // good answers before it asks for more
  std::uint32_t heavy_in_a_row = 0;
  // Before errors that say nothing of the question's weight: gone back to soon. 0: there is nothing
  // to go back to.
  std::size_t parents_before = 0, connections_before = 0;
  std::size_t truncates_at = 0;        // the smallest number of accounts at which lists came short
  std::int64_t truncated_ms = 0;       // when that was; believed for a day
  std::size_t trusted = 0;             // up to so many accounts a batch was compared and agreed
  std::map<UserId, Demotion> demoted;  // bounded
  SeedAdaptation seeds;
  PageAdaptation pages;
  GistAdaptation gists;
  CountTrust counts;
  friend bool operator==(const Adaptation&, const Adaptation&) = default;
};

// The most accounts that may be asked for at once just now.
[[nodiscard]] std::size_t parents_allowed(const Adaptation& adaptation, std::size_t most,
                                          std::int64_t now_ms);
// … and of whole accounts with their three lists, as few lists at once leave room for.
[[nodiscard]] std::size_t whole_parents_allowed(const Adaptation& adaptation, std::size_t most,
                                                std::int64_t now_ms);
// Of an account that nothing is known against: 100, together with others.
[[nodiscard]] Demotion demotion_of(const Adaptation& adaptation, UserId id);

// A query as a whole came back well.
void note_good(Adaptation& adaptation, async::Milliseconds took, async::Milliseconds slow,
               std::size_t most);
// Timeout, resource limits or a gateway's error for the whole query. `proven`: GitHub said that it
// was the query's weight, or took so long that nothing else is likely; else it may be an outage,
// and larger queries are tried again soon. The first such error says nothing of how little can be
// asked for, however small the query was.
void note_heavy(Adaptation& adaptation, std::size_t parents, std::size_t connections, bool proven);
// This account alone could not be given: next time apart from others, then with shorter pages, at
// last by REST.
void demote(Adaptation& adaptation, UserId id, std::int64_t now_ms);
// GraphQL never gives this account.
void give_to_rest(Adaptation& adaptation, UserId id, std::int64_t now_ms);
// Next time it is asked for without this list.
void leave_out_list(Adaptation& adaptation, UserId id, storage::graph::List list,
                    std::int64_t now_ms);
// Nobody is asked for without this list any more.
void ask_for_list(Adaptation& adaptation, storage::graph::List list);
// The lists, a bit each, without which it is to be asked for.
[[nodiscard]] std::uint32_t lists_left_out(const Demotion& demotion, std::int64_t now_ms);
[[nodiscard]] std::uint32_t shorter_page(std::uint32_t page_size);  // 100, 50, 25, 10
// Lists of a query with so many accounts, or with so many further pages, came short.
void note_truncated(Adaptation& adaptation, std::size_t parents, std::size_t connections,
                    std::int64_t now_ms);
// They may have: for a while less is asked for, and more is compared.
void note_uncertain(Adaptation& adaptation, std::size_t parents, std::size_t connections);
// Accounts of a query with so many were compared, and agreed.
void note_trusted(Adaptation& adaptation, std::size_t parents);

}  // namespace tidemark::jobs::discovery
