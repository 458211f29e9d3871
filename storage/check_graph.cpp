#include <fmt/format.h>

#include "storage/check_report.hpp"
#include "storage/graph/repository_rows.hpp"
#include "storage/graph/row_decoders.hpp"
#include "storage/graph/user_rows.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

using namespace graph;

constexpr const char* restore = "restore a backup, or let the crawl read the account again";

// Each account against the rows that lead to it, and each of these against its account: point reads
// in both directions, so that memory does not grow with the graph.
class GraphCheck {
 public:
  GraphCheck(const Reader& reader, CheckReport& report) : reader_(reader), report_(report) {}

  void run() {
    check_users();
    check_names();
    check_orders();
    check_places();
    check_repositories();
    check_readings();
    check_seeds();
    check_totals();
  }

 private:
  template <class Decode, class Visit>
  void each(Table table, const Decode& decode, const Visit& visit) {
    each_decodable(reader_, table, "", "", decode, visit);
  }
  void problem(Table table, std::string_view key, std::string_view what) {
    add_problem(report_, fmt::format("{}: {}; {}", readable(table, key), what, restore));
  }
  // The row's value decoded; nothing if there is none, or if it was reported as a row of its own.
  template <class Decode>
  auto find(Table table, std::string_view key, const Decode& decode)
      -> std::optional<decltype(decode(key, key))> {
    const auto value = reader_.get(table, key);
    if (!value) return std::nullopt;
    try {
      return decode(key, *value);
    } catch (const StoreError&) {
      return std::nullopt;
    }
  }
  std::optional<User> user(UserId id) {
    return find(Table::graph_users, user_key(id), decode_user);
  }
  bool is_damaged(UserId id) {
    return reader_.get(Table::graph_users, user_key(id)).has_value() && !user(id);
  }
  void expect(Table table, const std::string& key, UserId id) {
    if (!reader_.get(table, key))
      problem(table, key, fmt::format("it is missing for account {}", id));
  }

  void check_users() {
    const auto visit = [this](std::string_view, const User& user) {
      add_to(recount_, user);
      if (!user.login.empty()) check_name_of(user, login_key(lower_case(user.login)));
      if (!user.node_id.empty()) check_name_of(user, node_id_key(user.node_id));
      if (user.place) expect(Table::graph_frontier, place_key(*user.place, user.id), user.id);
      if (user.read_ms == 0) return;
      for (const UserOrder order : {UserOrder::created, UserOrder::followers})
        expect(Table::graph_orders, order_key(order, order_number(order, user), user.id), user.id);
    };
    each(Table::graph_users, decode_user, visit);
  }

  void check_name_of(const User& user, const std::string& key) {
    const auto value = reader_.get(Table::graph_names, key);
    if (!value) return expect(Table::graph_names, key, user.id);
    const auto row = find(Table::graph_names, key, decode_name);
    if (row && (row->holder.id != user.id || row->holder.former))
      problem(Table::graph_names, key,
              fmt::format("it leads to account {}{}, but account {} is called so", row->holder.id,
                          row->holder.former ? " of before" : "", user.id));
  }

  void check_names() {
    const auto visit = [this](std::string_view key, const NameRow& row) {
      const UserId id = row.holder.id;
      if (is_damaged(id)) return;
      const auto holder = user(id);
      if (!holder) {
        problem(Table::graph_names, key, fmt::format("there is no account {}", id));
      } else if (row.form == NameForm::former) {
        check_former(key, row);
      } else if (row.holder.former) {
        expect(Table::graph_names, former_key_of(row), id);
      } else if (name_of(*holder, row.form) != row.name) {
        problem(Table::graph_names, key, fmt::format("account {} is called otherwise", id));
      }
    };
    each(Table::graph_names, decode_name, visit);
  }

  static std::string name_of(const User& user, NameForm form) {
    return form == NameForm::login ? lower_case(user.login) : user.node_id;
  }

  void check_former(std::string_view key, const NameRow& row) {
    const auto name_key = row.was == NameForm::login ? login_key(row.name) : node_id_key(row.name);
    const auto name = find(Table::graph_names, name_key, decode_name);
    if (!name || name->holder.id != row.holder.id || !name->holder.former)
      problem(Table::graph_names, key, "the name does not lead to that account any more");
  }

  void check_orders() {
    const auto visit = [this](std::string_view key, const OrderRow& row) {
      if (is_damaged(row.id)) return;
      const auto found = user(row.id);
      if (!found || found->read_ms == 0 || order_number(row.order, *found) != row.number)
        problem(Table::graph_orders, key, fmt::format("account {} does not belong there", row.id));
    };
    each(Table::graph_orders, decode_order, visit);
  }

  void check_places() {
    const auto visit = [this](std::string_view key, const FrontierEntry& entry) {
      if (is_damaged(entry.id)) return;
      const auto found = user(entry.id);
      if (!found || found->place != entry.place)
        problem(Table::graph_frontier, key,
                fmt::format("account {} does not belong there", entry.id));
    };
    each(Table::graph_frontier, decode_place, visit);
  }

  void check_repositories() {
    const auto visit = [this](std::string_view, const graph::Repository& repository) {
      ++recount_.repositories;
      const auto key = owner_key(repository.id);
      const auto row = find(Table::graph_repository_owners, key, decode_owner);
      if (!row) return expect(Table::graph_repository_owners, key, repository.owner);
      if (row->owner != repository.owner)
        problem(Table::graph_repository_owners, key,
                fmt::format("it is among those of account {} as well", repository.owner));
    };
    each(Table::graph_repositories, graph::decode_repository, visit);
    const auto visit_owner = [this](std::string_view key, const OwnerRow& row) {
      if (!reader_.get(Table::graph_repositories, repository_key(row.owner, row.repository)))
        problem(Table::graph_repository_owners, key,
                fmt::format("it is not among those of account {}", row.owner));
    };
    each(Table::graph_repository_owners, decode_owner, visit_owner);
  }

  void check_readings() {
    const auto visit = [this](std::string_view key, const ListReading& reading) {
      if (!reader_.get(Table::graph_users, user_key(reading.user)))
        problem(Table::graph_readings, key, fmt::format("there is no account {}", reading.user));
    };
    each(Table::graph_readings, decode_list_reading, visit);
  }

  void check_seeds() {
    const auto visit = [this](std::string_view key, const SeedRow& row) {
      // The same login in the other form, which is the first byte of the key.
      auto other = std::string(key);
      const bool is_seed = row.form == SeedForm::seed;
      other[0] = static_cast<char>(is_seed ? SeedForm::unresolved : SeedForm::seed);
      if (is_seed && is_unresolved(row.seed) && !reader_.get(Table::graph_seeds, other))
        problem(Table::graph_seeds, other, "it is missing: nobody would look the seed up");
      if (is_seed) return;
      const auto seed = find(Table::graph_seeds, other, decode_seed);
      if (seed ? !is_unresolved(seed->seed) : !reader_.get(Table::graph_seeds, other))
        problem(Table::graph_seeds, key, "no such seed waits to be looked up");
    };
    each(Table::graph_seeds, decode_seed, visit);
  }

  void check_totals() {
    try {
      if (totals(reader_) != recount_)
        problem(Table::counts, totals_key(), "the totals are not those of the graph's tables");
    } catch (const StoreError&) {
      return;  // reported as a row of its own
    }
  }

  const Reader& reader_;
  CheckReport& report_;
  Totals recount_;
};

}  // namespace

void check_graph(const Reader& reader, CheckReport& report) { GraphCheck(reader, report).run(); }

}  // namespace tidemark::storage
