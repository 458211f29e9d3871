#include "tests/binary/daemon_process.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <sstream>

#include "http/client.hpp"
#include "http/net.hpp"
#include "tests/support/run.hpp"

namespace tidemark::test {

std::vector<std::string> DaemonFolder::settings() const {
  std::vector<std::string> words;
  for (const std::string& setting :
       {"store.path=" + file("store"), "store.key_file=" + file("key"),
        std::string("store.free_mb_min=1"), "control.socket=" + file("control.sock"),
        std::string("control.tcp_port=0"), "control.token_file=" + file("token"),
        std::string("public.port=0"), std::string("github.api_url=http://127.0.0.1:9"),
        std::string("github.graphql_url=http://127.0.0.1:9/graphql"),
        std::string("openhumans.url=http://127.0.0.1:9")}) {
    words.push_back("--set");
    words.push_back(setting);
  }
  return words;
}

Launch DaemonFolder::launch(std::vector<std::string> words,
                            std::vector<std::string> more_settings) const {
  for (const auto& setting : settings()) words.push_back(setting);
  for (const auto& setting : more_settings) {
    words.push_back("--set");
    words.push_back(setting);
  }
  Launch launch;
  launch.program = TIDEMARK_BINARY_DIR "/tidemark";
  launch.arguments = std::move(words);
  launch.environment = {{"NOTIFY_SOCKET", ""}, {"JOURNAL_STREAM", ""}, {"TZ", "UTC"}};
  return launch;
}

Finished DaemonFolder::run(std::vector<std::string> words, std::string input) const {
  Launch started = launch(std::move(words));
  started.input = std::move(input);
  return run_process(started);
}

std::string DaemonFolder::read(const std::string& name) const {
  std::ifstream stream(file(name), std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

namespace {

Launch with_environment(Launch launch,
                        std::vector<std::pair<std::string, std::string>> environment) {
  for (auto& variable : environment) {
    std::erase_if(launch.environment, [&](const auto& old) { return old.first == variable.first; });
    launch.environment.push_back(std::move(variable));
  }
  return launch;
}

http::Url url_of(const std::string& where, const std::string& target) {
  http::Url url;
  url.target = target;
  const auto colon = where.rfind(':');
  if (where.starts_with('/')) {
    url.endpoint.host = where;
  } else {
    url.endpoint.host = where.substr(0, colon);
    url.endpoint.port = where.substr(colon + 1);
  }
  return url;
}

}  // namespace

ServingDaemon::ServingDaemon(const DaemonFolder& folder, std::vector<std::string> more_settings,
                             std::vector<std::pair<std::string, std::string>> environment)
    : process(with_environment(folder.launch({"serve"}, std::move(more_settings)),
                               std::move(environment))) {
  const auto began = std::chrono::steady_clock::now();
  if (!process.wait_for_error_text(" serves ")) {
    throw std::runtime_error("the daemon does not serve; it said: " + process.errors());
  }
  start_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  const std::string mark = "http://127.0.0.1:";
  const auto& log = process.errors();
  const auto at = log.find(mark);
  if (at == std::string::npos) return;
  const auto begin = at + mark.size();
  port = log.substr(begin, log.find_first_not_of("0123456789", begin) - begin);
}

HttpAnswer ask(const std::string& where, const std::string& method, const std::string& target,
               std::vector<std::pair<std::string, std::string>> headers, const std::string& body) {
  http::Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  request.headers.set("Host", "localhost");
  for (const auto& [name, value] : headers) request.headers.set(name, value);
  HttpAnswer answer;
  run([&]() -> async::Task<void> {
    const async::Executor executor = co_await boost::asio::this_coro::executor;
    async::RealClock clock;
    const auto connector = http::make_connector(executor, clock, {});
    http::Client client(executor, clock, *connector, {}, "tests");
    http::ExchangeOptions options;
    options.deadline = async::Deadline::after(clock, async::Milliseconds(10'000));
    auto exchanged = co_await client.exchange(url_of(where, target), request, options);
    client.close();
    answer.status = static_cast<int>(exchanged.response.status);
    answer.etag = exchanged.response.headers.find("ETag").value_or("");
    answer.body = std::move(exchanged.response.body);
  });
  boost::system::error_code error;
  const auto value = boost::json::parse(answer.body, error);
  if (!error && value.is_object()) answer.json = value.get_object();
  return answer;
}

bool bytes_on_disk(const std::string& folder, const std::string& bytes) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (text.str().find(bytes) != std::string::npos) return true;
  }
  return false;
}

}  // namespace tidemark::test
