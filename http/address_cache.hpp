#pragma once

#include <boost/asio/ip/address.hpp>
#include <memory>
#include <string>
#include <vector>

#include "http/async/clock.hpp"

namespace tidemark::http {

// Name look-ups, remembered for a minute. Asio's resolver has one thread and cannot be interrupted:
// callers of the same name share one look-up, and one that is cancelled leaves it to the others.
class AddressCache {
 public:
  AddressCache(async::Executor executor, async::Clock& clock);
  ~AddressCache();

  // At least one address. Throws boost::system::system_error when there is none.
  async::Task<std::vector<boost::asio::ip::address>> look_up(std::string host);
  // After none of the addresses could be reached: they may have changed.
  void forget(const std::string& host);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tidemark::http
