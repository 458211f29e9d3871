#include "tests/support/simulated_pipe.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>
#include <cstddef>
#include <deque>
#include <stdexcept>
#include <string>

#include "tests/support/chance.hpp"

namespace tidemark::test {

namespace asio = boost::asio;

namespace {

constexpr std::size_t buffered_bytes_max = 256 * 1024;

[[noreturn]] void fail(const boost::system::error_code& code, const char* where) {
  throw boost::system::system_error(code, where);
}

// What one end writes and the other reads.
struct Direction {
  explicit Direction(SimulatedLoop& loop) : data_came(loop), room_came(loop) {}

  // When the next bytes, or the end, can be read.
  [[nodiscard]] async::SteadyTime next_arrival() const noexcept {
    if (!chunks.empty()) return chunks.front().arrives;
    if (ended) return end_arrives;
    return async::SteadyTime::max();
  }

  std::size_t take(std::span<char> into) {
    if (chunks.empty()) {
      if (cut_short) fail(asio::ssl::error::stream_truncated, "simulated read");
      return 0;
    }
    Chunk& first = chunks.front();
    std::size_t count = std::min(into.size(), first.bytes.size() - first.taken);
    std::copy_n(first.bytes.data() + first.taken, count, into.data());
    first.taken += count;
    buffered -= count;
    if (first.taken == first.bytes.size()) chunks.pop_front();
    room_came.notify();
    return count;
  }

  void put(std::string_view bytes, async::SteadyTime arrives) {
    chunks.push_back(Chunk{arrives, std::string(bytes), 0});
    buffered += bytes.size();
    data_came.notify();
  }

  void end(async::SteadyTime arrives, bool without_close_notify) {
    if (ended) return;
    ended = true;
    cut_short = without_close_notify;
    end_arrives = arrives;
    data_came.notify();
  }

  struct Chunk {
    async::SteadyTime arrives;
    std::string bytes;
    std::size_t taken;
  };
  std::deque<Chunk> chunks;
  std::size_t buffered = 0;
  async::SteadyTime end_arrives = async::SteadyTime::min();
  bool ended = false;
  bool cut_short = false;
  bool reader_gone = false;
  bool writer_told = false;  // the next write fails
  Waiter data_came;
  Waiter room_came;
};

class PipeEnd final : public async::Connection {
 public:
  PipeEnd(SimulatedLoop& loop, PipeSettings settings, async::Random* cuts,
          std::shared_ptr<Direction> incoming, std::shared_ptr<Direction> outgoing)
      : loop_(loop),
        settings_(settings),
        cuts_(cuts),
        incoming_(std::move(incoming)),
        outgoing_(std::move(outgoing)) {}
  ~PipeEnd() override { close(); }

  async::Task<std::size_t> read_some(std::span<char> into) override {
    if (into.empty()) throw std::logic_error("read_some needs room for at least one byte");
    if (closed_) fail(asio::error::bad_descriptor, "simulated read");
    while (incoming_->next_arrival() > loop_.steady_now()) {
      Waiter::Outcome outcome = co_await incoming_->data_came.wait(incoming_->next_arrival());
      if (closed_ || outcome == Waiter::Outcome::cancelled) {
        fail(asio::error::operation_aborted, "simulated read");
      }
    }
    co_return incoming_->take(into);
  }

  async::Task<void> write(std::string_view bytes) override {
    if (closed_) fail(asio::error::bad_descriptor, "simulated write");
    if (bytes.empty() || swallowed() || cut_now(bytes)) co_return;
    while (true) {
      std::size_t count = std::min(bytes.size(), buffered_bytes_max - outgoing_->buffered);
      if (count > 0) outgoing_->put(bytes.substr(0, count), arrival());
      bytes.remove_prefix(count);
      if (bytes.empty()) co_return;
      Waiter::Outcome outcome = co_await outgoing_->room_came.wait(async::SteadyTime::max());
      if (closed_ || outcome == Waiter::Outcome::cancelled) {
        fail(asio::error::operation_aborted, "simulated write");
      }
      if (swallowed()) co_return;
    }
  }

  [[nodiscard]] bool quiet() const noexcept override {
    return !closed_ && incoming_->next_arrival() > loop_.steady_now();
  }

  void close() noexcept override {
    if (closed_) return;
    closed_ = true;
    outgoing_->end(arrival(), false);
    incoming_->reader_gone = true;
    for (Waiter* waiter : {&incoming_->data_came, &incoming_->room_came, &outgoing_->room_came}) {
      waiter->notify();
    }
  }

  [[nodiscard]] std::string peer() const override { return "simulated"; }

 private:
  [[nodiscard]] async::SteadyTime arrival() const { return loop_.steady_now() + settings_.latency; }

  // The peer has closed: it takes TCP one more write to notice.
  bool swallowed() {
    if (!outgoing_->reader_gone && !outgoing_->ended) return false;
    if (outgoing_->writer_told) fail(asio::error::broken_pipe, "simulated write");
    outgoing_->writer_told = true;
    return true;
  }

  // The stream breaks somewhere inside these bytes; the writer does not notice.
  bool cut_now(std::string_view bytes) {
    if (cuts_ == nullptr || !happens(*cuts_, settings_.cut_answer)) return false;
    std::string_view before = bytes.substr(0, cuts_->below(bytes.size()));
    if (!before.empty()) outgoing_->put(before, arrival());
    outgoing_->end(arrival(), settings_.tls);
    outgoing_->writer_told = true;
    return true;
  }

  SimulatedLoop& loop_;
  PipeSettings settings_;
  async::Random* cuts_;  // null: this end's writes are never cut
  std::shared_ptr<Direction> incoming_;
  std::shared_ptr<Direction> outgoing_;
  bool closed_ = false;
};

}  // namespace

PipeEnds make_pipe(SimulatedLoop& loop, async::Random& random, PipeSettings settings) {
  auto question = std::make_shared<Direction>(loop);
  auto answer = std::make_shared<Direction>(loop);
  async::Random* cuts = settings.cut_answer > 0 ? &random : nullptr;
  PipeEnds ends;
  ends.asking = std::make_unique<PipeEnd>(loop, settings, nullptr, answer, question);
  ends.answering = std::make_unique<PipeEnd>(loop, settings, cuts, question, answer);
  return ends;
}

}  // namespace tidemark::test
