#include <fmt/format.h>

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "daemon/json_text.hpp"
#include "daemon/routes/answers.hpp"
#include "daemon/routes/graph/multipart.hpp"
#include "daemon/routes/graph/routes.hpp"
#include "http/utf8.hpp"
#include "jobs/discovery/seeds.hpp"

namespace tidemark::daemon::graph {

namespace {

struct Task {
  std::string_view name;
  bool username = false, repo_name = false;  // required
};
constexpr std::array<Task, 3> tasks = {{{"full_profile_sync", true, false},
                                        {"full_repository_sync", true, true},
                                        {"discovery_scraper", false, false}}};

async::Task<http::Reply> list_tasks(http::Call) {
  JsonText json;
  json.array();
  std::uint64_t id = 1;
  for (const Task& task : tasks) {
    json.object()
        .number("id", id++)
        .text("name", task.name)
        .text("username", task.username ? "required" : "n/a")
        .text("repo_name", task.repo_name ? "required" : "n/a")
        .end_object();
  }
  co_return http::json_reply(200, json.end_array().take());
}

// Of a form in either coding or of a JSON object: a text, or nothing.
class TaskOrder {
 public:
  explicit TaskOrder(const http::Request& request) {
    const auto type = request.headers.find("Content-Type").value_or("");
    if (type.find("multipart/form-data") != std::string_view::npos) {
      form_ = decode_multipart(type, request.body);
      return;
    }
    if (type.find("json") == std::string_view::npos) {
      if (auto form = http::decode_form(request.body)) form_ = std::move(*form);
      if (!form_.empty() && !request.body.starts_with('{')) return;
    }
    boost::system::error_code error;
    const auto value = boost::json::parse(request.body, error);
    if (error || !value.is_object()) return;
    form_.clear();
    for (const auto& field : value.get_object()) {
      const auto* text = field.value().if_string();
      if (text == nullptr) continue;
      form_.emplace_back(field.key(), std::string(text->data(), text->size()));
    }
  }
  [[nodiscard]] std::optional<std::string> field(std::string_view name) const {
    const auto value = http::form_value(form_, name);
    return value ? std::optional<std::string>(*value) : std::nullopt;
  }

 private:
  http::Form form_;
};

http::Reply refused(std::string_view error) {
  JsonText json;
  json.object().text("success", "no").text("error", http::as_utf8(error)).end_object();
  return http::json_reply(406, json.take());
}

// Names of repositories: letters, digits, and . - _
bool is_repository_name(std::string_view name) {
  constexpr std::string_view allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
  return !name.empty() && name.size() <= 100 &&
         name.find_first_not_of(allowed) == std::string_view::npos;
}

// What is wrong with it, in the words of before; empty: nothing.
std::string problem_of(const TaskOrder& order, std::string_view name) {
  const auto* task = std::ranges::find(tasks, name, &Task::name);
  if (task == tasks.end()) {
    return fmt::format("task name {} not recognized", name.substr(0, 100));
  }
  if (task->username && !jobs::discovery::is_login(order.field("username").value_or(""))) {
    return "Missing username. Provide a valid github username";
  }
  if (task->repo_name && !is_repository_name(order.field("repo_name").value_or(""))) {
    return "Missing repo_name. Provide a valid repository name";
  }
  return {};
}

// A profile and a repository come with the account that is read: it becomes a seed. Our crawl reads
// all that is stale by itself, so the scraper is that crawl, begun now.
async::Task<http::Reply> start_task(RouteServices& services, http::Call call) {
  const TaskOrder order(call.request);
  const std::string name = order.field("name").value_or("None");
  const std::string problem = problem_of(order, name);
  if (!problem.empty()) co_return refused(problem);
  if (!services.discovery_enabled) co_return refused(discovery_off);
  const std::string username = order.field("username").value_or("");
  auto work = [&](storage::Writer& writer) {
    if (name == tasks.back().name) {
      jobs::discovery::start_crawl(writer, services.now_ms());
      return true;
    }
    return jobs::discovery::name_seed(writer, username, services.now_ms()).denied.empty();
  };
  const bool taken = co_await services.store.write(storage::Durability::soon, work);
  if (!taken) co_return refused("this account is on the deny-list");
  services.runner.wake();
  co_return http::json_reply(200, R"({"success":"yes"})");
}

}  // namespace

void add_github_task_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back({.method = "GET",
                    .pattern = "/github/tasks/",
                    .summary = "What can be ordered, and what an order must say",
                    .handle = list_tasks});
  routes.push_back(
      {.method = "POST",
       .pattern = "/github/tasks/",
       .summary = "Orders one of them, as a form or as JSON",
       .writes = true,
       .handle = [&services](http::Call call) { return start_task(services, std::move(call)); }});
}

}  // namespace tidemark::daemon::graph
