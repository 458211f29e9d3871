#include "jobs/sync/cursor.hpp"

#include <boost/json.hpp>

#include "storage/engine.hpp"

namespace tidemark::jobs::sync {
namespace {

namespace json = boost::json;

// Short keys: a long list of parts is rewritten after every answer.
json::object part_json(const Part& part) {
  json::object object{{"k", static_cast<int>(part.kind)}};
  if (part.year != 0) object["y"] = part.year;
  if (part.weeks != 0) {
    object["w"] = part.first_week;
    object["n"] = part.weeks;
  }
  if (!part.connection.empty()) object["c"] = part.connection;
  if (!part.repository.empty()) {
    object["r"] = part.repository;
    object["s"] = part.since_s;
    object["u"] = part.until_s;
  }
  if (part.audit) object["t"] = true;
  if (!part.after.empty()) object["a"] = part.after;
  if (part.got != 0) object["g"] = part.got;
  if (part.expected != 0) object["e"] = part.expected;
  if (part.page_size != 100) object["p"] = part.page_size;
  if (part.tries != 0) object["x"] = part.tries;
  return object;
}

template <class Value>
Value number(const json::object& object, std::string_view key, Value otherwise) {
  const json::value* found = object.if_contains(key);
  return found == nullptr ? otherwise : found->to_number<Value>();
}

std::string text(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(key);
  return found == nullptr ? std::string() : std::string(found->as_string());
}

Part read_part(const json::object& object) {
  Part part;
  part.kind = static_cast<PartKind>(object.at("k").to_number<int>());
  part.year = number<std::int32_t>(object, "y", 0);
  part.first_week = number<std::int32_t>(object, "w", 0);
  part.weeks = number<std::int32_t>(object, "n", 0);
  part.connection = text(object, "c");
  part.repository = text(object, "r");
  part.since_s = number<std::int64_t>(object, "s", 0);
  part.until_s = number<std::int64_t>(object, "u", 0);
  part.audit = object.contains("t");
  part.after = text(object, "a");
  part.got = number<std::uint64_t>(object, "g", 0);
  part.expected = number<std::uint64_t>(object, "e", 0);
  part.page_size = number<std::uint32_t>(object, "p", 100);
  part.tries = number<std::uint32_t>(object, "x", 0);
  return part;
}

template <class Body>
auto decoded(std::string_view what, std::string_view bytes, Body body) {
  try {
    return body(json::parse(json::string_view(bytes.data(), bytes.size())).as_object());
  } catch (const storage::StoreError&) {
    throw;
  } catch (const std::exception& error) {
    throw storage::CorruptRecord("the " + std::string(what) + " of a sync cannot be read (" +
                                 error.what() + "): run `tidemark check`");
  }
}

json::object counts_json(const std::map<std::int32_t, std::uint64_t>& counts) {
  json::object object;
  for (const auto& [key, count] : counts) object[std::to_string(key)] = count;
  return object;
}

std::map<std::int32_t, std::uint64_t> read_counts(const json::value& value) {
  std::map<std::int32_t, std::uint64_t> counts;
  for (const auto& [key, count] : value.as_object()) {
    counts[std::stoi(std::string(key))] = count.to_number<std::uint64_t>();
  }
  return counts;
}

json::array numbers_json(const std::set<std::int32_t>& numbers) {
  return json::array(numbers.begin(), numbers.end());
}

std::set<std::int32_t> read_numbers(const json::value& value) {
  std::set<std::int32_t> numbers;
  for (const json::value& entry : value.as_array()) numbers.insert(entry.to_number<std::int32_t>());
  return numbers;
}

json::array texts_json(const std::set<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

std::set<std::string> read_texts(const json::value& value) {
  std::set<std::string> texts;
  for (const json::value& entry : value.as_array()) texts.emplace(entry.as_string());
  return texts;
}

}  // namespace

std::string encode_cursor(const Cursor& cursor) {
  json::array pending;
  for (const Part& part : cursor.pending) pending.push_back(part_json(part));
  json::object expected;
  for (const auto& [repository, counts] : cursor.expected) {
    expected[repository] = counts_json(counts);
  }
  json::object audits;
  for (const auto& [repository, total] : cursor.audits) audits[repository] = total;
  json::object rounds;
  for (const auto& [repository, count] : cursor.audit_rounds) rounds[repository] = count;
  return json::serialize(
      json::object{{"version", 1},
                   {"generation", cursor.generation},
                   {"now_s", cursor.now_s},
                   {"known_before",
                    cursor.known_before ? json::value(*cursor.known_before) : json::value(nullptr)},
                   {"windows_planned", cursor.windows_planned},
                   {"histories_planned", cursor.histories_planned},
                   {"years", numbers_json(cursor.years)},
                   {"calendar_years", numbers_json(cursor.calendar_years)},
                   {"edge_days", counts_json(cursor.edge_days)},
                   {"digests", counts_json(cursor.digests)},
                   {"windows_asked", numbers_json(cursor.windows_asked)},
                   {"histories_asked", texts_json(cursor.histories_asked)},
                   {"unreadable", texts_json(cursor.unreadable)},
                   {"touched", numbers_json(cursor.touched)},
                   {"pending", std::move(pending)},
                   {"expected", std::move(expected)},
                   {"audits", std::move(audits)},
                   {"audit_rounds", std::move(rounds)}});
}

Cursor decode_cursor(std::string_view bytes) {
  return decoded("cursor", bytes, [](const json::object& object) {
    Cursor cursor;
    cursor.generation = object.at("generation").to_number<std::uint32_t>();
    cursor.now_s = object.at("now_s").to_number<std::int64_t>();
    if (const json::value& known = object.at("known_before"); !known.is_null()) {
      cursor.known_before = known.to_number<std::int32_t>();
    }
    cursor.windows_planned = object.at("windows_planned").as_bool();
    cursor.histories_planned = object.at("histories_planned").as_bool();
    cursor.years = read_numbers(object.at("years"));
    cursor.calendar_years = read_numbers(object.at("calendar_years"));
    cursor.edge_days = read_counts(object.at("edge_days"));
    cursor.digests = read_counts(object.at("digests"));
    cursor.windows_asked = read_numbers(object.at("windows_asked"));
    cursor.touched = read_numbers(object.at("touched"));
    cursor.histories_asked = read_texts(object.at("histories_asked"));
    cursor.unreadable = read_texts(object.at("unreadable"));
    for (const json::value& part : object.at("pending").as_array()) {
      cursor.pending.push_back(read_part(part.as_object()));
    }
    for (const auto& [repository, counts] : object.at("expected").as_object()) {
      cursor.expected[std::string(repository)] = read_counts(counts);
    }
    for (const auto& [repository, total] : object.at("audits").as_object()) {
      cursor.audits[std::string(repository)] = total.to_number<std::uint64_t>();
    }
    for (const auto& [repository, count] : object.at("audit_rounds").as_object()) {
      cursor.audit_rounds[std::string(repository)] = count.to_number<std::uint32_t>();
    }
    return cursor;
  });
}

std::string encode_memory(const Memory& memory) {
  json::object troubles;
  for (const auto& [cause, list] : memory.troubles) {
    json::array rows;
    for (const Trouble& trouble : list) {
      rows.push_back(json::object{
          {"reason", trouble.reason}, {"from", trouble.from_week}, {"until", trouble.until_week}});
    }
    troubles[cause] = std::move(rows);
  }
  return json::serialize(json::object{{"version", 1},
                                      {"year_totals", counts_json(memory.year_totals)},
                                      {"window_connections", memory.window_connections},
                                      {"troubles", std::move(troubles)}});
}

Memory decode_memory(std::string_view bytes) {
  return decoded("memory", bytes, [](const json::object& object) {
    Memory memory;
    memory.year_totals = read_counts(object.at("year_totals"));
    memory.window_connections = object.at("window_connections").to_number<std::uint64_t>();
    for (const auto& [cause, rows] : object.at("troubles").as_object()) {
      std::vector<Trouble>& list = memory.troubles[std::string(cause)];
      for (const json::value& row : rows.as_array()) {
        const json::object& fields = row.as_object();
        list.push_back(Trouble{std::string(fields.at("reason").as_string()),
                               fields.at("from").to_number<std::int32_t>(),
                               fields.at("until").to_number<std::int32_t>()});
      }
    }
    return memory;
  });
}

}  // namespace tidemark::jobs::sync
