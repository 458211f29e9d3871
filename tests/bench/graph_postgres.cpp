#include "tests/bench/graph_postgres.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <thread>

namespace tidemark::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* programs = "/usr/lib/postgresql/15/bin/";

struct Owner {
  uid_t user = 0;
  gid_t group = 0;
};

// Who must run it and own its folder; nothing: we may ourselves.
std::optional<Owner> owner() {
  if (::geteuid() != 0) return std::nullopt;
  const passwd* account = ::getpwnam("postgres");
  if (account == nullptr) throw std::runtime_error("there is no user postgres");
  return Owner{account->pw_uid, account->pw_gid};
}

}  // namespace

test::Launch PostgresServer::launch(const std::string& program,
                                    std::vector<std::string> arguments) const {
  const std::string path = programs + program;
  if (::access(path.c_str(), X_OK) != 0) {
    throw std::runtime_error(path + " is missing (package postgresql)");
  }
  test::Launch launch;
  launch.program = "/usr/bin/setpriv";
  // It ends even if this process is killed.
  launch.arguments = {"--pdeathsig", "INT"};
  if (const auto account = owner()) {
    const std::string user = std::to_string(account->user), group = std::to_string(account->group);
    launch.arguments.insert(launch.arguments.end(),
                            {"--reuid", user, "--regid", group, "--clear-groups"});
  }
  launch.arguments.insert(launch.arguments.end(), {"--", path});
  launch.arguments.insert(launch.arguments.end(), arguments.begin(), arguments.end());
  launch.environment = {{"LC_ALL", "C"}, {"TZ", "UTC"}};
  return launch;
}

PostgresServer::PostgresServer() {
  namespace fs = std::filesystem;
  const std::string data = folder_.file("data"), sockets = folder_.file("sockets");
  const auto initdb = launch("initdb", {"-D", data, "-A", "trust", "-U", "tidemark", "--no-sync",
                                        "--encoding=UTF8", "--locale=C"});
  for (const std::string& each : {data, sockets}) {
    fs::create_directory(each);
    fs::permissions(each, fs::perms::owner_all);
    const auto account = owner();
    if (account && ::chown(each.c_str(), account->user, account->group) != 0) {
      throw std::runtime_error(each + " cannot be given to the user postgres");
    }
  }
  // It may go through the folder, and finds only these two.
  fs::permissions(folder_.path(), fs::perms(0711));
  const auto made = test::run_process(initdb, std::chrono::milliseconds(60'000));
  if (made.code != 0) throw std::runtime_error("initdb failed: " + made.errors);
  std::vector<std::string> arguments = {"-D", data, "-k", sockets};
  // Vacuuming meanwhile would only slow it down. Nobody reads what it says on the way.
  for (const char* setting : {"listen_addresses=", "shared_buffers=512MB", "max_wal_size=4GB",
                              "fsync=on", "synchronous_commit=on", "checkpoint_timeout=30min",
                              "autovacuum=off", "log_min_messages=fatal", "log_checkpoints=off"}) {
    arguments.insert(arguments.end(), {"-c", setting});
  }
  process_ = std::make_unique<test::Process>(launch("postgres", arguments));
  wait_until_it_answers();
}

PostgresServer::~PostgresServer() {
  try {
    process_->signal(SIGINT);  // ends connections and itself
    process_->wait(std::chrono::milliseconds(60'000));
  } catch (const std::exception&) {
    // It was killed then; its children notice by themselves.
  }
}

std::string PostgresServer::connection() const {
  return "host=" + folder_.file("sockets") + " user=tidemark dbname=postgres";
}

void PostgresServer::wait_until_it_answers() {
  const auto until = Clock::now() + std::chrono::seconds(30);
  while (true) {
    try {
      Postgres postgres(connection());
      return;
    } catch (const std::runtime_error& error) {
      const bool gone = !process_->running();
      if (gone || Clock::now() > until) {
        throw std::runtime_error("postgres does not start: " + process_->errors() + error.what());
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

PostgresEdges::PostgresEdges(const PostgresServer& server, const std::string& table, bool both_ways)
    : postgres_(server.connection()), table_(table) {
  postgres_.run("CREATE TABLE " + table +
                " (source bigint, target bigint, PRIMARY KEY (source, target))");
  if (both_ways) postgres_.run("CREATE INDEX ON " + table + " (target, source)");
  postgres_.prepare("store", "INSERT INTO " + table +
                                 " (source, target) SELECT * FROM unnest($1::bigint[], "
                                 "$2::bigint[]) ON CONFLICT DO NOTHING");
}

double PostgresEdges::seconds_for(const EdgeBatches& batches) {
  double seconds = 0;
  for (auto batch : batches) {
    std::sort(batch.begin(), batch.end());
    std::vector<std::uint64_t> sources, targets;
    for (const auto& edge : batch) {
      sources.push_back(edge.from);
      targets.push_back(edge.to);
    }
    const Postgres::Arrays arrays{Postgres::array_of(sources), Postgres::array_of(targets)};
    const auto start = Clock::now();
    postgres_.execute("store", arrays);
    seconds += std::chrono::duration<double>(Clock::now() - start).count();
  }
  return seconds;
}

double PostgresEdges::bytes() {
  return std::stod(postgres_.value_of("SELECT pg_total_relation_size('" + table_ + "')"));
}

void PostgresEdges::drop() { postgres_.run("DROP TABLE " + table_); }

}  // namespace tidemark::bench
