#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/async/clock.hpp"
#include "http/head.hpp"
#include "http/read_buffer.hpp"
#include "http/server.hpp"

namespace tidemark::http {

class RequestParser;

// The server's side of one connection: requests in, answers out, one after the other.
//
// Limits on rests, handlers and writes are watched by one timer for the whole connection, because a
// race per step would cost more than the step; it notices at most a quarter of the shortest of them
// late. Requests that do not come in one piece get their own exact limits.
class Session {
 public:
  Session(std::unique_ptr<async::Connection> connection, Peer peer, async::Clock& clock,
          const ServerLimits& limits, const Handler& handler, const OnServerError& on_error);
  ~Session();

  async::Task<void> run();

  // Closes at once between two requests and while streaming; else after the answer under way.
  void finish_soon();
  void close() noexcept { connection_->close(); }
  [[nodiscard]] bool idle() const noexcept { return step_ == Step::idle && buffer_.empty(); }
  // A request has begun to come in.
  [[nodiscard]] bool receiving() const noexcept {
    return step_ == Step::receive || (step_ == Step::idle && !buffer_.empty());
  }
  // When the step it is in began.
  [[nodiscard]] async::SteadyTime since() const noexcept { return since_; }

 private:
  enum class Step { idle, receive, handle, write, stream };
  // Why a request is not served. The connection ends after the answer, because nobody can tell
  // where the next request would begin.
  struct Refusal {
    unsigned status;
    std::string_view type, title, detail;
  };

  async::Task<void> serve();
  async::Task<void> watch();
  async::Task<std::optional<Request>> next_request();
  async::Task<Request> receive_request();
  async::Task<void> read_head(RequestParser& parser);
  async::Task<void> read_body(RequestParser& parser);
  async::Task<void> read_more();
  void feed(RequestParser& parser);

  async::Task<void> answer(Request request);
  async::Task<Reply> handled(Request request);
  void begin_head(Reply& reply, bool is_head);
  BodyFraming framing(const Reply& reply, bool is_head);
  async::Task<void> write_with_body(const std::string& body);
  async::Task<void> write_stream(const Stream& stream);
  async::Task<void> run_stream(const Stream& stream);
  async::Task<void> send_chunk(std::string_view chunk);
  async::Task<void> until_peer_leaves();
  void rest_in_stream();

  async::Task<void> refuse(const Refusal& refusal);
  async::Task<void> write(std::string_view bytes);
  async::Task<void> linger();
  void enter(Step step, async::Milliseconds limit);
  void report(const std::string& where, const std::exception_ptr& error) const;

  std::unique_ptr<async::Connection> connection_;
  Peer peer_;
  async::Clock& clock_;
  const ServerLimits& limits_;
  const Handler& handler_;
  const OnServerError& on_error_;

  ReadBuffer buffer_{8 * 1024};
  std::string out_;
  std::string where_;  // method and path of the request under way, for reports
  Step step_ = Step::idle;
  async::SteadyTime since_, until_;
  bool peer_gone_ = false;
  bool is_http_1_1_ = true;
  bool keep_alive_ = true;
  bool stopping_ = false;
};

}  // namespace tidemark::http
