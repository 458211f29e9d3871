#include "jobs/sync/document.hpp"

#include <boost/json.hpp>

#include "jobs/sync/harvest.hpp"
#include "jobs/sync/reading.hpp"

namespace tidemark::jobs::sync {
namespace {

namespace json = boost::json;
using storage::Fact;
using storage::FactKind;

// The lists of a week, in the order in which they are written.
constexpr std::pair<FactKind, std::string_view> lists[] = {
    {FactKind::commit, "commits"},
    {FactKind::issue, "issues"},
    {FactKind::pull_request, "pull_requests"},
    {FactKind::review, "reviews"},
    {FactKind::repository, "repositories"}};

std::string quoted(std::string_view text) { return json::serialize(json::value(text)); }

// Facts are spliced as they were stored, one a line, never parsed: that is what keeps a year of
// thousands of commits cheap.
void write_list(std::string& out, std::string_view name, FactKind kind,
                const std::vector<Fact>& facts) {
  out += ",\n\"";
  out += name;
  out += "\":[";
  bool first = true;
  for (const Fact& fact : facts) {
    if (fact.kind != kind) continue;
    out += first ? "\n" : ",\n";
    out += fact.json;
    first = false;
  }
  out += ']';
}

void write_days(std::string& out, const std::vector<Fact>& facts) {
  out += ",\n\"days\":{";
  bool first = true;
  for (const Fact& fact : facts) {
    if (fact.kind != FactKind::day) continue;
    if (!first) out += ',';
    out += quoted(fact.id) + ':' + fact.json;
    first = false;
  }
  out += '}';
}

void write_week(std::string& out, const WeekDocument& week) {
  out += "{\"week\":" + quoted(week.week.text());
  out += week.complete ? ",\"complete\":true" : ",\"complete\":false";
  if (!week.complete) out += ",\"reason\":" + quoted(week.reason);
  write_days(out, week.facts);
  for (const auto& [kind, name] : lists) write_list(out, name, kind, week.facts);
  out += '}';
}

// Commits are told apart by repository and sha, the others by their own address.
std::string id_of(FactKind kind, const json::value& row, const WeeksDocument& document) {
  if (kind != FactKind::commit) return text_in(row, "url");
  const auto found = document.repositories.find(text_in(row, "repository"));
  if (found == document.repositories.end()) {
    throw AbsurdAnswer("a commit names a repository that the file does not list");
  }
  return found->second + " " + text_in(row, "sha");
}

void read_days(const json::value& row, WeekDocument& week) {
  for (const auto& [date, count] : object_in(row, "days").as_object()) {
    const auto day = storage::parse_day(date);
    if (!day) throw AbsurdAnswer("a day has no date");
    Fact fact;
    fact.week = week.week;
    fact.kind = FactKind::day;
    fact.time_s = std::int64_t{*day} * 86'400;
    fact.id = date;
    fact.json = json::serialize(count);
    week.facts.push_back(std::move(fact));
  }
}

WeekDocument read_week(const json::value& row, const WeeksDocument& document) {
  const auto parsed = storage::Week::parse(text_in(row, "week"));
  if (!parsed) throw AbsurdAnswer("a week has no name");
  WeekDocument week;
  week.week = *parsed;
  week.complete = boolean_in(row, "complete");
  if (!week.complete) week.reason = text_in(row, "reason");
  read_days(row, week);
  for (const auto& [kind, name] : lists) {
    for (const json::value& entry : array_in(row, name)) {
      Fact fact;
      fact.week = week.week;
      fact.kind = kind;
      fact.time_s = time_in(entry, "time");
      fact.id = id_of(kind, entry, document);
      fact.json = json::serialize(entry);
      if (storage::Week::of(fact.time_s) != week.week) {
        throw AbsurdAnswer("an entry of " + week.week.text() + " is of another week");
      }
      week.facts.push_back(std::move(fact));
    }
  }
  return week;
}

constexpr std::string_view public_only = ",\n\"private_work\":false";

std::string heading(std::string_view format, bool private_work) {
  std::string out = "{\"format\":" + quoted(format) + ",\n\"generated_by\":\"tidemark\"";
  if (private_work) return out + ",\n\"private_work\":true";
  return out.append(public_only);
}

// Files of earlier versions do not say it.
bool private_work_in(const json::value& root) {
  const json::object* object = root.if_object();
  if (object == nullptr || !object->contains("private_work")) return true;
  return boolean_in(root, "private_work");
}

void expect_format(const json::value& document, std::string_view format) {
  if (text_in(document, "format") != format) {
    throw AbsurdAnswer("its format is not " + std::string(format));
  }
}

template <class Value, class Body>
std::variant<Value, std::string> attempt(std::string_view bytes, Body body) {
  try {
    return body(json::parse(json::string_view(bytes.data(), bytes.size())));
  } catch (const std::exception& error) {
    return std::string(error.what());
  }
}

json::object repository_json(const storage::Repository& repository) {
  return json::object{{"id", repository.id},
                      {"name", repository.name},
                      {"url", repository.url},
                      {"fork", repository.is_fork},
                      {"private", repository.is_private},
                      {"created", storage::format_time(repository.created_s)}};
}

storage::Repository read_repository(const json::value& row) {
  storage::Repository repository;
  repository.id = text_in(row, "id");
  repository.name = text_in(row, "name");
  repository.url = text_in(row, "url");
  repository.is_fork = boolean_in(row, "fork");
  repository.is_private = boolean_in(row, "private");
  repository.created_s = time_in(row, "created");
  return repository;
}

}  // namespace

std::string write_weeks(const WeeksDocument& document) {
  std::string out = heading(weeks_format, document.private_work);
  out += ",\n\"login\":" + quoted(document.login);
  out += ",\n\"github_id\":" + std::to_string(document.github_id);
  out += ",\n\"github_node_id\":" + quoted(document.github_node_id);
  out += ",\n\"from\":" + quoted(document.first.text());
  out += ",\n\"to\":" + quoted(document.last.text());
  out += ",\n\"repositories\":{";
  bool first = true;
  for (const auto& [name, id] : document.repositories) {
    out += first ? "\n" : ",\n";
    out += quoted(name) + ':' + quoted(id);
    first = false;
  }
  out += "},\n\"weeks\":[";
  first = true;
  for (const WeekDocument& week : document.weeks) {
    out += first ? "\n" : ",\n";
    write_week(out, week);
    first = false;
  }
  return out + "]}\n";
}

std::variant<WeeksDocument, std::string> read_weeks(std::string_view bytes) {
  return attempt<WeeksDocument>(bytes, [](const json::value& root) {
    expect_format(root, weeks_format);
    WeeksDocument document;
    document.private_work = private_work_in(root);
    document.login = text_in(root, "login");
    document.github_id = count_in(root, "github_id");
    document.github_node_id = text_in(root, "github_node_id");
    const auto first = storage::Week::parse(text_in(root, "from"));
    const auto last = storage::Week::parse(text_in(root, "to"));
    if (!first || !last) throw AbsurdAnswer("it does not say which weeks it covers");
    document.first = *first;
    document.last = *last;
    for (const auto& [name, id] : object_in(root, "repositories").as_object()) {
      document.repositories[std::string(name)] = std::string(id.as_string());
    }
    for (const json::value& row : array_in(root, "weeks")) {
      document.weeks.push_back(read_week(row, document));
    }
    return document;
  });
}

bool may_hold_private_work(std::string_view bytes) {
  // The third field of what is written here; what is not of our form holds nothing of ours.
  constexpr std::string_view ours = "{\"format\":\"tidemark-github-";
  constexpr std::size_t heading_most = 200;
  if (!bytes.starts_with(ours)) return false;
  return bytes.substr(0, heading_most).find(public_only) == bytes.npos;
}

std::string repository_name(std::string_view commit_json) {
  // It is the first field (harvest.cpp), and such names need no escapes.
  constexpr std::string_view before = "{\"repository\":\"";
  if (!commit_json.starts_with(before)) return {};
  commit_json.remove_prefix(before.size());
  return std::string(commit_json.substr(0, commit_json.find('"')));
}

std::string write_profile(const storage::Member& member,
                          const std::vector<storage::Repository>& repositories) {
  std::string out = heading(profile_format, member.wants_private);
  out += ",\n\"login\":" + quoted(member.login);
  out += ",\n\"github_id\":" + std::to_string(member.github_id);
  out += ",\n\"github_node_id\":" + quoted(member.github_node_id);
  out += ",\n\"created\":" + quoted(storage::format_time(member.github_created_s));
  out += ",\n\"repositories\":[";
  bool first = true;
  for (const storage::Repository& repository : repositories) {
    if (repository.is_private && !member.wants_private) continue;
    out += first ? "\n" : ",\n";
    out += json::serialize(repository_json(repository));
    first = false;
  }
  return out + "]}\n";
}

std::variant<std::pair<storage::Member, std::vector<storage::Repository>>, std::string>
read_profile(std::string_view bytes) {
  using Profile = std::pair<storage::Member, std::vector<storage::Repository>>;
  return attempt<Profile>(bytes, [](const json::value& root) {
    expect_format(root, profile_format);
    Profile profile;
    profile.first.wants_private = private_work_in(root);
    profile.first.login = text_in(root, "login");
    profile.first.github_id = count_in(root, "github_id");
    profile.first.github_node_id = text_in(root, "github_node_id");
    profile.first.github_created_s = time_in(root, "created");
    for (const json::value& row : array_in(root, "repositories")) {
      profile.second.push_back(read_repository(row));
    }
    return profile;
  });
}

}  // namespace tidemark::jobs::sync
