#pragma once

#include <cstdint>
#include <string>

namespace tidemark::simulators {

// What an account says of itself. Empty texts are null for GitHub, but an empty e-mail address is
// an empty text in GraphQL.
struct Profile {
  std::string name, location, bio, company, email, website, twitter;
  bool hireable = false;
  std::int64_t created_s = 0, updated_s = 0;
  std::uint64_t gists = 0;
};

// Made up anew whenever it is asked for: the same from the same seed and number.
[[nodiscard]] Profile make_profile(std::uint64_t seed, std::uint64_t database_id,
                                   const std::string& login);
// How many repositories of its own such an account has: none for many, some hundred for a few.
[[nodiscard]] std::uint32_t repository_count(std::uint64_t seed, std::uint64_t database_id);

}  // namespace tidemark::simulators
