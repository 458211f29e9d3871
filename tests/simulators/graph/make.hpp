#pragma once

#include <cstdint>
#include <string>

#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

// Ids of files begin at 0 or 1; GitHub's of today have eight digits and more.
constexpr std::uint64_t database_id_offset = 10'000'000;

// Files as in shared/data/README.md, plain or .gz: `logins` has lines "id,name", more columns are
// left alone; `edges` has lines "id_1,id_2", and both follow each other. An account's database id
// is its number in the file plus database_id_offset. Who has no name there is called "user" and the
// number; so is a name that another account has taken, with the number behind it. Either file may
// be left out. Throws WorldError with file and line.
void load_graph(World& world, const std::string& edges_file, const std::string& logins_file);

// So many accounts "dev000000" to "dev…" and follows; few have very many followers. About a third
// is mutual. Everybody is reachable from everybody when follows are gone along both ways.
void make_graph(World& world, std::uint64_t seed, std::uint64_t accounts, std::uint64_t follows);

}  // namespace tidemark::simulators
