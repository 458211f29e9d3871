#include "jobs/discovery/rest_values.hpp"

#include <fmt/format.h>

#include <charconv>

#include "http/url.hpp"
#include "jobs/discovery/answer_fields.hpp"

namespace tidemark::jobs::discovery {

namespace json = boost::json;
using storage::graph::Repository;
using storage::graph::UserKind;

namespace {

std::optional<bool> told_flag(const json::value& value, std::string_view name) {
  const json::value* found = field(value, name);
  if (found == nullptr || !found->is_bool()) return std::nullopt;
  return found->get_bool();
}

std::optional<Entry> read_rest_entry(const json::value& value) {
  Entry entry;
  entry.id = number_field(value, "id").value_or(0);
  entry.login = text_field(value, "login");
  entry.node_id = text_field(value, "node_id");
  entry.kind = kind_of_type(text_field(value, "type"));
  const bool possible = entry.id != 0 && entry.id <= storage::graph::user_id_most;
  if (!possible || entry.login.empty()) return std::nullopt;
  return entry;
}

std::optional<Repository> read_rest_repository(const json::value& value) {
  Repository repository = read_repository(value, rest_words);
  if (repository.id == 0 || repository.name.empty()) return std::nullopt;
  if (const json::value* owner = field(value, "owner")) {
    repository.owner = number_field(*owner, "id").value_or(0);
  }
  repository.language = text_field(value, "language");
  // In lists the subscribers are not told: what is called so there are the stargazers again.
  repository.open_issues = number_field(value, "open_issues_count");
  repository.has_downloads = told_flag(value, "has_downloads");
  repository.has_pages = told_flag(value, "has_pages");
  return repository;
}

void read_item(const json::value& item, ListPage& page) {
  if (page.list == List::followers || page.list == List::following) {
    if (auto entry = read_rest_entry(item)) {
      page.entries.push_back(std::move(*entry));
    } else {
      ++page.unreadable;
    }
    return;
  }
  auto repository = read_rest_repository(item);
  if (!repository) {
    ++page.unreadable;
    return;
  }
  const json::value* owner = field(item, "owner");
  auto entry = owner == nullptr ? std::nullopt : read_rest_entry(*owner);
  if (page.list == List::stars && entry) page.entries.push_back(std::move(*entry));
  page.repositories.push_back(std::move(*repository));
}

}  // namespace

std::string account_target(UserId id) { return fmt::format("/user/{}", id); }

std::string login_target(std::string_view login) { return "/users/" + http::percent_encode(login); }

std::string list_target(UserId id, List list) {
  switch (list) {
    case List::followers: return fmt::format("/user/{}/followers?per_page=100", id);
    case List::following: return fmt::format("/user/{}/following?per_page=100", id);
    case List::stars: return fmt::format("/user/{}/starred?per_page=100", id);
    case List::repositories: break;
  }
  return fmt::format("/user/{}/repos?per_page=100&type=owner&sort=created&direction=asc", id);
}

std::optional<AccountNews> read_rest_account(const json::value& body) {
  auto entry = read_rest_entry(body);
  if (!entry) return std::nullopt;
  storage::graph::Profile profile = read_profile(body, rest_words);
  profile.followers = number_field(body, "followers").value_or(0);
  profile.following = number_field(body, "following").value_or(0);
  profile.public_repos = number_field(body, "public_repos").value_or(0);
  profile.public_gists = number_field(body, "public_gists");
  return AccountNews{std::move(*entry), std::move(profile)};
}

ListPage read_rest_page(const http::github::Answer& answer, List list, std::string_view asked) {
  ListPage page;
  page.list = list;
  page.rest = true;
  if (answer.outcome == http::github::Outcome::empty) return page;
  const json::value& body = answer.json;
  if (!body.is_array()) {
    page.refused = true;
    page.problem = answer.message.empty() ? "an answer that is no list" : answer.message;
    // The provider's word, and no accident of this account.
    page.withdrawn = answer.status == 403 || answer.status == 410;
    return page;
  }
  for (const json::value& item : body.get_array()) read_item(item, page);
  auto next = http::github::next_link(answer.exchanged.response.headers);
  // A page behind an empty one, or behind itself, would never end.
  if (next && *next != asked && !body.get_array().empty()) page.next = std::move(*next);
  return page;
}

RestCounts counts_of(const storage::graph::Profile& profile) {
  return {profile.followers, profile.following, profile.public_repos};
}

std::uint64_t count_of(const RestCounts& counts, List list) {
  switch (list) {
    case List::followers: return counts.followers;
    case List::following: return counts.following;
    case List::repositories: return counts.public_repos;
    case List::stars: break;
  }
  return 0;
}

std::string encode_validator(const Validator& validator) {
  const RestCounts& counts = validator.counts;
  return fmt::format("{} {} {} {}", counts.followers, counts.following, counts.public_repos,
                     validator.etag);
}

std::optional<Validator> decode_validator(std::string_view text) {
  Validator validator;
  RestCounts& counts = validator.counts;
  for (std::uint64_t* number : {&counts.followers, &counts.following, &counts.public_repos}) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
    if (error != std::errc() || end == text.data() + text.size() || *end != ' ') {
      return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  }
  if (text.empty()) return std::nullopt;
  validator.etag = text;
  return validator;
}

}  // namespace tidemark::jobs::discovery
