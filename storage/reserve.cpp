#include "storage/reserve.hpp"

namespace tidemark::storage {

boost::asio::awaitable<void> write_from_reserve(Store& store, std::function<void(Writer&)> body) {
  auto work = [&body](Engine& engine) {
    if (auto* reserve = dynamic_cast<Reserve*>(&engine)) {
      reserve->write_from_reserve(body);
    } else {
      engine.write(body);
    }
  };
  co_await store.beside(work);
  co_await store.synced();
}

}  // namespace tidemark::storage
