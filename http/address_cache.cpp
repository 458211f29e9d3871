#include "http/address_cache.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <map>
#include <utility>

namespace tidemark::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr async::Milliseconds remembered{60'000};
constexpr std::size_t names_max = 256;

struct LookUp {
  explicit LookUp(const async::Executor& executor)
      : ended(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer ended;  // never expires: its cancellation is the signal
  bool done = false;
  boost::system::error_code error;
  std::vector<asio::ip::address> addresses;
  async::SteadyTime fresh_until{};
};

}  // namespace

struct AddressCache::State {
  State(async::Executor its_executor, async::Clock& its_clock)
      : executor(std::move(its_executor)), clock(its_clock), resolver(executor) {}

  void begin(const std::string& host, const std::shared_ptr<LookUp>& look_up) {
    async::Clock& its_clock = clock;
    auto keep = [look_up, &its_clock](const boost::system::error_code& error,
                                      const tcp::resolver::results_type& results) {
      look_up->done = true;
      look_up->error = error;
      for (const auto& result : results) {
        look_up->addresses.push_back(result.endpoint().address());
      }
      if (!error && look_up->addresses.empty()) look_up->error = asio::error::host_not_found;
      // A failure is not remembered: only those who waited for it hear of it.
      if (!look_up->error) look_up->fresh_until = its_clock.steady_now() + remembered;
      look_up->ended.cancel();
    };
    resolver.async_resolve(host, "0", tcp::resolver::numeric_service, std::move(keep));
  }

  async::Executor executor;
  async::Clock& clock;
  tcp::resolver resolver;
  std::map<std::string, std::shared_ptr<LookUp>> look_ups;
};

AddressCache::AddressCache(async::Executor executor, async::Clock& clock)
    : state_(std::make_shared<State>(std::move(executor), clock)) {}

AddressCache::~AddressCache() { state_->resolver.cancel(); }

async::Task<std::vector<asio::ip::address>> AddressCache::look_up(std::string host) {
  std::shared_ptr<State> state = state_;
  boost::system::error_code not_an_address;
  std::vector<asio::ip::address> literal{asio::ip::make_address(host, not_an_address)};
  if (!not_an_address) co_return literal;

  auto& known = state->look_ups[host];
  bool usable = known && (!known->done || state->clock.steady_now() < known->fresh_until);
  if (!usable) {
    known = std::make_shared<LookUp>(state->executor);
    state->begin(host, known);
  }
  std::shared_ptr<LookUp> mine = known;
  if (state->look_ups.size() > names_max) {
    std::erase_if(state->look_ups, [](const auto& entry) { return entry.second->done; });
  }
  if (!mine->done) co_await mine->ended.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!mine->done) throw boost::system::system_error(asio::error::operation_aborted);
  if (mine->error) throw boost::system::system_error(mine->error);
  co_return mine->addresses;
}

void AddressCache::forget(const std::string& host) {
  auto known = state_->look_ups.find(host);
  if (known != state_->look_ups.end() && known->second->done) state_->look_ups.erase(known);
}

}  // namespace tidemark::http
