#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <charconv>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/openhumans.hpp"
#include "tests/simulators/openhumans/answers.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

constexpr std::size_t page_default = 100;
constexpr std::string_view base_path = "/api/direct-sharing/";

std::size_t number_of(const http::Form& query, std::string_view name, std::size_t otherwise) {
  auto text = http::form_value(query, name);
  std::size_t value = 0;
  if (!text) return otherwise;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  return error == std::errc() ? value : otherwise;
}

bool is_known(std::string_view path) {
  static constexpr std::string_view known[] = {"project/",
                                               "project/exchange-member/",
                                               "project/members/",
                                               "project/files/upload/direct/",
                                               "project/files/upload/complete/",
                                               "project/files/delete/",
                                               "project/message/",
                                               "project/remove-members/"};
  std::string_view name = path.substr(base_path.size());
  return std::find(std::begin(known), std::end(known), name) != std::end(known);
}

std::string with_fraction(std::int64_t unix_ms) {
  std::string text = format_moment(floor_divide(unix_ms, 1000));
  text.insert(text.size() - 1, ".806977");
  return text;
}

}  // namespace

std::optional<http::Response> OpenHumansSimulator::read_body(Step& step) {
  if (step.request.method != "POST" || step.request.body.empty()) return std::nullopt;
  std::string_view type = step.request.headers.find("Content-Type").value_or("");
  if (type.find("application/json") != std::string_view::npos) {
    boost::system::error_code error;
    json::value parsed = json::parse(step.request.body, error);
    if (error || !parsed.is_object()) {
      return shapes::detail(400, "JSON parse error - Expecting value: line 1 column 1 (char 0)");
    }
    step.fields = std::move(parsed.as_object());
  } else if (type.find("x-www-form-urlencoded") != std::string_view::npos) {
    auto form = http::decode_form(step.request.body);
    if (!form) return shapes::html(400);
    for (const auto& [name, value] : *form) step.fields[name] = value;
  } else {
    return shapes::detail(415, "Unsupported media type \"" + std::string(type) + "\" in request.");
  }
  return std::nullopt;
}

http::Response OpenHumansSimulator::api(Step& step) {
  if (!is_known(step.path)) return shapes::html(404);
  if (auto refusal = authenticate(step)) return std::move(*refusal);
  std::string_view name = std::string_view(step.path).substr(base_path.size());
  bool reads =
      name == "project/" || name == "project/exchange-member/" || name == "project/members/";
  if (step.request.method != (reads ? "GET" : "POST")) {
    return shapes::detail(405, "Method \"" + step.request.method + "\" not allowed.");
  }
  if (auto refusal = read_body(step)) return std::move(*refusal);
  if (name == "project/members/") return members_page(step);
  if (name == "project/") {
    return shapes::json(200, json::object{{"id", settings_.project_id},
                                          {"id_label", source()},
                                          {"name", "tidemark"},
                                          {"slug", "tidemark"},
                                          {"active", true}});
  }
  if (step.master && step.member == nullptr) {
    std::optional<std::string> id = shapes::text_of(step.fields, "project_member_id");
    if (auto in_query = http::form_value(step.query, "project_member_id"))
      id = std::string(*in_query);
    if (!id && name == "project/exchange-member/") return shapes::html(500);
    if (id) step.member = find_member(*id);
    if (step.member == nullptr) {
      return shapes::field_text("project_member_id", "project_member_id is invalid");
    }
  }
  if (name == "project/exchange-member/") return exchange_member(step);
  if (name == "project/files/upload/direct/") return upload_direct(step);
  if (name == "project/files/upload/complete/") return upload_complete(step);
  if (name == "project/files/delete/") return delete_files(step);
  if (name == "project/message/") return message(step);
  leave(step.member->id);  // remove-members
  // The webhook's code dies after the member is out.
  if (!settings_.deauth_webhook.empty()) return shapes::html(500);
  return shapes::json(200, json::string("success"));
}

http::Response OpenHumansSimulator::message(Step& step) {
  if (!shapes::text_of(step.fields, "message")) {
    return shapes::errors("message", "This field is required.");
  }
  return shapes::json(200, json::string("success"));
}

json::object OpenHumansSimulator::listed(const StoredFile& file, std::int64_t now_ms) {
  std::string key = make_text(36);
  keys_[key] = Key{file.id, now_ms};
  std::string project = file.source.substr(file.source.rfind('-') + 1);
  return json::object{{"id", file.id},
                      {"basename", file.basename},
                      {"created", with_fraction(file.created_ms)},
                      {"datatypes", json::array{}},
                      {"download_url", settings_.url + "/data-management/datafile-download/" +
                                           std::to_string(file.id) + "/?key=" + key},
                      {"metadata", file.metadata},
                      {"source", file.source},
                      {"source_project", settings_.url + "/api/public/project/" + project + "/"}};
}

http::Response OpenHumansSimulator::exchange_member(Step& step) {
  std::map<std::pair<std::string, std::uint64_t>, const StoredFile*> visible;
  for (const StoredFile& each : files_) {
    bool ours = each.source == source();
    for (const std::string& shared : step.member->sources_shared)
      ours = ours || shared == each.source;
    if (ours && each.completed && !each.deleted && each.member_id == step.member->id) {
      visible[{each.source, each.id}] = &each;
    }
  }
  std::size_t limit = number_of(step.query, "limit", page_default);
  if (limit == 0) limit = page_default;
  std::size_t offset = number_of(step.query, "offset", 0);
  json::array data;
  std::size_t index = 0;
  for (const auto& [order, file] : visible) {
    if (index >= offset && index < offset + limit) data.push_back(listed(*file, step.now_ms));
    ++index;
  }
  // The next address repeats the query, a token in it too.
  auto page_at = [&](std::size_t at) {
    http::Form form;
    for (const auto& field : step.query) {
      if (field.first != "limit" && field.first != "offset") form.push_back(field);
    }
    form.emplace_back("limit", std::to_string(limit));
    if (at > 0) form.emplace_back("offset", std::to_string(at));
    return json::value(json::string(settings_.url + step.path + "?" + http::encode_form(form)));
  };
  json::array shared;
  for (const std::string& each : step.member->sources_shared) shared.push_back(json::string(each));
  json::object body{
      {"count", visible.size()},
      {"next", offset + limit < visible.size() ? page_at(offset + limit) : json::value(nullptr)},
      {"previous",
       offset > 0 ? page_at(offset > limit ? offset - limit : 0) : json::value(nullptr)},
      {"created", with_fraction(step.member->created_ms)},
      {"project_member_id", step.member->id},
      {"sources_shared", std::move(shared)},
      {"data", std::move(data)}};
  if (!step.member->username.empty()) body["username"] = step.member->username;
  return shapes::json(200, body);
}

http::Response OpenHumansSimulator::members_page(Step& step) {
  bool in_query = http::form_value(step.query, "access_token").has_value();
  if (!step.master) return shapes::detail(401, "Invalid token.");
  if (!in_query && !members_.empty()) return shapes::html(500);
  json::array results;
  for (const OpenHumansMember& each : members_) {
    if (each.left) continue;
    json::array data;
    for (const StoredFile* file : files(each.id)) {
      if (data.size() < 10) data.push_back(listed(*file, step.now_ms));
    }
    results.push_back(json::object{
        {"created", with_fraction(each.created_ms)},
        {"project_member_id", each.id},
        {"file_count", files(each.id).size()},
        {"exchange_member", settings_.url +
                                "/api/direct-sharing/project/exchange-member/?access_token=" +
                                settings_.master_token + "&project_member_id=" + each.id},
        {"sources_shared", json::array{}},
        {"data", std::move(data)}});
  }
  return shapes::json(200, json::object{{"count", results.size()},
                                        {"next", nullptr},
                                        {"previous", nullptr},
                                        {"results", std::move(results)}});
}

}  // namespace tidemark::simulators
