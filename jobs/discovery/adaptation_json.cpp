#include "jobs/discovery/adaptation_json.hpp"

#include <boost/json.hpp>

namespace tidemark::jobs::discovery {

namespace json = boost::json;

namespace {

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

json::object pages_json(const PageAdaptation& pages) {
  return json::object{{"at_once", pages.at_once},
                      {"patience", pages.patience},
                      {"good", pages.good_in_a_row},
                      {"left_out", pages.left_out},
                      {"suspects", pages.suspects}};
}

void read_pages_of(const json::object& object, PageAdaptation& pages) {
  const json::value* value = object.if_contains("pages");
  if (value == nullptr) return;  // cursors of before
  pages.at_once = value->at("at_once").to_number<std::size_t>();
  pages.patience = value->at("patience").to_number<std::uint32_t>();
  pages.good_in_a_row = value->at("good").to_number<std::uint32_t>();
  pages.left_out = value->at("left_out").as_bool();
  pages.suspects = value->at("suspects").to_number<std::size_t>();
}

json::object gists_json(const GistAdaptation& gists) {
  json::array passed_over;
  for (const auto& [id, since_ms] : gists.passed_over) {
    passed_over.push_back(json::array{id, since_ms});
  }
  return json::object{{"left_out", gists.left_out}, {"pause", gists.pause},
                      {"paused", gists.paused},     {"suspects", gists.suspects},
                      {"failures", gists.failures}, {"passed_over", std::move(passed_over)}};
}

void read_gists_of(const json::object& object, GistAdaptation& gists) {
  const json::value* value = object.if_contains("gists");
  if (value == nullptr) return;  // cursors of before
  gists.left_out = value->at("left_out").as_bool();
  gists.pause = value->at("pause").to_number<std::uint32_t>();
  gists.paused = value->at("paused").to_number<std::uint32_t>();
  gists.suspects = value->at("suspects").to_number<std::size_t>();
  gists.failures = value->at("failures").to_number<std::uint32_t>();
  for (const json::value& row : value->at("passed_over").as_array()) {
    const json::array& cells = row.as_array();
    gists.passed_over[cells.at(0).to_number<UserId>()] = cells.at(1).to_number<std::int64_t>();
  }
}

void read_demoted(const json::array& rows, Adaptation& adaptation) {
  for (const json::value& row : rows) {
    const json::array& cells = row.as_array();
    Demotion& demotion = adaptation.demoted[cells.at(0).to_number<UserId>()];
    demotion = Demotion{cells.at(1).to_number<std::uint32_t>(), cells.at(2).as_bool(),
                        cells.at(3).as_bool(), cells.at(4).to_number<std::int64_t>()};
    if (cells.size() < 7) continue;  // cursors of before left no list out
    demotion.without = cells.at(5).to_number<std::uint32_t>();
    demotion.without_until_ms = cells.at(6).to_number<std::int64_t>();
  }
}

}  // namespace

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
                      {"pages", pages_json(adaptation.pages)},
                      {"gists", gists_json(adaptation.gists)},
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
  read_pages_of(value.as_object(), adaptation.pages);
  read_gists_of(value.as_object(), adaptation.gists);
  read_demoted(value.at("demoted").as_array(), adaptation);
  return adaptation;
}

}  // namespace tidemark::jobs::discovery
