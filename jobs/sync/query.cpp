#include "jobs/sync/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "jobs/sync/windows.hpp"
#include "storage/week.hpp"

namespace tidemark::jobs::sync {
namespace {

using storage::format_time;
using storage::Week;

// Fragments that a query uses, each declared once and only if used: GitHub refuses unused ones.
constexpr std::string_view repository_fragment =
    "fragment Repo on Repository{id nameWithOwner url isFork isPrivate createdAt}\n";

struct PageFragment {
  std::string_view connection, name, text;
};

// One per connection of a window: its pages look the same inside a window and apart.
constexpr std::array<PageFragment, 4> page_fragments{{
    {"issueContributions", "Issues",
     "fragment Issues on CreatedIssueContributionConnection{totalCount "
     "pageInfo{hasNextPage endCursor}nodes{issue{number title url createdAt "
     "repository{nameWithOwner isPrivate}}}}\n"},
    {"pullRequestContributions", "Pulls",
     "fragment Pulls on CreatedPullRequestContributionConnection{totalCount "
     "pageInfo{hasNextPage endCursor}nodes{pullRequest{number title url createdAt "
     "repository{nameWithOwner isPrivate}}}}\n"},
    {"pullRequestReviewContributions", "Reviews",
     "fragment Reviews on CreatedPullRequestReviewContributionConnection{totalCount "
     "pageInfo{hasNextPage endCursor}nodes{occurredAt pullRequestReview{state url "
     "pullRequest{number repository{nameWithOwner isPrivate}}}}}\n"},
    {"repositoryContributions", "Created",
     "fragment Created on CreatedRepositoryContributionConnection{totalCount "
     "pageInfo{hasNextPage endCursor}nodes{occurredAt repository{nameWithOwner url isFork "
     "isPrivate}}}\n"},
}};

// Windows that were too heavy are asked with shorter lists, so the fragment is named by the length.
std::string window_fragment(std::uint32_t page_size) {
  std::string connections;
  for (const PageFragment& page : page_fragments) {
    connections += fmt::format(" {}(first:{}){{...{}}}", page.connection, page_size, page.name);
  }
  return fmt::format(
      "fragment Window{} on ContributionsCollection{{totalRepositoriesWithContributedCommits "
      "commitContributionsByRepository(maxRepositories:100){{repository{{...Repo}}"
      "contributions{{totalCount}}}}{}}}\n",
      page_size, connections);
}

constexpr std::string_view commits_fragment =
    "fragment Commits on CommitHistoryConnection{totalCount pageInfo{hasNextPage endCursor}"
    "nodes{oid messageHeadline committedDate authoredDate additions deletions url}}\n";

// A GraphQL string: cursors and ids are opaque, so they are escaped like any foreign text.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      result += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string collection(std::int64_t from_s, std::int64_t to_s, std::string_view selection) {
  return fmt::format("viewer{{contributionsCollection(from:\"{}\",to:\"{}\"){{{}}}}}",
                     format_time(from_s), format_time(to_s), selection);
}

std::string of_year(std::int32_t year, std::string_view selection) {
  const auto day = [](std::int32_t of, std::string_view rest) {
    return storage::parse_time(fmt::format("{:04}{}", of, rest)).value();
  };
  return collection(day(year, "-01-01T00:00:00Z"), day(year, "-12-31T23:59:59Z"), selection);
}

std::string of_window(const Part& part, std::string_view selection) {
  const Week first{part.first_week};
  return collection(first.begin_s(), (first + part.weeks).begin_s() - 1, selection);
}

std::string page_selection(const Part& part) {
  const auto* found =
      std::find_if(page_fragments.begin(), page_fragments.end(),
                   [&](const PageFragment& row) { return row.connection == part.connection; });
  return fmt::format("{}(first:{},after:{}){{...{}}}", part.connection, part.page_size,
                     quoted(part.after), found->name);
}

std::string of_history(const Part& part) {
  std::string range;
  if (part.since_s != open_since_s)
    range += fmt::format(",since:\"{}\"", format_time(part.since_s));
  if (part.until_s != open_until_s)
    range += fmt::format(",until:\"{}\"", format_time(part.until_s));
  std::string history;
  if (part.kind == PartKind::count) {
    history = fmt::format("history(author:{{id:$user}}{}){{totalCount}}", range);
  } else {
    const std::string after = part.after.empty() ? "" : ",after:" + quoted(part.after);
    history = fmt::format("history(author:{{id:$user}}{},first:{}{}){{...Commits}}", range,
                          part.page_size, after);
  }
  if (part.audit) history += " all:history(author:{id:$user}){totalCount}";
  return fmt::format(
      "node(id:{}){{...Repo ...on Repository{{defaultBranchRef{{target{{...on Commit{{{}}}}}}}}}}}",
      quoted(part.repository), history);
}

std::string selection_of(const Part& part) {
  switch (part.kind) {
    case PartKind::identity:
      return "viewer{id databaseId login createdAt contributionsCollection{contributionYears}}";
    case PartKind::year_total:
      return of_year(part.year, "contributionCalendar{totalContributions}");
    case PartKind::calendar:
      return of_year(part.year,
                     "contributionCalendar{totalContributions "
                     "weeks{contributionDays{date contributionCount}}}");
    case PartKind::window: return of_window(part, fmt::format("...Window{}", part.page_size));
    case PartKind::window_page: return of_window(part, page_selection(part));
    case PartKind::history:
    case PartKind::count: return of_history(part);
  }
  return {};
}

bool any(std::span<const Part> parts, std::initializer_list<PartKind> kinds) {
  return std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
    return std::find(kinds.begin(), kinds.end(), part.kind) != kinds.end();
  });
}

bool uses(std::span<const Part> parts, const PageFragment& fragment) {
  return std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
    return part.kind == PartKind::window ||
           (part.kind == PartKind::window_page && part.connection == fragment.connection);
  });
}

}  // namespace

std::uint64_t points(std::uint64_t connections) {
  return std::max<std::uint64_t>(1, (connections + 50) / 100);
}

std::uint64_t connections_of(const Part& part, std::uint64_t window_connections) {
  switch (part.kind) {
    case PartKind::identity:
    case PartKind::year_total:
    case PartKind::calendar: return 0;
    case PartKind::window: return window_connections;
    case PartKind::window_page: return 1;
    case PartKind::history: return part.audit ? 2 : 1;
    case PartKind::count: return 1;
  }
  return 1;
}

std::uint64_t weight_of(const Part& part) {
  switch (part.kind) {
    case PartKind::identity: return 1;
    case PartKind::year_total: return 2;
    case PartKind::calendar: return 20;
    case PartKind::window: return 3 + 3 * static_cast<std::uint64_t>(part.weeks);
    case PartKind::window_page: return 20;
    case PartKind::history: {
      const std::uint64_t left = part.expected > part.got ? part.expected - part.got : 1;
      return 2 + std::min<std::uint64_t>(left, part.page_size);
    }
    case PartKind::count: return 2;
  }
  return 1;
}

std::string alias_of(std::size_t index) { return fmt::format("p{}", index); }

Query make_query(std::span<const Part> pending, const std::string& user,
                 const QueryLimits& limits) {
  Query query;
  std::string selections;
  for (const Part& part : pending) {
    const std::uint64_t connections = connections_of(part, limits.window_connections);
    const std::uint64_t weight = weight_of(part);
    const bool needs_user = part.kind == PartKind::history || part.kind == PartKind::count;
    if (needs_user && user.empty()) break;
    if (query.parts > 0 &&
        (query.parts >= limits.parts || query.connections + connections > limits.connections ||
         query.weight + weight > limits.weight)) {
      break;
    }
    selections += fmt::format("{}:{}\n", alias_of(query.parts), selection_of(part));
    query.connections += connections;
    query.weight += weight;
    ++query.parts;
  }
  if (query.parts == 0) throw std::logic_error("nothing can be asked before the account is known");
  query.cost = points(query.connections);
  const std::span<const Part> asked = pending.first(query.parts);
  const bool histories = any(asked, {PartKind::history, PartKind::count});
  query.text = histories ? "query($user:ID!){\n" : "query{\n";
  query.text += "rateLimit{cost limit remaining used resetAt nodeCount}\n" + selections + "}\n";
  if (histories) query.variables["user"] = user;
  if (histories || any(asked, {PartKind::window})) query.text += repository_fragment;
  std::set<std::uint32_t> window_sizes;
  for (const Part& part : asked) {
    if (part.kind == PartKind::window) window_sizes.insert(part.page_size);
  }
  for (const std::uint32_t size : window_sizes) query.text += window_fragment(size);
  for (const PageFragment& fragment : page_fragments) {
    if (uses(asked, fragment)) query.text += fragment.text;
  }
  if (any(asked, {PartKind::history})) query.text += commits_fragment;
  return query;
}

}  // namespace tidemark::jobs::sync
