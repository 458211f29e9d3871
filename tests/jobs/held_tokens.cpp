#include "jobs/sign_in/held_tokens.hpp"

#include <boost/test/unit_test.hpp>

#include "storage/pool.hpp"
#include "tests/jobs/arrival_room.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::sign_in::Arrival;
using jobs::sign_in::arrive_from_openhumans;
using test::ArrivalRoom;
using Life = ArrivalRoom::Life;

namespace {

// Full at so many of the next pieces of work.
class FullPool final : public storage::Pool {
 public:
  boost::asio::awaitable<void> run_erased(const std::function<void()>& work) override {
    refuse();
    co_await inner_->run_erased(work);
  }
  boost::asio::awaitable<void> run_until_done(const std::function<void(storage::Done)>& work,
                                              Admission admission) override {
    if (admission == Admission::bounded) refuse();
    co_await inner_->run_until_done(work, admission);
  }
  [[nodiscard]] std::size_t waiting() const override { return inner_->waiting(); }

  int full = 0;

 private:
  void refuse() {
    if (full == 0) return;
    --full;
    throw storage::PoolFull();
  }
  std::unique_ptr<storage::Pool> inner_ = storage::make_inline_pool();
};

struct Crowded : ArrivalRoom {
  // At the answer to the exchange the store has so many refusals ready.
  async::Task<jobs::sign_in::Arrived> arrive(Life& life, int refusals) {
    FullPool pool;
    storage::Store store(*world.engine, pool);
    jobs::sign_in::SignInServices given = life.services();
    jobs::sign_in::SignInServices services{store,        given.sealer,       given.clock,
                                           given.github, given.github_oauth, given.openhumans,
                                           given.ledger, given.tokens,       given.attempts};
    at_request = [&](const http::Request& request) {
      if (request.target == "/oauth2/token/") pool.full = refusals;
    };
    const auto arrived =
        co_await arrive_from_openhumans(services, from_openhumans(newcomer, "s1"), {});
    at_request = {};
    co_return arrived;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(held_tokens, Crowded)

BOOST_AUTO_TEST_CASE(a_full_queue_of_the_store_costs_nobody_the_sign_in) {
  world.live([&](Life& life) -> async::Task<void> {
    const auto arrived = co_await arrive(life, 3);
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    BOOST_TEST(asked("/oauth2/revoke_token/") == 0u);
  });
}

BOOST_AUTO_TEST_CASE(tokens_that_find_no_place_in_the_queue_are_ended) {
  world.live([&](Life& life) -> async::Task<void> {
    const auto arrived = co_await arrive(life, 1'000);
    BOOST_TEST((arrived.arrival == Arrival::outage), arrived);
    BOOST_TEST(asked("/oauth2/revoke_token/") == 1u);
  });
}

BOOST_AUTO_TEST_SUITE_END()
