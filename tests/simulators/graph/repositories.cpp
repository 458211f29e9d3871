#include "tests/simulators/graph/repositories.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/numbers.hpp"

namespace tidemark::simulators {

namespace {

constexpr std::array words{"dotfiles", "Hello-World", "tide",         "parser",
                           "wave.js",  "tool_box",    "blog",         "notes",
                           "Compiler", "server",      "awesome-list", "x"};
constexpr std::array languages{"C++",  "Python",           "JavaScript", "Go",
                               "Rust", "Jupyter Notebook", "C#",         "Haskell"};
constexpr std::array descriptions{"A tool.",
                                  "Yet another parser, \"fast\"",
                                  "日本語の説明",
                                  "Work in progress 🚧",
                                  "<script>alert(1)</script>",
                                  "Two\nlines"};

constexpr std::uint64_t repository_salt = 3, star_salt = 5, collaborator_salt = 7;

}  // namespace

std::optional<GeneratedRepositories::Place> GeneratedRepositories::find(std::uint64_t id) const {
  if (id < first_id || id >= first_id + total()) return std::nullopt;
  auto position = static_cast<std::uint32_t>(id - first_id);
  auto next = std::upper_bound(starts_.begin(), starts_.end(), position);
  auto account = static_cast<std::uint32_t>(next - starts_.begin() - 1);
  return Place{account, position - starts_[account]};
}

std::optional<std::uint32_t> GeneratedRepositories::find(std::uint64_t seed, const Account& owner,
                                                         std::string_view name) const {
  std::string_view digits = name.substr(name.rfind('-') + 1);
  std::uint32_t which = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), which);
  bool number = error == std::errc() && end == digits.data() + digits.size();
  if (!number || which >= count(owner.index)) return std::nullopt;
  bool same = lower_case(make(seed, owner, which).name) == lower_case(name);
  return same ? std::optional(which) : std::nullopt;
}

Repository GeneratedRepositories::make(std::uint64_t seed, const Account& owner,
                                       std::uint32_t which) const {
  static const std::int64_t latest_s = *parse_moment("2026-10-31T00:00:00Z");
  Repository made;
  made.database_id = id(owner.index, which);
  Numbers numbers(seed + repository_salt, made.database_id);
  made.node_id = make_node_id("R", made.database_id);
  made.owner = &owner;
  made.name = fmt::format("{}-{}", words[numbers.below(words.size())], which);
  // In order of their number: each has a share of the account's days.
  std::int64_t share_s = std::max<std::int64_t>(latest_s - owner.created_s, 86400) /
                         static_cast<std::int64_t>(count(owner.index));
  made.created_s = owner.created_s + share_s * which +
                   static_cast<std::int64_t>(numbers.below(static_cast<std::uint64_t>(share_s)));
  auto later = [&](std::int64_t after_s) {
    auto span_s = static_cast<std::uint64_t>(std::max<std::int64_t>(latest_s - after_s, 0)) + 1;
    return after_s + static_cast<std::int64_t>(numbers.below(span_s));
  };
  made.pushed_s = numbers.below(12) == 0 ? 0 : later(made.created_s);  // some are empty
  made.updated_s = later(std::max(made.created_s, made.pushed_s));
  if (numbers.below(3) > 0) made.description = descriptions[numbers.below(descriptions.size())];
  if (numbers.below(6) == 0) made.homepage = "https://" + owner.login + ".example/" + made.name;
  if (numbers.below(5) > 0) made.language = languages[numbers.below(languages.size())];
  made.fork = numbers.below(3) == 0;
  made.archived = numbers.below(20) == 0;
  made.disabled = numbers.below(200) == 0;
  made.has_issues = !made.fork;
  made.has_projects = numbers.below(10) > 0;
  made.has_wiki = numbers.below(10) > 1;
  made.has_pages = numbers.below(15) == 0;
  made.stars = static_cast<std::uint64_t>(0.5 / (numbers.unit() + 0.00005));
  made.forks = made.stars / (2 + numbers.below(9));
  made.watchers = 1 + made.stars / 20;
  made.open_issues = made.has_issues ? made.stars / 8 + numbers.below(3) : 0;
  return made;
}

std::vector<std::uint64_t> GeneratedRepositories::starred(std::uint64_t seed,
                                                          const Account& account) const {
  std::vector<std::uint64_t> ids;
  if (sealed_ == 0 || !account.generated || account.bare) return ids;
  Numbers numbers(seed + star_salt, account.database_id);
  auto wanted = static_cast<std::size_t>(0.8 / (numbers.unit() + 0.005));
  for (std::size_t i = 0; i < wanted; ++i) {
    std::uint64_t id = first_id + numbers.below(sealed_);
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  return ids;
}

std::optional<std::uint64_t> GeneratedRepositories::collaborates_on(std::uint64_t seed,
                                                                    const Account& account) const {
  if (sealed_ == 0 || !account.generated || account.bare) return std::nullopt;
  Numbers numbers(seed + collaborator_salt, account.database_id);
  if (numbers.below(7) > 0) return std::nullopt;
  std::uint64_t id = first_id + numbers.below(sealed_);
  return find(id)->account == account.index ? std::nullopt : std::optional(id);
}

}  // namespace tidemark::simulators
