#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "storage/engine.hpp"
#include "storage/pool.hpp"

namespace tidemark::storage {

// What a commit promises when it returns. Both survive `kill -9`.
enum class Durability {
  soon,  // a power cut may lose the last second: only for what can be derived or fetched again
  now,   // on disk: for what cannot be taken back (a rotated token, an upload, an accepted webhook)
};

// The door to the store for coroutines: one hop to the pool per business operation.
//
//   auto member = co_await store.read([&](const Reader& reader) { return find_member(reader, id);
//   }); co_await store.write(Durability::now, [&](Writer& writer) { put_member(writer, member); });
class Store {
 public:
  Store(Engine& engine, Pool& pool);
  ~Store();

  template <class Body, class Value = std::invoke_result_t<Body, const Reader&>>
  boost::asio::awaitable<Value> read(Body body) {
    auto work = [this, &body]() -> Value {
      if constexpr (std::is_void_v<Value>) {
        engine_.read([&](const Reader& reader) { body(reader); });
      } else {
        std::optional<Value> value;
        engine_.read([&](const Reader& reader) { value.emplace(body(reader)); });
        return std::move(*value);
      }
    };
    co_return co_await pool_.run(std::move(work));
  }

  // For small reads that answer somebody at once: on the caller's own thread when everything is in
  // memory, which spares the hop; otherwise, or when it takes some hundred rows, like `read`.
  // `body` may run twice: it must do nothing but return a value.
  template <class Body, class Value = std::invoke_result_t<Body, const Reader&>>
  boost::asio::awaitable<Value> read_cached(Body body) {
    std::optional<Value> value;
    const std::function<void(const Reader&)> find = [&](const Reader& reader) {
      value.emplace(body(reader));
    };
    if (engine_.try_read_in_memory(find)) co_return std::move(*value);
    co_return co_await read(std::move(body));
  }

  template <class Body, class Value = std::invoke_result_t<Body, Writer&>>
  boost::asio::awaitable<Value> write(Durability durability, Body body) {
    if constexpr (std::is_void_v<Value>) {
      const std::function<void()> work = [this, &body] {
        engine_.write([&](Writer& writer) { body(writer); });
      };
      co_await commit(durability, work);
    } else {
      std::optional<Value> value;
      const std::function<void()> work = [this, &body, &value] {
        engine_.write([&](Writer& writer) { value.emplace(body(writer)); });
      };
      co_await commit(durability, work);
      co_return std::move(*value);
    }
  }

  // With Durability::now, for the few small writes that nobody can ask for again: they may use the
  // room on the disk that is kept free.
  boost::asio::awaitable<void> write_from_reserve(std::function<void(Writer&)> body);

  // Blocking work on the engine that is no transaction, on the pool as well.
  template <class Body, class Value = std::invoke_result_t<Body, Engine&>>
  boost::asio::awaitable<Value> beside(Body body) {
    auto work = [this, &body]() -> Value { return body(engine_); };
    co_return co_await pool_.run(std::move(work));
  }

  // Returns when all that was written before is on disk. Callers that wait at the same time share
  // one fsync (group commit).
  boost::asio::awaitable<void> synced();

  // Called every second by the daemon: puts what `Durability::soon` left behind on disk.
  boost::asio::awaitable<void> flush() { return synced(); }

  // Rises with each write once it is visible, before its writer is told: what was read since this
  // number was asked for is true as long as the number stays.
  [[nodiscard]] std::uint64_t writes() const noexcept { return writes_; }

  [[nodiscard]] Engine& engine() noexcept { return engine_; }

 private:
  class GroupCommit;
  // Runs `write`, and syncs when asked to: one hop, so that a cancellation cannot fall between.
  boost::asio::awaitable<void> commit(Durability durability, const std::function<void()>& write);

  Engine& engine_;
  Pool& pool_;
  std::atomic<std::uint64_t> writes_ = 0;
  std::shared_ptr<GroupCommit> group_commit_;
};

}  // namespace tidemark::storage
