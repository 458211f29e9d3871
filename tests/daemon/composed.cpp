#include "tests/daemon/composed.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>

namespace tidemark::test {

namespace {

daemon::Settings settings_in(const Folder& folder, std::vector<std::string> more) {
  std::vector<std::string> flags = {"store.path=" + folder.file("store"),
                                    "store.key_file=" + folder.file("key"),
                                    "store.free_mb_min=1",
                                    "control.socket=" + folder.file("control.sock"),
                                    "control.tcp_address=",
                                    "public.address=",
                                    "github.api_url=http://127.0.0.1:9",
                                    "github.graphql_url=http://127.0.0.1:9/graphql",
                                    "openhumans.url=http://127.0.0.1:9",
                                    "log.level=error"};
  for (auto& setting : more) flags.push_back(std::move(setting));
  return daemon::load_settings({.flags = std::move(flags)}).settings;
}

}  // namespace

Composed::Composed(const Folder& folder, std::vector<std::string> more_settings)
    : parts(settings_in(folder, std::move(more_settings)), log, [](const std::string&) {}) {}

void Composed::run(const std::function<async::Task<void>()>& body) {
  bool over = false;
  std::exception_ptr error;
  auto ended = [&](std::exception_ptr thrown) {
    over = true;
    error = thrown;
  };
  parts.loop.restart();
  // While only a thread of the storage pool is at work, the loop has nothing of its own to do.
  auto work = boost::asio::make_work_guard(parts.loop);
  boost::asio::co_spawn(parts.loop, body(), ended);
  while (!over) parts.loop.run_one();
  work.reset();
  parts.loop.run();
  if (error) std::rethrow_exception(error);
}

}  // namespace tidemark::test
