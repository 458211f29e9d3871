#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tidemark::http {

// Foreign text made fit for a log line or a message: one line, control characters and the queries
// of addresses (where signatures and keys live) left out, cut at `bytes_max` between characters.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t bytes_max = 300);
// Blanks where a terminal would see a command, or people another line than there is: control
// characters of both sets, those that turn the direction of writing, bytes that are no UTF-8.
[[nodiscard]] std::string printable(std::string_view text);

// Puts "…" in the place of a secret, wherever the text repeats it.
void hide_secret(std::string& text, std::string_view secret);

[[nodiscard]] bool contains_ignoring_case(std::string_view text, std::string_view what);

}  // namespace tidemark::http
