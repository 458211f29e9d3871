#include "daemon/routes/graph/repository_rows.hpp"

namespace tidemark::daemon::graph {

using storage::graph::Repository;

namespace {

FieldValue text_of(std::string_view text) { return FieldValue::of_text(text); }

FieldValue count_of(std::uint64_t count) {
  return FieldValue::of_number(static_cast<double>(count));
}
FieldValue count_of(const std::optional<std::uint64_t>& count) {
  return count ? count_of(*count) : FieldValue{};
}

FieldValue time_of(std::int64_t unix_s) {
  return unix_s == 0 ? FieldValue{} : FieldValue::of_number(static_cast<double>(unix_s));
}

FieldValue flag_of(bool flag) { return FieldValue::of_number(flag ? 1 : 0); }
FieldValue flag_of(const std::optional<bool>& flag) { return flag ? flag_of(*flag) : FieldValue{}; }

using Row = RepositoryRow;

// A field of Repository itself.
template <auto Member>
FieldValue text_field(const Row& row) {
  return text_of(row.repository.*Member);
}
template <auto Member>
FieldValue count_field(const Row& row) {
  return count_of(row.repository.*Member);
}
template <auto Member>
FieldValue time_field(const Row& row) {
  return time_of(row.repository.*Member);
}
template <auto Member>
FieldValue flag_field(const Row& row) {
  return flag_of(row.repository.*Member);
}

std::vector<Field<Row>> make_fields() {
  using Type = FieldType;
  return {
      {{"owner_github_id", Type::number, exact}, count_field<&Repository::owner>},
      {{"name", Type::text, exact}, text_field<&Repository::name>},
      {{"full_name", Type::name, exact}, [](const Row& row) { return text_of(row.full_name); }},
      {{"description", Type::text, exact | is_null | contains},
       text_field<&Repository::description>},
      {{"homepage", Type::text, exact | is_null}, text_field<&Repository::homepage>},
      {{"language", Type::text, exact | is_null}, text_field<&Repository::language>},
      {{"created_at", Type::instant, ordered}, time_field<&Repository::created_s>},
      {{"updated_at", Type::instant, ordered}, time_field<&Repository::updated_s>},
      {{"has_downloads", Type::flag, exact}, flag_field<&Repository::has_downloads>},
      {{"has_issues", Type::flag, exact}, flag_field<&Repository::has_issues>},
      {{"has_pages", Type::flag, exact}, flag_field<&Repository::has_pages>},
      {{"has_projects", Type::flag, exact}, flag_field<&Repository::has_projects>},
      {{"has_wiki", Type::flag, exact}, flag_field<&Repository::has_wiki>},
      {{"private", Type::flag, exact}, flag_field<&Repository::is_private>},
      {{"archived", Type::flag, exact}, flag_field<&Repository::archived>},
      {{"disabled", Type::flag, exact}, flag_field<&Repository::disabled>},
      {{"fork", Type::flag, exact}, flag_field<&Repository::is_fork>},
      {{"stargazers_count", Type::number, ordered}, count_field<&Repository::stargazers>},
      {{"subscribers_count", Type::number, ordered}, count_field<&Repository::subscribers>},
      // GitHub's REST says stargazers under this name, too.
      {{"watchers_count", Type::number, ordered}, count_field<&Repository::stargazers>},
      {{"open_issues_count", Type::number, ordered}, count_field<&Repository::open_issues>},
  };
}

}  // namespace

RepositoryRow RepositoryRows::row_of(Repository repository) {
  if (repository.owner != owner_) {
    const auto owner = storage::graph::find_user(reader_, repository.owner);
    owner_ = repository.owner;
    login_ = owner ? owner->login : "";
  }
  RepositoryRow row;
  row.owner_login = login_;
  row.full_name = login_ + "/" + repository.name;
  row.repository = std::move(repository);
  return row;
}

const std::vector<Field<RepositoryRow>>& repository_fields() {
  static const std::vector<Field<RepositoryRow>> fields = make_fields();
  return fields;
}

void write_repository(JsonText& json, const RepositoryRow& row) {
  json.object();
  write_repository_fields(json, row);
  json.end_object();
}

void write_repository_texts(JsonText& json, const RepositoryRow& row) {
  const Repository& repository = row.repository;
  json.text("name", repository.name)
      .text("full_name", row.full_name)
      .text_or_null("description", repository.description)
      .text_or_null("homepage", repository.homepage)
      .text_or_null("language", repository.language)
      .seconds("created_at", repository.created_s)
      .seconds("updated_at", repository.updated_s);
}

void write_repository_flags(JsonText& json, const Repository& repository) {
  json.flag("has_downloads", repository.has_downloads)
      .flag("has_issues", repository.has_issues)
      .flag("has_pages", repository.has_pages)
      .flag("has_projects", repository.has_projects)
      .flag("has_wiki", repository.has_wiki)
      .flag("private", repository.is_private)
      .flag("archived", repository.archived)
      .flag("disabled", repository.disabled);
}

// REST calls the stargazers watchers as well.
void write_repository_counts(JsonText& json, const Repository& repository) {
  json.number("stargazers_count", repository.stargazers)
      .number("subscribers_count", repository.subscribers)
      .number("watchers_count", repository.stargazers)
      .number("open_issues_count", repository.open_issues);
}

void write_repository_fields(JsonText& json, const RepositoryRow& row) {
  const Repository& repository = row.repository;
  json.number("id", repository.id)
      .text_or_null("node_id", repository.node_id)
      .number("owner_github_id", repository.owner)
      .text_or_null("owner_login", row.owner_login);
  write_repository_texts(json, row);
  json.seconds("pushed_at", repository.pushed_s);
  write_repository_counts(json, repository);
  json.number("forks_count", repository.forks).flag("fork", repository.is_fork);
  write_repository_flags(json, repository);
  json.instant("gone", repository.gone_ms);
}

}  // namespace tidemark::daemon::graph
