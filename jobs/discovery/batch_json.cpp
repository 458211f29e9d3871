#include "jobs/discovery/batch_json.hpp"

namespace tidemark::jobs::discovery {

namespace json = boost::json;

namespace {

json::array ids_json(const std::vector<UserId>& ids) { return json::array(ids.begin(), ids.end()); }

std::vector<UserId> read_ids(const json::value& value) {
  std::vector<UserId> ids;
  for (const json::value& id : value.as_array()) ids.push_back(id.to_number<UserId>());
  return ids;
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

}  // namespace

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

}  // namespace tidemark::jobs::discovery
