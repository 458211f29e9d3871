#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tidemark::test {

// "000012.log holds headline" for each file of a store's folder and each text that is found in it:
// as it stands there, and in tables also in what they hold compressed, tombstones and old versions
// included. The store may be open.
[[nodiscard]] std::vector<std::string> traces_in(const std::filesystem::path& folder,
                                                 const std::vector<std::string>& texts);

}  // namespace tidemark::test
