#include "tests/simulators/graph/profile.hpp"

#include <fmt/format.h>

#include <array>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/numbers.hpp"

namespace tidemark::simulators {

namespace {

constexpr std::array first_names{"Ada",   "Björn",   "Chloé", "Đorđe", "Emeka",    "Fatima",
                                 "Grace", "Hiroshi", "Inés",  "João",  "Kateřina", "Li",
                                 "Mona",  "Noor",    "Olga",  "Priya", "Zoë",      "小林"};
constexpr std::array last_names{"Lovelace", "Ångström",     "O'Neil", "García",
                                "Nakamura", "Müller",       "Okafor", "Singh",
                                "Smith",    "van den Berg", "Ивано́в", "Yılmaz"};
constexpr std::array places{"Berlin",
                            "São Paulo",
                            "Zürich, CH",
                            "東京",
                            "127.0.0.1",
                            "Nairobi",
                            "San Francisco, CA",
                            "Earth",
                            "Paris \"Île-de-France\""};
constexpr std::array bios{"I write code.",
                          "Compilers & coffee ☕",
                          "<b>bold</b> claims",
                          "Line one\r\nline two",
                          "\"quoted\" \\ slashed, comma",
                          "👩‍💻",
                          "Maintainer; of; too, many things"};
constexpr std::array companies{"@acme", "ACME, Inc.", "University of Łódź", "self"};

template <class Texts>
std::string pick(Numbers& numbers, const Texts& texts, std::uint64_t of_ten) {
  if (numbers.below(10) >= of_ten) return {};
  return texts[numbers.below(texts.size())];
}

// Many are near 0, few near scale / 0.002.
std::uint32_t few_have_many(Numbers& numbers, double scale) {
  return static_cast<std::uint32_t>(scale / (numbers.unit() + 0.002));
}

std::int64_t between(Numbers& numbers, std::int64_t from_s, std::int64_t to_s) {
  return from_s +
         static_cast<std::int64_t>(numbers.below(static_cast<std::uint64_t>(to_s - from_s) + 1));
}

}  // namespace

Profile make_profile(std::uint64_t seed, std::uint64_t database_id, const std::string& login) {
  static const std::int64_t first_s = *parse_moment("2008-02-01T00:00:00Z");
  static const std::int64_t last_s = *parse_moment("2024-12-31T00:00:00Z");
  static const std::int64_t latest_s = *parse_moment("2026-06-30T00:00:00Z");
  Numbers numbers(seed, database_id);
  Profile made;
  made.created_s = between(numbers, first_s, last_s);
  made.updated_s = between(numbers, made.created_s, latest_s);
  made.name = pick(numbers, first_names, 8);
  if (!made.name.empty()) made.name += std::string(" ") + last_names[numbers.below(12)];
  made.location = pick(numbers, places, 5);
  made.bio = pick(numbers, bios, 4);
  made.company = pick(numbers, companies, 3);
  if (numbers.below(10) < 3) made.email = login + "@example.com";
  if (numbers.below(10) < 2) made.website = "https://" + login + ".example";
  if (numbers.below(10) < 2) made.twitter = login;
  made.hireable = numbers.below(5) == 0;
  made.gists = few_have_many(numbers, 0.3);
  return made;
}

std::uint32_t repository_count(std::uint64_t seed, std::uint64_t database_id) {
  Numbers numbers(seed + 1, database_id);
  return few_have_many(numbers, 0.7);
}

}  // namespace tidemark::simulators
