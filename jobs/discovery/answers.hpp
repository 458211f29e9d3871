#pragma once

#include <array>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "jobs/discovery/question.hpp"
#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// What became of one thing that was asked for.
enum class Got {
  answered,
  gone,       // NOT_FOUND
  too_heavy,  // RESOURCE_LIMITS_EXCEEDED named it
  nothing,    // null, nonsense, or another error: to be asked for again, apart from others
  refused,    // FORBIDDEN and the like, of a seed: the same again would not help
};

struct AccountAnswer {
  UserId id = 0;  // as asked
  Got got = Got::nothing;
  AccountNews news;
  std::vector<ListPage> pages;
  bool counted = false;  // of its lists nothing but how long they are
  std::string problem;
};
struct PageAnswer {
  std::size_t index = 0;  // of the question's pages
  Got got = Got::nothing;
  ListPage page;
  std::string problem;
};
struct SeedAnswer {
  std::string login;
  Got got = Got::nothing;
  bool named = false;  // something is said of this very seed
  Entry entry;
  std::string problem;
};
// How long followers, following and repositories are, by List, less one.
using ListTotals = std::array<std::optional<std::uint64_t>, 3>;
[[nodiscard]] constexpr std::size_t place_of(List list) {
  return static_cast<std::size_t>(list) - 1;
}
// What was asked for only to hear once more how long its lists are.
struct ToldAgain {
  UserId id = 0;
  bool gone = false;
  ListTotals totals = {};
};
struct GistAnswer {
  UserId id = 0;
  std::uint64_t count = 0;
};

// The values of an answer: everything that was asked for, in its order. Nothing throws: what makes
// no sense is `nothing`.
struct Answers {
  std::vector<AccountAnswer> accounts;  // organisations too
  std::vector<ToldAgain> recounts;
  std::vector<PageAnswer> pages;
  std::vector<SeedAnswer> seeds;
  std::vector<GistAnswer> gists;
  bool email_refused = false;  // the token lacks a scope for that field
};
[[nodiscard]] Answers read_answers(const Question& question, const boost::json::value& body);
// Whether this is the reason why a query was refused as a whole.
[[nodiscard]] bool refuses_email(const boost::json::value& body);

}  // namespace tidemark::jobs::discovery
