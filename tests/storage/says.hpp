#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace tidemark::storage::test {

// For BOOST_CHECK_EXCEPTION: the message holds these words.
inline auto says(std::string words) {
  return [words = std::move(words)](const std::exception& error) {
    return std::string_view(error.what()).find(words) != std::string_view::npos;
  };
}

}  // namespace tidemark::storage::test
