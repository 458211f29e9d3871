#pragma once

#include <cstdint>

// What is on disk, table by table. Keys are written with KeyWriter, values with ValueWriter
// (storage/codec.hpp): "text" is zero-terminated in keys and length-prefixed in values, uN and iN are
// big-endian in keys and varints in values. Every value begins with its version byte.
//
// To be completed by each repository file: table, key, value, example, version.

namespace tidemark::storage {

// The format of the store as a whole; see migrations.hpp.
inline constexpr std::uint32_t store_format = 1;

}  // namespace tidemark::storage
