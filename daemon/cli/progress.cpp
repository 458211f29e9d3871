#include "daemon/cli/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "daemon/cli/table.hpp"
#include "daemon/time_text.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

std::string progress_bar(std::int64_t done, std::int64_t total, std::size_t columns) {
  const double share =
      total <= 0 ? 0 : std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
  // Full only when all is done.
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(columns));
  std::string bar;
  for (std::size_t i = 0; i < columns; ++i) bar += i < filled ? "█" : "░";
  return bar;
}

std::string doing_text(const json::object& job, std::int64_t now_ms) {
  const auto wait = object_of(job, "wait");
  if (!wait.empty()) {
    return wait_text(text_of(wait, "reason"), number_of(wait, "until_ms"), now_ms);
  }
  const auto state = text_of(job, "state");
  if (state == "ready") return "queued";
  const auto error = text_of(job, "last_error");
  return state == "dead" && !error.empty() ? fmt::format("dead: {}", error) : state;
}

std::string progress_line(const json::object& job, std::int64_t now_ms, std::size_t columns) {
  constexpr std::size_t bar_most = 16, bar_least = 4;
  const auto kind = text_of(job, "kind"), key = text_of(job, "key");
  const std::string doing = doing_text(job, now_ms);
  std::string line =
      kind == "sync" ? fmt::format("member {}", key) : fmt::format("{} {}", kind, key);
  const auto progress = object_of(job, "progress");
  if (!progress.empty()) {
    const auto done = number_of(progress, "done"), total = number_of(progress, "total");
    line += fmt::format("  {} of {} {}", done, total, text_of(progress, "unit"));
    // What it waits for and until when matters more than the bar; the details behind it do not.
    const std::size_t needed = line.size() + 2 + doing.substr(0, doing.find(" (")).size();
    const std::size_t bar = std::min(bar_most, columns > needed ? columns - needed : 0);
    if (bar >= bar_least) line += ' ' + progress_bar(done, total, bar);
  }
  return fmt::format("{} {}", line, doing);
}

LiveLine::LiveLine() : on_terminal_(::isatty(STDOUT_FILENO) == 1) {}

std::size_t LiveLine::columns() const {
  if (!on_terminal_) return 0;
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 10;
  return known ? size.ws_col - 1U : 79U;
}

void LiveLine::show(const std::string& line) {
  if (line == last_) return;
  last_ = line;
  if (!on_terminal_) {
    fmt::print("{}\n", line);
  } else {
    // A line that wraps could not be redrawn.
    fmt::print("\r\033[2K{}", clipped(line, columns()));
  }
  std::fflush(stdout);
}

void LiveLine::end() {
  if (on_terminal_ && !last_.empty()) fmt::print("\n");
  std::fflush(stdout);
}

std::int64_t wall_now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace tidemark::daemon
