#include "jobs/discovery/crawl.hpp"

#include <boost/json.hpp>

#include "storage/cursors.hpp"
#include "storage/engine.hpp"

namespace tidemark::jobs::discovery {

namespace json = boost::json;

namespace {

json::array ids_json(const std::vector<UserId>& ids) { return json::array(ids.begin(), ids.end()); }

std::vector<UserId> read_ids(const json::value& value) {
  std::vector<UserId> ids;
  for (const json::value& id : value.as_array()) ids.push_back(id.to_number<UserId>());
  return ids;
}

json::object seeds_json(const SeedAdaptation& seeds) {
  return json::object{{"at_once", seeds.at_once},
                      {"apart", seeds.apart},
                      {"others_first", seeds.others_first},
                      {"failures", seeds.failures}};
}

void read_seeds_of(const json::object& object, SeedAdaptation& seeds) {
  const json::value* value = object.if_contains("seeds");
  if (value == nullptr) return;  // cursors of before
  seeds.at_once = value->at("at_once").to_number<std::size_t>();
  seeds.apart = value->at("apart").as_bool();
  seeds.others_first = value->at("others_first").as_bool();
  seeds.failures = value->at("failures").to_number<std::uint32_t>();
}

json::array trust_json(const CountTrust& trust) {
  return json::array{trust.things, trust.gap, trust.since_ms, trust.questions};
}

void read_trust_of(const json::object& object, CountTrust& trust) {
  const json::value* value = object.if_contains("counts");
  if (value == nullptr) return;  // cursors of before
  const json::array& cells = value->as_array();
  trust.things = cells.at(0).to_number<std::size_t>();
  trust.gap = cells.at(1).to_number<std::uint64_t>();
  trust.since_ms = cells.at(2).to_number<std::int64_t>();
  trust.questions = cells.at(3).to_number<std::uint32_t>();
}

json::object adaptation_json(const Adaptation& adaptation) {
  json::array demoted;
  for (const auto& [id, demotion] : adaptation.demoted) {
    demoted.push_back(json::array{id, demotion.page_size, demotion.alone, demotion.by_rest,
                                  demotion.since_ms, demotion.without, demotion.without_until_ms});
  }
  return json::object{{"parents", adaptation.parents},
                      {"connections", adaptation.connections},
                      {"good", adaptation.good_in_a_row},
                      {"patience", adaptation.patience},
                      {"heavy", adaptation.heavy_in_a_row},
                      {"parents_before", adaptation.parents_before},
                      {"connections_before", adaptation.connections_before},
                      {"truncates_at", adaptation.truncates_at},
                      {"truncated_ms", adaptation.truncated_ms},
                      {"trusted", adaptation.trusted},
                      {"seeds", seeds_json(adaptation.seeds)},
                      {"counts", trust_json(adaptation.counts)},
                      {"demoted", std::move(demoted)}};
}

Adaptation read_adaptation(const json::value& value) {
  Adaptation adaptation;
  adaptation.parents = value.at("parents").to_number<std::size_t>();
  adaptation.connections = value.at("connections").to_number<std::size_t>();
  adaptation.good_in_a_row = value.at("good").to_number<std::uint32_t>();
  adaptation.patience = value.at("patience").to_number<std::uint32_t>();
  adaptation.heavy_in_a_row = value.at("heavy").to_number<std::uint32_t>();
  // Cursors of before had no such sizes.
  const auto size_before = [&](std::string_view key) {
    const json::value* size = value.as_object().if_contains(key);
    return size == nullptr ? 0 : size->to_number<std::size_t>();
  };
  adaptation.parents_before = size_before("parents_before");
  adaptation.connections_before = size_before("connections_before");
  adaptation.truncates_at = value.at("truncates_at").to_number<std::size_t>();
  adaptation.truncated_ms = value.at("truncated_ms").to_number<std::int64_t>();
  adaptation.trusted = value.at("trusted").to_number<std::size_t>();
  read_seeds_of(value.as_object(), adaptation.seeds);
  read_trust_of(value.as_object(), adaptation.counts);
  for (const json::value& row : value.at("demoted").as_array()) {
    const json::array& cells = row.as_array();
    Demotion& demotion = adaptation.demoted[cells.at(0).to_number<UserId>()];
    demotion = Demotion{cells.at(1).to_number<std::uint32_t>(), cells.at(2).as_bool(),
                        cells.at(3).as_bool(), cells.at(4).to_number<std::int64_t>()};
    if (cells.size() < 7) continue;  // cursors of before left no list out
    demotion.without = cells.at(5).to_number<std::uint32_t>();
    demotion.without_until_ms = cells.at(6).to_number<std::int64_t>();
  }
  return adaptation;
}

json::array lists_json(const BatchLists& lists) {
  json::array rows;
  for (const auto& [id, marks] : lists) {
    rows.push_back(json::array{id, marks.ended, marks.touched, marks.compared});
  }
  return rows;
}

json::value counts_json(const std::optional<ListCounts>& counts) {
  return counts ? json::value(json::array(counts->begin(), counts->end())) : json::value(nullptr);
}

std::optional<ListCounts> read_list_counts(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  ListCounts counts = {};
  for (std::size_t index = 0; index < counts.size(); ++index) {
    counts[index] = value.as_array().at(index).to_number<std::uint64_t>();
  }
  return counts;
}

json::array doubts_json(const std::vector<Doubted>& doubts) {
  json::array rows;
  for (const Doubted& each : doubts) {
    rows.push_back(json::array{each.id, counts_json(each.counted), counts_json(each.apart),
                               counts_json(each.again), counts_json(each.alone)});
  }
  return rows;
}

void read_doubts(const json::value& value, Batch& batch) {
  for (const json::value& row : value.as_array()) {
    const json::array& cells = row.as_array();
    batch.doubts.push_back({cells.at(0).to_number<UserId>(),
                            read_list_counts(cells.at(1)).value_or(ListCounts{}),
                            read_list_counts(cells.at(2)), read_list_counts(cells.at(3)),
                            read_list_counts(cells.at(4))});
  }
}

// Cursors of before held one at most.
void read_doubted(const json::object& object, Batch& batch) {
  const auto doubted = object.at("doubted").to_number<UserId>();
  if (doubted == 0) return;
  std::erase(batch.samples, doubted);
  batch.tried.push_back(doubted);
  batch.doubts.push_back(
      {doubted, read_list_counts(object.at("counted")).value_or(ListCounts{}), {}, {}, {}});
}

json::object batch_json(const Batch& batch) {
  return json::object{{"accounts", ids_json(batch.accounts)},
                      {"samples", ids_json(batch.samples)},
                      {"parents", batch.parents},
                      {"pages", batch.pages},
                      {"doubts", doubts_json(batch.doubts)},
                      {"apart_among", batch.apart_among},
                      {"lists", lists_json(batch.lists)},
                      {"tried", ids_json(batch.tried)},
                      {"compared", batch.compared},
                      {"failures", batch.failures}};
}

void read_progress(const json::value& value, Batch& batch) {
  for (const json::value& row : value.at("lists").as_array()) {
    const json::array& cells = row.as_array();
    ListMarks& marks = batch.lists[cells.at(0).to_number<UserId>()];
    marks.ended = cells.at(1).to_number<std::uint8_t>();
    marks.touched = cells.at(2).to_number<std::uint8_t>();
    marks.compared = cells.size() > 3 && cells.at(3).as_bool();  // not in cursors of before
  }
  batch.tried = read_ids(value.at("tried"));
  batch.compared = value.at("compared").to_number<std::uint32_t>();
  batch.failures = value.at("failures").to_number<std::uint32_t>();
}

Batch read_batch(const json::value& value) {
  Batch batch;
  batch.accounts = read_ids(value.at("accounts"));
  batch.samples = read_ids(value.at("samples"));
  batch.parents = value.at("parents").to_number<std::size_t>();
  batch.pages = value.at("pages").to_number<std::size_t>();
  // Cursors of before had none of it.
  if (value.as_object().contains("lists")) read_progress(value, batch);
  const json::value* doubts = value.as_object().if_contains("doubts");
  if (doubts == nullptr) {
    read_doubted(value.as_object(), batch);
  } else {
    read_doubts(*doubts, batch);
    batch.apart_among = value.at("apart_among").to_number<std::size_t>();
  }
  return batch;
}

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
