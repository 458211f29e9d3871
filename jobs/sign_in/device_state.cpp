#include <array>
#include <boost/json.hpp>
#include <utility>

#include "jobs/sign_in/connect_job.hpp"
#include "storage/cursors.hpp"
#include "storage/secrets.hpp"

namespace tidemark::jobs::sign_in {

namespace json = boost::json;
using Step = DeviceState::Step;

namespace {

constexpr std::string_view cursor_name = "connect";
constexpr std::string_view device_provider = "github-device";
constexpr std::uint32_t person_waits = 10;

constexpr std::array<std::pair<Step, std::string_view>, 4> step_names{{
    {Step::asking, "asking"},
    {Step::waiting, "waiting"},
    {Step::connected, "connected"},
    {Step::failed, "failed"},
}};

std::string_view name_of(Step step) {
  for (const auto& [each, name] : step_names) {
    if (each == step) return name;
  }
  return "asking";
}

Step step_of(std::string_view name) {
  for (const auto& [each, its_name] : step_names) {
    if (its_name == name) return each;
  }
  return Step::asking;
}

}  // namespace

std::string to_json(const DeviceState& state) {
  return json::serialize(json::object{{"step", name_of(state.step)},
                                      {"wants_private", state.wants_private},
                                      {"user_code", state.user_code},
                                      {"verification_uri", state.verification_uri},
                                      {"expires_ms", state.expires_ms},
                                      {"interval_s", state.interval_s},
                                      {"login", state.login},
                                      {"problem", state.problem}});
}

DeviceState device_state_from(std::string_view text) {
  const json::value root = json::parse(text);
  const json::object& object = root.as_object();
  const auto text_of = [&](std::string_view name) {
    return std::string(object.at(name).as_string());
  };
  DeviceState state;
  state.step = step_of(object.at("step").as_string());
  state.wants_private = object.at("wants_private").as_bool();
  state.user_code = text_of("user_code");
  state.verification_uri = text_of("verification_uri");
  state.expires_ms = object.at("expires_ms").to_number<std::int64_t>();
  state.interval_s = object.at("interval_s").to_number<std::int64_t>();
  state.login = text_of("login");
  state.problem = text_of("problem");
  return state;
}

std::optional<DeviceState> find_device_state(const storage::Reader& reader,
                                             std::string_view member) {
  const auto text = storage::find_cursor(reader, member, cursor_name);
  if (!text) return std::nullopt;
  try {
    return device_state_from(*text);
  } catch (const std::exception&) {
    return std::nullopt;  // damaged: as if it had never begun
  }
}

storage::Job begin_device_flow(storage::Writer& writer, std::string_view member, bool wants_private,
                               std::int64_t now_ms) {
  using storage::JobState;
  const auto there = storage::find_job(writer, connect_kind, member);
  const bool open = there && there->state != JobState::done && there->state != JobState::dead;
  const auto state = find_device_state(writer, member);
  const bool goes_on = open && state && state->wants_private == wants_private &&
                       (state->step == Step::asking || state->step == Step::waiting);
  if (goes_on) return *there;
  // A code for the other choice is worth nothing any more.
  storage::cancel_jobs(writer, connect_kind, member);
  storage::erase_token(writer, member, device_provider);
  DeviceState fresh;
  fresh.wants_private = wants_private;
  storage::put_cursor(writer, member, cursor_name, to_json(fresh));
  storage::Job job;
  job.kind = connect_kind;
  job.key = member;
  job.priority = person_waits;
  return storage::enqueue_job(writer, std::move(job), now_ms).job;
}

}  // namespace tidemark::jobs::sign_in
