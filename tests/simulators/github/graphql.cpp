#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "tests/simulators/github.hpp"
#include "tests/simulators/github/view.hpp"
#include "tests/simulators/moment.hpp"
#include "tests/simulators/sign_in/authorization.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

struct Body {
  std::string query, operation;
  json::object variables;
};

std::optional<Body> parse_body(const std::string& text) {
  boost::system::error_code error;
  json::value parsed = json::parse(text, error);
  if (error || !parsed.is_object()) return std::nullopt;
  Body body;
  const json::object& fields = parsed.as_object();
  const json::value* query = fields.if_contains("query");
  if (query == nullptr || !query->is_string()) return std::nullopt;
  body.query = std::string(query->as_string());
  if (const json::value* variables = fields.if_contains("variables")) {
    if (variables->is_object())
      body.variables = variables->as_object();
    else if (!variables->is_null())
      return std::nullopt;
  }
  if (const json::value* name = fields.if_contains("operationName"); name && name->is_string()) {
    body.operation = std::string(name->as_string());
  }
  return body;
}

bool asks_dry_run(const graphql::Query& query) {
  for (const graphql::Selection& each : query.operation->selections) {
    json::object arguments = graphql::arguments_of(each, query.variables);
    const json::value* dry = arguments.if_contains("dryRun");
    if (each.name == "rateLimit" && dry != nullptr && dry->is_bool() && dry->as_bool()) return true;
  }
  return false;
}

graphql::Resolved rate_limit(const QuotaWindow& window, const graphql::Price& price) {
  graphql::Record::Fields fields{{"cost", json::value(price.cost)},
                                 {"limit", json::value(window.limit)},
                                 {"remaining", json::value(window.remaining())},
                                 {"used", json::value(window.used)},
                                 {"nodeCount", json::value(price.nodes)},
                                 {"resetAt", moment(window.reset_s())}};
  return ObjectPointer(std::make_shared<graphql::Record>("RateLimit", std::move(fields)));
}

// Only what the price asks: the other fields are not run.
graphql::Query without_data(graphql::Query query) {
  graphql::Operation& operation =
      query.document
          .operations[static_cast<std::size_t>(query.operation - query.document.operations.data())];
  std::erase_if(operation.selections,
                [](const graphql::Selection& each) { return each.name != "rateLimit"; });
  return query;
}

}  // namespace

void GithubSimulator::answer_graphql(Step& step) {
  using Kind = Caller::Kind;
  if (step.request.method != "POST") {
    step.outcome.response = message_response(404, "Not Found");
    return;
  }
  if (step.caller.kind == Kind::anonymous || step.caller.kind == Kind::bad) {
    bool bad = step.caller.kind == Kind::bad;
    step.outcome.response = message_response(
        401, bad ? "Bad credentials" : "This endpoint requires you to be authenticated.");
    const QuotaWindow& anonymous = quota_.window(step.caller.owner, "core", step.now_ms);
    set_rate_headers(step.outcome.response.headers, anonymous, "core");
    return;
  }
  std::optional<Body> body = parse_body(step.request.body);
  QuotaWindow& window = quota_.window(step.caller.owner, "graphql", step.now_ms);
  if (!body) {
    step.outcome.response = message_response(400, "Problems parsing JSON");
    set_rate_headers(step.outcome.response.headers, window, "graphql");
    return;
  }
  graphql::Query query = graphql::prepare(graphql::github_schema(), body->query,
                                          std::move(body->variables), body->operation);
  run_query(step, query, window);
}

void GithubSimulator::run_query(Step& step, const graphql::Query& query, QuotaWindow& window) {
  graphql::Price price;
  if (query.errors.empty())
    price = graphql::price(graphql::github_schema(), query, settings_.price);
  bool dry = query.errors.empty() && asks_dry_run(query);
  if (!dry && !quota_.spend(window, price.cost)) return refuse_primary(step, window);
  if (window.refused) return refuse_primary(step, window);
  step.asked.points = dry ? 0 : price.cost;
  step.requests = price.requests;
  step.free = dry;
  if (!query.errors.empty()) {
    step.outcome.response = json_response(200, json::object{{"errors", query.errors}});
    set_rate_headers(step.outcome.response.headers, window, "graphql");
    return;
  }
  if (refuse_scopes(step, query)) {
    set_rate_headers(step.outcome.response.headers, window, "graphql");
    return;
  }
  View view;
  view.world = &world_;
  view.viewer = step.caller.account();
  view.sees_private =
      step.caller.token != nullptr && step.caller.token->scopes.find("repo") != std::string::npos;
  view.now_s = step.now_s;
  view.days_whole = settings_.days_whole;
  view.faults = step.faults;
  view.lists = settings_.lists;
  view.nodes = price.nodes;
  view.truncate_parents = settings_.truncate_parents;
  view.truncate_entries = settings_.truncate_entries;
  view.hide_one_in = settings_.hide_one_in;
  if (view.truncate_parents > 0) {
    view.parents = graphql::count_parents(graphql::github_schema(), query);
  }
  view.rate_limit = rate_limit(window, price);
  std::unique_ptr<graphql::Object> root = make_root(view);
  json::object answer;
  if (dry) {
    graphql::Query priced = without_data(graphql::prepare(graphql::github_schema(),
                                                          parse_body(step.request.body)->query,
                                                          query.variables, query.operation->name));
    answer = graphql::execute(graphql::github_schema(), priced, *root);
  } else {
    answer = graphql::execute(graphql::github_schema(), query, *root);
  }
  const Fault* timeout = find_fault(step.faults, FaultKind::timeout);
  if (timeout != nullptr && view.weight > timeout->weight && time_out(step)) return;
  step.asked.pages = std::move(view.pages);
  step.outcome.response = json_response(200, answer);
  set_rate_headers(step.outcome.response.headers, window, "graphql");
}

// A person's e-mail address is for tokens that may read people's profiles; a GitHub App's have no
// scopes but permissions, and see it.
bool GithubSimulator::refuse_scopes(Step& step, const graphql::Query& query) {
  const GithubToken* token = step.caller.token;
  std::vector<std::string> scopes = split_words(token != nullptr ? token->scopes : std::string());
  for (std::string_view enough : {"user:email", "read:user", "user"}) {
    if (std::find(scopes.begin(), scopes.end(), enough) != scopes.end()) return false;
  }
  if (token != nullptr && !token->refresh.empty()) return false;
  auto found = graphql::find_selected(graphql::github_schema(), query, "User", "email");
  if (!found) return false;
  std::string message = fmt::format(
      "Your token has not been granted the required scopes to execute this query. The 'email' "
      "field requires one of the following scopes: ['user:email', 'read:user'], but your token has "
      "only been granted the: ['{}'] scopes. Please modify your token's scopes at: "
      "https://github.com/settings/tokens.",
      fmt::join(scopes, "', '"));
  json::object error{
      {"type", "INSUFFICIENT_SCOPES"},
      {"locations", json::array{json::object{{"line", found->line}, {"column", found->column}}}},
      {"message", message}};
  step.outcome.response = json_response(200, json::object{{"errors", json::array{error}}});
  return true;
}

// The same query fails in three ways, in turn.
bool GithubSimulator::time_out(Step& step) {
  step.outcome.delay += async::Milliseconds(10'000);
  std::uint64_t way = timeouts_++ % 3;
  Fault fault;
  fault.status = 504;
  if (way == 2) {
    step.outcome.cut = true;
    return true;
  }
  fault.kind = way == 0 ? FaultKind::status_html : FaultKind::status_json;
  step.outcome.response = broken_response(fault);
  return true;
}

}  // namespace tidemark::simulators
