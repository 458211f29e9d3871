#include "daemon/routes/graph/github_page.hpp"

#include <charconv>

#include "daemon/routes/graph/github_ids.hpp"
#include "daemon/routes/graph/queries.hpp"

namespace tidemark::daemon::graph {

namespace {

constexpr std::uint64_t page_most = github_rows_most / github_page_rows;
constexpr const char* page_name = "page";

std::optional<std::uint64_t> page_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && stop == text.data() + text.size();
  if (!whole || number == 0 || number > page_most) return std::nullopt;
  return number;
}

}  // namespace

const QueryParameters& github_page_query() {
  static const QueryParameters all = {whole_number(page_name, 1, page_most, 1)};
  return all;
}

std::optional<GithubPage> GithubPage::read(const http::Call& call) {
  GithubPage page;
  page.origin_ = origin_of(call.request);
  page.path_ = call.request.target.substr(0, call.request.target.find('?'));
  for (const auto& [name, value] : call.query) {
    if (name != page_name) {
      page.others_.emplace_back(name, value);
      continue;
    }
    const auto number = page_number(value);
    if (!number) return std::nullopt;
    page.number_ = *number;
  }
  return page;
}

std::string GithubPage::url(std::uint64_t number) const {
  http::Form query = others_;
  // The first page has no number, as before.
  if (number != 1) query.emplace_back(page_name, std::to_string(number));
  std::string url = origin_ + path_;
  if (!query.empty()) url += "?" + http::encode_form(query);
  return url;
}

http::Reply GithubPage::answer(std::uint64_t count, std::string_view results) const {
  if (number_ > 1 && count <= first_row()) return github_not_found("Invalid page.");
  const bool more = count > first_row() + github_page_rows && number_ < page_most;
  JsonText json(results.size() + 500);
  json.object().number("count", count);
  json.text_or_null("next", more ? url(number_ + 1) : "");
  json.text_or_null("previous", number_ > 1 ? url(number_ - 1) : "");
  std::string body = json.take();
  body.append(",\"results\":").append(results).append("}");
  return http::json_reply(200, std::move(body));
}

http::Reply github_not_found(std::string_view detail) {
  JsonText json;
  return http::json_reply(404, json.object().text("detail", detail).end_object().take());
}

http::Reply github_bad_filter(const FilterProblem& problem) {
  // A name that has passed the list of fields: plain ASCII.
  JsonText json;
  json.object().array(problem.parameter).text(problem.problem).end_array().end_object();
  return http::json_reply(400, json.take());
}

}  // namespace tidemark::daemon::graph
