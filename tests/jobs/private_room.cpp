#include "tests/jobs/private_room.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

namespace tidemark::test {

using simulators::ItemKind;

PrivateRoom::PrivateRoom() {
  world.world.repository("mona/cellar").is_private = true;
  world.world.repository("mona/cellar").created_s = last_year_s;
  world.world.repository("mona/garden").created_s = last_year_s;
  work_in("mona/cellar", "cellar", last_year_s);
  work_in("mona/garden", "garden", last_year_s);
  const auto& account = world.world.account("mona");
  const auto& wide = world.github.credentials().add_token(account, {}, "repo");
  put_token("github", {wide.text, "", 0, "repo"});
  change(id, [&](storage::Member& row) { row.github_id = account.database_id; });
  at_request = [this](const http::Request& request) {
    if (request.target.find("graphql") == std::string::npos) return;
    const boost::json::value asked = boost::json::parse(request.body);
    const std::string text(asked.at("query").as_string());
    for (const simulators::Repository& each : world.world.repositories()) {
      if (text.find("node(id:\"" + each.node_id) != text.npos) histories.push_back(each.name);
    }
  };
}

void PrivateRoom::share_private(bool wants) {
  change(id, [&](storage::Member& row) { row.wants_private = wants; });
}

void PrivateRoom::work_in(const std::string& repository, const std::string& word,
                          std::int64_t at_s) {
  for (int i = 0; i < 3; ++i) {
    simulators::Commit commit;
    commit.authored_s = commit.committed_s = at_s + i * 86'400;
    commit.additions = 1;
    commit.headline = word + " " + std::to_string(i);
    world.world.add_commit(repository, commit, "mona");
  }
  for (const auto kind : {ItemKind::issue, ItemKind::pull_request, ItemKind::review}) {
    world.world.add_item(kind, repository, "mona", at_s, word);
  }
}

void PrivateRoom::sync() {
  histories.clear();
  const storage::Job job = world.sync(id);
  BOOST_TEST((job.state == storage::JobState::done), job.last_error);
}

std::vector<std::string> PrivateRoom::files_with(const std::string& word) {
  std::vector<std::string> names;
  for (const simulators::StoredFile* file : world.openhumans.files(id)) {
    if (file->content.find(word) != std::string::npos) names.push_back(file->basename);
  }
  return names;
}

std::vector<std::string> PrivateRoom::traces_of(const std::string& word) {
  std::vector<std::string> traces = rows_with(word);
  for (std::string& name : files_with(word)) traces.push_back(std::move(name));
  return traces;
}

void PrivateRoom::expect_none(const std::string& word) {
  for (const std::string& trace : traces_of(word)) BOOST_TEST(false, word << " in " << trace);
}

async::Task<jobs::sign_in::Arrived> PrivateRoom::arrive(Life& life, jobs::sign_in::Return back,
                                                        bool wants_private, std::string member) {
  auto services = life.services();
  co_return co_await jobs::sign_in::arrive_from_github(services, std::move(member), wants_private,
                                                       std::move(back));
}

}  // namespace tidemark::test
