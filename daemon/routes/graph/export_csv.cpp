#include <optional>

#include "daemon/json_text.hpp"
#include "daemon/routes/graph/export_rows.hpp"
#include "daemon/routes/graph/user_rows.hpp"

namespace tidemark::daemon::graph {

namespace {

// A line; what is not known is an empty field.
class Line {
 public:
  explicit Line(std::string& out) : out_(out) {}
  ~Line() { out_ += "\r\n"; }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  Line& text(std::string_view value) {
    begin();
    append_csv_field(out_, value);
    return *this;
  }
  Line& number(std::uint64_t value) {
    begin();
    append_number(out_, value);
    return *this;
  }
  Line& number(const std::optional<std::uint64_t>& value) {
    return value ? number(*value) : text({});
  }
  Line& time(std::int64_t unix_s) {
    begin();
    if (unix_s != 0) append_time(out_, unix_s);
    return *this;
  }
  Line& flag(bool value) { return text(value ? "true" : "false"); }

 private:
  void begin() {
    if (!first_) out_ += ',';
    first_ = false;
  }
  std::string& out_;
  bool first_ = true;
};

constexpr std::string_view heads[] = {
    "id,node_id,login,kind,presence,name,location,bio,company,email,created_at,updated_at,"
    "followers_count,following_count,public_gists,public_repos,read_at\r\n",
    "id,node_id,owner_github_id,full_name,description,homepage,language,created_at,updated_at,"
    "pushed_at,stargazers_count,forks_count,private,fork,archived,disabled\r\n",
    "follower_id,followed_id\r\n", "user_id,repository_id\r\n"};

class CsvRows final : public ExportRows {
 public:
  explicit CsvRows(CsvTable table) : table_(table) {}

  void head(std::string& out) override { out += heads[static_cast<std::size_t>(table_)]; }

  void user(std::string& out, const storage::graph::User& user) override {
    const auto& profile = user.profile;
    auto count = [&user](std::uint64_t value) {
      return user.read_ms == 0 ? std::nullopt : std::optional(value);
    };
    Line line(out);
    line.number(user.id).text(user.node_id).text(user.login);
    line.text(name_of(user.kind)).text(name_of(user.presence));
    line.text(profile.name).text(profile.location).text(profile.bio);
    line.text(profile.company).text(profile.email);
    line.time(profile.created_s).time(profile.updated_s);
    line.number(count(profile.followers)).number(count(profile.following));
    line.number(profile.public_gists).number(count(profile.public_repos));
    line.time(user.read_ms / 1'000);
  }

  void repository(std::string& out, const RepositoryRow& row) override {
    const auto& repository = row.repository;
    Line line(out);
    line.number(repository.id).text(repository.node_id).number(repository.owner);
    line.text(row.full_name).text(repository.description).text(repository.homepage);
    line.text(repository.language).time(repository.created_s).time(repository.updated_s);
    line.time(repository.pushed_s).number(repository.stargazers).number(repository.forks);
    line.flag(repository.is_private).flag(repository.is_fork);
    line.flag(repository.archived).flag(repository.disabled);
  }

  void edge(std::string& out, storage::graph::EdgeKind, storage::graph::Edge edge) override {
    Line(out).number(edge.from).number(edge.to);
  }

 private:
  CsvTable table_;
};

}  // namespace

void append_csv_field(std::string& out, std::string_view value) {
  const bool formula =
      !value.empty() && std::string_view("=+-@\t\r").find(value.front()) != std::string_view::npos;
  const bool quoted = formula || value.find_first_of(",\"\r\n") != std::string_view::npos;
  if (quoted) out += '"';
  if (formula) out += '\'';
  for (const char letter : value) {
    if (letter == '"') out += '"';
    out += letter;
  }
  if (quoted) out += '"';
}

std::unique_ptr<ExportRows> csv_rows(CsvTable table) { return std::make_unique<CsvRows>(table); }

}  // namespace tidemark::daemon::graph
