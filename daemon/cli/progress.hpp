#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

namespace tidemark::daemon {

// "██████░░" for `done` of `total` in so many columns.
[[nodiscard]] std::string progress_bar(std::int64_t done, std::int64_t total, std::size_t columns);
// What a job or member waits for or does, in words: "running", "waiting for quota until …".
[[nodiscard]] std::string doing_text(const boost::json::object& job, std::int64_t now_ms);
// "member 12345678  37 of 120 weeks ██████░░ waiting for quota until 14:32:05 (GitHub graphql: 0 of
// 20 left)", of a job as /v1/jobs/{id} shows it. The bar takes what the words leave of `columns`;
// 0 columns, for what is not a terminal: no bar.
[[nodiscard]] std::string progress_line(const boost::json::object& job, std::int64_t now_ms,
                                        std::size_t columns);

// Shows one line that changes: redrawn in place on a terminal, one plain line a change elsewhere.
class LiveLine {
 public:
  LiveLine();
  // Of the terminal; 0: there is none.
  [[nodiscard]] std::size_t columns() const;
  void show(const std::string& line);
  // Leaves the last line standing.
  void end();

 private:
  bool on_terminal_;
  std::string last_;
};

[[nodiscard]] std::int64_t wall_now_ms();

}  // namespace tidemark::daemon
