#include "tests/daemon/graph_room.hpp"

#include <boost/json/serialize.hpp>

namespace tidemark::test {

using storage::graph::Edge;
using storage::graph::EdgeKind;
using storage::graph::User;

namespace json = boost::json;

namespace {

constexpr std::int64_t seen_ms = 1'700'000'000'000;  // before the room's clock

std::string shown(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

}  // namespace

User named_user(std::uint64_t id, const std::string& login) {
  User user;
  user.id = id;
  user.node_id = "U_node" + std::to_string(id);
  user.login = login;
  user.depth = 1;
  user.first_seen_ms = user.last_seen_ms = seen_ms;
  return user;
}

User known_user(std::uint64_t id, const std::string& login) {
  User user = named_user(id, login);
  user.read_ms = seen_ms + 1;
  user.profile.created_s = 1'500'000'000 + static_cast<std::int64_t>(id) * 86'400;
  user.profile.updated_s = user.profile.created_s + 60;
  user.profile.followers = id * 10;
  user.profile.following = 1'000 - id;
  user.profile.public_repos = id % 7;
  return user;
}

storage::graph::Repository known_repository(std::uint64_t id, std::uint64_t owner,
                                            const std::string& name) {
  storage::graph::Repository repository;
  repository.id = id;
  repository.owner = owner;
  repository.node_id = "R_node" + std::to_string(id);
  repository.name = name;
  repository.created_s = 1'600'000'000 + static_cast<std::int64_t>(id);
  repository.updated_s = repository.pushed_s = repository.created_s + 5;
  repository.stargazers = id;
  repository.first_seen_ms = repository.last_seen_ms = seen_ms;
  repository.has_issues = true;
  return repository;
}

GraphRoom::GraphRoom() {
  auto octocat = known_user(1, "octocat");
  octocat.profile.name = "The Octocat";
  octocat.profile.location = "San Francisco";
  octocat.profile.public_gists = 8;
  octocat.depth = 0;
  octocat.list(storage::graph::List::followers) = {storage::graph::ListState::complete, seen_ms, 1};
  auto mona = known_user(2, "Mona");
  mona.profile.bio = "line \"one\"\nline two <&>";
  auto github = known_user(9, "github");
  github.kind = storage::graph::UserKind::organization;
  put({octocat, mona, known_user(3, "hubot"), known_user(4, "ghost"), named_user(5, "stub"),
       github});
  follow({{1, 2}, {2, 1}, {1, 3}, {3, 4}, {4, 5}});
  write([](storage::Writer& writer) {
    auto hello = known_repository(101, 1, "hello");
    hello.description = "says hello";
    hello.language = "C";
    auto world = known_repository(102, 1, "world");
    world.homepage = "https://example.org";
    world.has_pages = true;
    for (const auto& each : {hello, world, known_repository(103, 2, "linux")}) {
      storage::graph::put_repository(writer, each);
    }
    const std::vector<Edge> stars{{3, 101}};
    storage::graph::put_edges(writer, EdgeKind::stars, stars);
  });
}

void GraphRoom::put(const std::vector<User>& users) {
  write([&](storage::Writer& writer) {
    for (const User& user : users) storage::graph::put_user(writer, user);
  });
}

void GraphRoom::follow(const std::vector<Edge>& edges) {
  write([&](storage::Writer& writer) {
    storage::graph::put_edges(writer, EdgeKind::follows, edges);
  });
}

std::string GraphRoom::column(const std::string& target, const std::string& rows,
                              const std::string& field) {
  std::string text;
  const Answer answer = get(target);
  for (const auto& row : answer.json.at(rows).as_array()) {
    text += (text.empty() ? "" : " ") + shown(row.as_object().at(field));
  }
  return text;
}

std::string GraphRoom::all_pages(const std::string& target, const std::string& rows,
                                 const std::string& field, std::size_t& pages) {
  std::string text, cursor;
  pages = 0;
  do {
    const char* joint = target.find('?') == std::string::npos ? "?" : "&";
    const auto asked = cursor.empty() ? target : target + joint + "cursor=" + cursor;
    const auto page = column(asked, rows, field);
    text += (text.empty() || page.empty() ? "" : " ") + page;
    const auto next = get(asked).json.at("next");
    cursor = next.is_null() ? "" : std::string(next.as_string());
    ++pages;
  } while (!cursor.empty());
  return text;
}

std::vector<std::string> GraphRoom::stream(const std::string& target) {
  std::vector<std::string> chunks;
  auto exchange = [&]() -> async::Task<void> {
    http::Request request;
    request.target = target;
    http::Peer peer;
    const http::Reply reply = co_await router(std::move(request), std::move(peer));
    std::function<async::Task<void>(std::string_view)> send =
        [&chunks](std::string_view chunk) -> async::Task<void> {
      chunks.emplace_back(chunk);
      co_return;
    };
    if (reply.stream) co_await reply.stream(send);
  };
  simulation.run(exchange);
  return chunks;
}

std::string joined(const std::vector<std::string>& chunks) {
  std::string text;
  for (const auto& chunk : chunks) text += chunk;
  return text;
}

}  // namespace tidemark::test
