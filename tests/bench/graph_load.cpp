#include "tests/bench/graph_load.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "tests/binary/daemon_process.hpp"

namespace tidemark::bench {

namespace {

using Clock = std::chrono::steady_clock;

// Requests are made beforehand, and their order is that of the file.
constexpr const char* script = R"(
local requests, last = {}, 0
function init(arguments)
  for target in io.lines(arguments[1]) do requests[#requests + 1] = wrk.format("GET", target) end
end
function request()
  last = last % #requests + 1
  return requests[last]
end
)";

void require_program(const std::string& program, const std::string& package) {
  if (::access(program.c_str(), X_OK) == 0) return;
  throw std::runtime_error(program + " is missing (package " + package + ")");
}

double number_behind(const std::string& text, const std::string& mark) {
  const auto at = text.find(mark);
  return at == std::string::npos ? 0 : std::stod(text.substr(at + mark.size()));
}

std::string free_port() {
  boost::asio::io_context context;
  const boost::asio::ip::tcp::acceptor acceptor(context,
                                                {boost::asio::ip::make_address("127.0.0.1"), 0});
  return std::to_string(acceptor.local_endpoint().port());
}

}  // namespace

Load::Load(std::string port, std::string token, const std::vector<std::string>& targets)
    : port_(std::move(port)), token_(std::move(token)) {
  require_program("/usr/bin/wrk", "wrk");
  std::string lines;
  for (const std::string& target : targets) lines += target + "\n";
  folder_.write("targets", lines);
  folder_.write("load.lua", script);
}

Load::Answered Load::run(int seconds) const {
  test::Launch launch;
  launch.program = "/usr/bin/wrk";
  launch.arguments = {"-t1", "-c32", "-d" + std::to_string(seconds) + "s"};
  if (!token_.empty()) {
    launch.arguments.insert(launch.arguments.end(), {"-H", "Authorization: Bearer " + token_});
  }
  launch.arguments.insert(
      launch.arguments.end(),
      {"-s", folder_.file("load.lua"), "http://127.0.0.1:" + port_, "--", folder_.file("targets")});
  const auto finished = test::run_process(launch, std::chrono::seconds(seconds + 20));
  const std::string& told = finished.output;
  const bool refused = told.find("Non-2xx") != std::string::npos;
  const bool lost = told.find("Socket errors") != std::string::npos;
  const auto count_at = told.rfind('\n', told.find(" requests in "));
  if (finished.code != 0 || refused || lost || count_at == std::string::npos) {
    throw std::runtime_error("wrk: " + told + finished.errors);
  }
  return {number_behind(told, "Requests/sec:"),
          std::stoull(told.substr(told.find_first_of("0123456789", count_at)))};
}

FlaskServer::FlaskServer(const std::string& database, const std::string& table_of_edges)
    : port_(free_port()) {
  require_program("/usr/bin/gunicorn", "gunicorn");
  test::Launch launch;
  launch.program = "/usr/bin/setpriv";
  // Threads keep connections open between requests, which is faster here than gunicorn's default.
  launch.arguments = {"--pdeathsig", "TERM", "--", "/usr/bin/gunicorn"};
  launch.arguments.insert(
      launch.arguments.end(),
      {"--workers", "2", "--worker-class", "gthread", "--threads", "1", "--bind",
       "127.0.0.1:" + port_, "--chdir", TIDEMARK_SOURCE_DIR "/tests/bench", "graph_flask:app"});
  launch.environment = {{"GRAPH_DATABASE", database},
                        {"GRAPH_EDGES", table_of_edges},
                        {"PYTHONDONTWRITEBYTECODE", "1"}};
  process_ = std::make_unique<test::Process>(launch);
  const auto until = Clock::now() + std::chrono::seconds(20);
  while (true) {
    try {
      if (test::ask("127.0.0.1:" + port_, "GET", "/v1/users?limit=1").status == 200) return;
    } catch (const std::exception&) {
      // Not yet.
    }
    if (!process_->running() || Clock::now() > until) {
      throw std::runtime_error(
          "Flask does not answer (packages gunicorn, python3-flask, python3-psycopg2): " +
          process_->errors());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

FlaskServer::~FlaskServer() {
  try {
    process_->signal(SIGTERM);  // ends its workers too
    process_->wait();
  } catch (const std::exception&) {
    // It was killed then.
  }
}

}  // namespace tidemark::bench
