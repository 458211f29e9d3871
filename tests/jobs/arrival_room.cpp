#include "tests/jobs/arrival_room.hpp"

#include <boost/test/unit_test.hpp>

#include "http/digest.hpp"
#include "storage/jobs.hpp"
#include "storage/sign_ins.hpp"
#include "tests/simulators/openhumans/site.hpp"

namespace tidemark::test {

namespace {

const std::string openhumans_back = "https://tidemark.test/openhumans/complete";
const std::string github_back = "https://tidemark.test/github/complete";

jobs::sign_in::Return start(const std::string& state, const std::string& redirect_uri,
                            std::int64_t now_ms) {
  jobs::sign_in::Return back;
  back.state = state;
  back.verifier = "verifier-of-forty-three-letters-or-more-" + state;
  back.redirect_uri = redirect_uri;
  back.state_expires_ms = now_ms + std::int64_t{2} * 3'600'000;
  return back;
}

std::string code_in(const std::string& location) {
  const std::size_t at = location.find("code=");
  if (at == std::string::npos) return {};
  return location.substr(at + 5, location.find('&', at) - at - 5);
}

}  // namespace

jobs::sign_in::Return ArrivalRoom::from_openhumans(const std::string& person,
                                                   const std::string& state) {
  jobs::sign_in::Return back = start(state, openhumans_back, now_ms());
  http::Request consent;
  consent.method = "POST";
  consent.target = std::string(simulators::authorize_path);
  consent.headers.set("Content-Type", "application/x-www-form-urlencoded");
  consent.headers.set("Cookie", std::string(simulators::person_cookie) + "=" + person);
  consent.body = http::encode_form({{"client_id", "tidemark"},
                                    {"response_type", "code"},
                                    {"redirect_uri", openhumans_back},
                                    {"state", state},
                                    {"code_challenge", http::pkce_challenge(back.verifier)},
                                    {"code_challenge_method", "S256"},
                                    {"allow", "yes"}});
  const auto outcome = world.openhumans.answer(consent, world.simulation.clock().wall_now());
  back.code = code_in(std::string(outcome.response.headers.find("Location").value_or("")));
  BOOST_REQUIRE(!back.code.empty());
  return back;
}

jobs::sign_in::Return ArrivalRoom::from_github(const std::string& login, const std::string& state,
                                               const std::string& scopes) {
  jobs::sign_in::Return back = start(state, github_back, now_ms());
  auto& code =
      world.github.credentials().add_code(world.world.account(login), now_ms() / 1'000, scopes);
  code.redirect_uri = github_back;
  code.challenge = {http::pkce_challenge(back.verifier), "S256"};
  back.code = code.text;
  return back;
}

void ArrivalRoom::add_unconnected(const std::string& member) {
  const auto now = world.simulation.clock().wall_now();
  const auto& pair = world.openhumans.add_pair(world.openhumans.add_member(member, now), now);
  world.engine->write([&](storage::Writer& writer) {
    storage::Member row;
    row.id = member;
    row.state = storage::MemberState::not_connected;
    storage::put_member(writer, row);
    storage::put_token(writer, world.sealer, member, "openhumans",
                       {pair.access, pair.refresh, pair.expires_ms, ""});
  });
}

void ArrivalRoom::change(const std::string& member,
                         const std::function<void(storage::Member&)>& body) {
  world.engine->write([&](storage::Writer& writer) {
    auto row = storage::find_member(writer, member).value();
    body(row);
    storage::put_member(writer, row);
  });
}

bool ArrivalRoom::github_accepts(const std::string& access) {
  return world.github.credentials().find_token(access, now_ms() / 1'000) != nullptr;
}

std::optional<storage::Job> ArrivalRoom::job(const std::string& kind, const std::string& key) {
  std::optional<storage::Job> found;
  world.engine->read(
      [&](const storage::Reader& reader) { found = storage::find_job(reader, kind, key); });
  return found;
}

std::size_t ArrivalRoom::held() {
  std::size_t count = 0;
  world.engine->read([&](const storage::Reader& reader) {
    for (const auto& sign_in : storage::list_sign_ins(reader, "", 1'000)) {
      count += sign_in.phase == storage::SignInPhase::exchanged ? 1 : 0;
      const bool has = storage::find_sign_in_token(reader, world.sealer, sign_in).has_value();
      BOOST_TEST(has == (sign_in.phase == storage::SignInPhase::exchanged));
    }
  });
  return count;
}

}  // namespace tidemark::test
