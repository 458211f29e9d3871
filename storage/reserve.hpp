#pragma once

#include <functional>

#include "storage/engine.hpp"
#include "storage/store.hpp"

namespace tidemark::storage {

// An engine that keeps some room on its disk free, and may spend it.
class Reserve {
 public:
  virtual ~Reserve() = default;
  // As Engine::write, also when only that room is left; DiskFull when not even that is.
  virtual void write_from_reserve(const std::function<void(Writer&)>& body) = 0;
};

// Store::write with Durability::now, for the few small writes that nobody can ask for again: they
// may use the room that is kept free, if the engine keeps any.
[[nodiscard]] boost::asio::awaitable<void> write_from_reserve(Store& store,
                                                              std::function<void(Writer&)> body);

}  // namespace tidemark::storage
