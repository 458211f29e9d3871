#include <boost/test/unit_test.hpp>

#include "tests/daemon/service_room.hpp"

namespace tidemark::daemon {

namespace {

// A sync that takes ten seconds and has something to write then, or not.
class Slow final : public jobs::JobKind {
 public:
  Slow(async::Clock& clock, bool writes) : clock_(clock), writes_(writes) {}
  [[nodiscard]] std::string name() const override { return "sync"; }
  async::Task<jobs::RunResult> run(jobs::Run& run) override {
    co_await clock_.sleep_for(async::Milliseconds(10'000));
    auto nothing = [](storage::Writer&) {};
    if (writes_) co_await run.commit(storage::Durability::soon, nothing);
    co_return jobs::Done{};
  }

 private:
  async::Clock& clock_;
  bool writes_;
};

std::vector<std::string> events_of_a_removal(bool writes) {
  test::ServiceRoom room;
  std::vector<std::string> told;
  auto& simulation = room.simulation;
  jobs::Runner runner(
      simulation.executor(), room.store, simulation.clock(), simulation.random(), {},
      [&told](const storage::Job&, const std::string& what) { told.push_back(what); });
  runner.add(std::make_unique<Slow>(simulation.clock(), writes));
  room.add_member("12345678");
  auto life = [&]() -> async::Task<void> {
    async::TaskGroup tasks(simulation.executor(), 1, {});
    BOOST_REQUIRE(tasks.spawn("runner", runner.run()));
    co_await simulation.clock().sleep_for(async::Milliseconds(1'000));
    http::Request request;
    request.method = "DELETE";
    request.target = "/v1/members/12345678";
    const auto reply = co_await room.router(std::move(request), {});
    BOOST_TEST(reply.response.status == 204);
    co_await simulation.clock().sleep_for(async::Milliseconds(20'000));
    co_await runner.stop(async::Deadline::after(simulation.clock(), async::Milliseconds(1'000)));
    co_await tasks.join();
  };
  simulation.run(life);
  return told;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(removed_member)

BOOST_AUTO_TEST_CASE(a_sync_whose_member_is_removed_says_so_and_names_no_other_run) {
  for (const bool writes : {true, false}) {
    const auto told = events_of_a_removal(writes);
    BOOST_REQUIRE(!told.empty());
    BOOST_TEST(told.back() == "dropped: the job was removed while it ran");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
