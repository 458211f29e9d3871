#include "jobs/discovery/crawl.hpp"

#include <boost/json.hpp>

#include "jobs/discovery/adaptation_json.hpp"
#include "jobs/discovery/batch_json.hpp"
#include "storage/cursors.hpp"
#include "storage/engine.hpp"

namespace tidemark::jobs::discovery {

namespace json = boost::json;

namespace {

json::object rest_json(const RestReading& reading) {
  json::array lists;
  for (const List list : reading.lists) lists.emplace_back(static_cast<int>(list));
  return json::object{{"id", reading.id},           {"login", reading.login},
                      {"profile", reading.profile}, {"lists", std::move(lists)},
                      {"reason", reading.reason},   {"failures", reading.failures}};
}

RestReading read_rest(const json::value& value) {
  RestReading reading;
  reading.id = value.at("id").to_number<UserId>();
  reading.login = std::string(value.at("login").as_string());
  reading.profile = value.at("profile").as_bool();
  for (const json::value& list : value.at("lists").as_array()) {
    reading.lists.push_back(static_cast<List>(list.to_number<int>()));
  }
  reading.reason = std::string(value.at("reason").as_string());
  const json::value* failures = value.as_object().if_contains("failures");  // not in older ones
  if (failures != nullptr) reading.failures = failures->to_number<std::uint32_t>();
  return reading;
}

json::array minutes_json(const Crawl& crawl) {
  json::array minutes;
  for (const Minute& each : crawl.minutes) {
    if (each.minute == 0) continue;
    minutes.push_back(
        json::array{each.minute, each.found, each.read, each.edges, each.points, each.requests});
  }
  return minutes;
}

void read_minutes(const json::value& value, Crawl& crawl) {
  std::size_t index = 0;
  for (const json::value& row : value.as_array()) {
    if (index == crawl.minutes.size()) break;
    const json::array& cells = row.as_array();
    const auto count = [&](std::size_t at) { return cells.at(at).to_number<std::uint64_t>(); };
    crawl.minutes[index++] = Minute{
        cells.at(0).to_number<std::int64_t>(), count(1), count(2), count(3), count(4), count(5)};
  }
}

void read_counts(const json::object& object, Crawl& crawl) {
  const auto count = [&](std::string_view key) {
    return object.at(key).to_number<std::uint64_t>();
  };
  crawl.started_ms = object.at("started_ms").to_number<std::int64_t>();
  crawl.found = count("found");
  crawl.read = count("read");
  crawl.edges = count("edges");
  crawl.repositories = count("repositories");
  crawl.ended = count("ended");
  crawl.points = count("points");
  crawl.requests = count("requests");
}

Crawl read_crawl(const json::object& object) {
  Crawl crawl;
  crawl.viewer = object.at("viewer").to_number<UserId>();
  crawl.viewer_login = std::string(object.at("viewer_login").as_string());
  crawl.token_digest = std::string(object.at("token_digest").as_string());
  crawl.anonymous = object.at("anonymous").as_bool();
  crawl.email_refused = object.at("email_refused").as_bool();
  crawl.adaptation = read_adaptation(object.at("adaptation"));
  for (const json::value& batch : object.at("batches").as_array()) {
    crawl.batches.push_back(read_batch(batch));
  }
  if (const json::value& by_rest = object.at("by_rest"); !by_rest.is_null()) {
    crawl.by_rest = read_rest(by_rest);
  }
  for (const json::value& reading : object.at("for_rest").as_array()) {
    crawl.for_rest.push_back(read_rest(reading));
  }
  if (object.contains("apart_after")) {  // not in cursors of before
    crawl.questions_since_apart = object.at("questions_since_apart").to_number<std::uint32_t>();
    crawl.apart_after = object.at("apart_after").to_number<UserId>();
  }
  crawl.gists_after = object.at("gists_after").to_number<UserId>();
  const json::value* swept = object.if_contains("swept_after");  // not in cursors of before
  if (swept != nullptr) crawl.swept_after = swept->to_number<UserId>();
  read_counts(object, crawl);
  read_minutes(object.at("minutes"), crawl);
  return crawl;
}

}  // namespace

std::string encode_crawl(const Crawl& crawl) {
  json::array batches, for_rest;
  for (const Batch& batch : crawl.batches) batches.push_back(batch_json(batch));
  for (const RestReading& reading : crawl.for_rest) for_rest.push_back(rest_json(reading));
  json::value by_rest;
  if (crawl.by_rest) by_rest = rest_json(*crawl.by_rest);
  return json::serialize(json::object{{"version", 1},
                                      {"viewer", crawl.viewer},
                                      {"viewer_login", crawl.viewer_login},
                                      {"token_digest", crawl.token_digest},
                                      {"anonymous", crawl.anonymous},
                                      {"email_refused", crawl.email_refused},
                                      {"adaptation", adaptation_json(crawl.adaptation)},
                                      {"batches", std::move(batches)},
                                      {"by_rest", std::move(by_rest)},
                                      {"for_rest", std::move(for_rest)},
                                      {"questions_since_apart", crawl.questions_since_apart},
                                      {"apart_after", crawl.apart_after},
                                      {"gists_after", crawl.gists_after},
                                      {"swept_after", crawl.swept_after},
                                      {"started_ms", crawl.started_ms},
                                      {"found", crawl.found},
                                      {"read", crawl.read},
                                      {"edges", crawl.edges},
                                      {"repositories", crawl.repositories},
                                      {"ended", crawl.ended},
                                      {"points", crawl.points},
                                      {"requests", crawl.requests},
                                      {"minutes", minutes_json(crawl)}});
}

Crawl decode_crawl(std::string_view bytes) {
  try {
    return read_crawl(json::parse(json::string_view(bytes.data(), bytes.size())).as_object());
  } catch (const std::exception& error) {
    throw storage::CorruptRecord(std::string("the cursor of the crawl cannot be read (") +
                                 error.what() + "): run `tidemark check`");
  }
}

Crawl load_crawl(const storage::Reader& reader) {
  const auto bytes = storage::find_cursor(reader, cursor_owner, cursor_name);
  return bytes ? decode_crawl(*bytes) : Crawl{};
}

void put_crawl(storage::Writer& writer, const Crawl& crawl) {
  storage::put_cursor(writer, cursor_owner, cursor_name, encode_crawl(crawl));
}

}  // namespace tidemark::jobs::discovery
