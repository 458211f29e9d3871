#include "tests/storage/graph_examples.hpp"

#include "storage/graph/capability.hpp"
#include "storage/graph/denied_rows.hpp"
#include "storage/graph/edge_rows.hpp"
#include "storage/graph/etags.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"
#include "storage/graph/repository.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::storage::test {
namespace {

using namespace graph;

User account(UserId id, const std::string& login) {
  User user;
  user.id = id;
  user.login = login;
  user.node_id = "U_" + login;
  user.depth = 1;
  user.first_seen_ms = 5;
  user.last_seen_ms = 6;
  return user;
}

void write_accounts(Writer& writer) {
  User known = account(5, "a");
  known.node_id = "U";
  known.last_seen_ms = 7;
  known.place = Place{rank_new, 1, 5};
  put_user(writer, known);
  User renamed = account(7, "C");
  renamed.node_id.clear();
  put_user(writer, renamed);
  renamed.login = "b";
  renamed.depth = 0;
  renamed.read_ms = 9;
  renamed.profile.created_s = 1;
  renamed.profile.followers = 2;
  put_user(writer, renamed);
}

// Not by put_edges, which end_edge need not see in the same transaction.
void write_ended(Writer& writer, Edge edge, std::int64_t now_ms) {
  for (const auto direction : {Direction::outgoing, Direction::incoming})
    writer.put(Table::graph_edges, edge_key(row_of(EdgeKind::follows, direction, edge)), "");
  end_edge(writer, EdgeKind::follows, edge, now_ms);
}

}  // namespace

void write_graph_examples(Writer& writer) {
  write_accounts(writer);
  graph::Repository repository;
  repository.id = 17;
  repository.owner = 7;
  repository.has_issues = true;
  repository.created_s = 1;
  repository.stargazers = 3;
  repository.first_seen_ms = 5;
  repository.last_seen_ms = 6;
  put_repository(writer, repository);
  ListReading reading;
  reading.user = 5;
  reading.next = "x";
  reading.total = 150;
  reading.taken = 100;
  reading.started_ms = 5;
  put_list_reading(writer, reading);
  note_seen(writer, 5, List::followers, {7});
  Seed seed;
  seed.login = "A";
  seed.asked_ms = 5;
  put_seed(writer, seed);
  put_denied(writer, {"ab", 9, DeniedName::number, 0});
  Capability capability;
  capability.since_ms = 5;
  capability.looked_ms = 9;
  capability.good = 2;
  put_capability(writer, capability);
  put_etag(writer, "/user/5", "\"e\"");
  const Edge follows{5, 7};
  put_edges(writer, EdgeKind::follows, {&follows, 1});
  write_ended(writer, {5, 8}, 9);
}

void fill_example_graph(Writer& writer) {
  User linus = account(1'024'025, "torvalds");
  linus.read_ms = 9;
  linus.profile.name = "Linus";
  linus.profile.public_gists = 1;
  linus.list(List::followers) = {ListState::reading, 0, 250};
  linus.list(List::following) = {ListState::complete, 9, 0};
  linus.place = Place{rank_stale, 0, 99};
  put_user(writer, linus);
  linus.login = "linus";
  put_user(writer, linus);
  User stub = account(583'231, "octocat");
  stub.place = Place{rank_new, 2, 6};
  put_user(writer, stub);
  User gone = account(10'308, "sferik");
  gone.presence = Presence::gone;
  gone.gone_ms = 8;
  put_user(writer, gone);
  User company = account(9'919, "github");
  company.kind = UserKind::organization;
  put_user(writer, company);
  graph::Repository repository;
  repository.id = 2'325'298;
  repository.owner = linus.id;
  repository.name = "linux";
  repository.subscribers = 8'000;
  repository.has_pages = false;
  repository.gone_ms = 7;
  put_repository(writer, repository);
  ListReading reading;
  reading.user = linus.id;
  reading.next = "Y3Vyc29y";
  reading.compares = true;
  put_list_reading(writer, reading);
  note_seen(writer, linus.id, List::followers, {stub.id});
  put_seed(writer, {"Torvalds", 5, linus.id, "", 0});
  put_seed(writer, {"somebody", 5, 0, "", 3});
  deny_login(writer, "nobody", 5);
  deny_user(writer, 77, "nobody-any-more", 6);
  put_capability(writer, {List::stars, Ability::gone, "410 for 3 accounts", 5, 6, 0, 3, 3});
  put_etag(writer, "/user/1024025", "W/\"0a\"");
  const std::vector<Edge> follows = {{stub.id, linus.id}, {gone.id, linus.id}};
  put_edges(writer, EdgeKind::follows, follows);
  const Edge star{stub.id, repository.id};
  put_edges(writer, EdgeKind::stars, {&star, 1});
  write_ended(writer, {stub.id, gone.id}, 8);
}

}  // namespace tidemark::storage::test
