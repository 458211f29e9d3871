#include "tests/simulators/openhumans.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "tests/simulators/gzip.hpp"
#include "tests/simulators/moment.hpp"
#include "tests/simulators/openhumans/answers.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

// Agents that Open Humans refuses.
constexpr std::string_view bots[] = {"dotbot",     "ahrefsbot",      "semrushbot",
                                     "barkrowler", "meta-external",  "facebook-external",
                                     "gptbot",     "amazonbot",      "googlebot",
                                     "bingbot",    "petalbot",       "mj12bot",
                                     "yandexbot",  "awariosmartbot", "dataforseobot",
                                     "bytespider", "turnitin"};

bool is_bot(const http::Request& request) {
  std::string agent = lower_case(request.headers.find("User-Agent").value_or(""));
  return std::any_of(std::begin(bots), std::end(bots),
                     [&](std::string_view bot) { return agent.find(bot) != std::string::npos; });
}

// "github-2026.json": a year that is folded.
bool is_year_file(std::string_view name) {
  return name.size() == 16 && name.starts_with("github-") && name.ends_with(".json") &&
         std::all_of(name.begin() + 7, name.begin() + 11,
                     [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

OpenHumansSimulator::OpenHumansSimulator(OpenHumansSettings settings)
    : settings_(std::move(settings)) {}

std::string OpenHumansSimulator::source() const {
  return "direct-sharing-" + std::to_string(settings_.project_id);
}

Outcome OpenHumansSimulator::answer(const http::Request& request, async::WallTime now,
                                    const std::string& address) {
  Step step{request, milliseconds_of(now), {}, {}, {}};
  std::size_t mark = request.target.find('?');
  step.path = request.target.substr(0, mark);
  if (mark != std::string::npos) {
    step.query =
        http::decode_form(std::string_view(request.target).substr(mark + 1)).value_or(http::Form{});
  }
  bool to_storage = step.path.starts_with("/member-files/");
  std::string resource = to_storage ? "storage" : "openhumans";
  std::vector<Fault> faults = faults_.fire({resource, request.method, step.path});
  Outcome outcome;
  outcome.delay = async::Milliseconds(settings_.service_ms);
  const Fault* broken = find_fault(faults, FaultKind::status_html);
  if (broken == nullptr) broken = find_fault(faults, FaultKind::status_json);
  if (find_fault(faults, FaultKind::cut_before) != nullptr)
    outcome.cut = true;
  else if (broken != nullptr)
    outcome.response = broken_response(*broken);
  else
    outcome.response = route(step);
  for (const Fault& each : faults) {
    if (each.kind == FaultKind::slow) outcome.delay += async::Milliseconds(each.delay_ms);
    if (each.kind == FaultKind::cut_after) outcome.cut = true;
    if (each.kind == FaultKind::malformed_json) {
      outcome.response.body.resize(outcome.response.body.size() / 2);
    }
  }
  bool broken_off = outcome.cut || find_fault(faults, FaultKind::malformed_json) != nullptr;
  if (step.issued != nullptr && broken_off) step.issued->cut = true;
  outcome.response.headers.set("Date", format_http(floor_divide(step.now_ms, 1000)));
  if (settings_.gzip && !to_storage) gzip_if_asked(request, outcome.response);
  Asked asked;
  asked.owner = step.member != nullptr ? "member:" + step.member->id : "client:" + address;
  asked.resource = resource;
  asked.what = request.method + " " + step.path;
  asked.fingerprint =
      request.method + " " + request.target + " " + hex_digest("SHA256", request.body);
  asked.at_ms = step.now_ms;
  asked.answered_ms = step.now_ms + outcome.delay.count();
  asked.lost = outcome.cut;
  // Listing and downloading again is no waste; sending again is.
  asked.succeeded = outcome.response.status < 300 && !outcome.cut && request.method != "GET";
  ledger_.record(asked);
  return outcome;
}

http::Response OpenHumansSimulator::route(Step& step) {
  if (step.path.starts_with("/member-files/")) return storage(step);
  if (is_bot(step.request)) return shapes::html(403);
  if (!step.path.ends_with('/')) {
    http::Response moved = shapes::html(301);
    std::size_t mark = step.request.target.find('?');
    std::string query = mark == std::string::npos ? "" : step.request.target.substr(mark);
    moved.headers.set("Location", step.path + "/" + query);
    return moved;
  }
  if (auto shown = site(step)) return std::move(*shown);
  if (step.path == "/oauth2/token/") return token(step);
  if (step.path == "/oauth2/revoke_token/") return revoke(step);
  if (step.path.starts_with("/data-management/datafile-download/")) return download(step);
  if (step.path.starts_with("/api/direct-sharing/project/")) return api(step);
  return shapes::html(404);
}

OpenHumansMember& OpenHumansSimulator::add_member(const std::string& id, async::WallTime now) {
  OpenHumansMember& member = add_person(id, now);
  member.left = false;
  return member;
}

OpenHumansMember& OpenHumansSimulator::add_person(const std::string& id, async::WallTime now) {
  if (OpenHumansMember* known = find_member(id)) return *known;
  OpenHumansMember& member = members_.emplace_back();
  member.id = id;
  member.created_ms = milliseconds_of(now);
  member.left = true;
  return member;
}

OpenHumansMember* OpenHumansSimulator::find_member(const std::string& id) {
  for (OpenHumansMember& each : members_) {
    if (each.id == id) return &each;
  }
  return nullptr;
}

StoredFile& OpenHumansSimulator::add_file(const std::string& member_id, const std::string& basename,
                                          std::string content, json::object metadata,
                                          std::string source_name) {
  StoredFile& file = files_.emplace_back();
  file.id = files_.size();
  file.member_id = member_id;
  file.basename = basename;
  file.source = source_name.empty() ? source() : std::move(source_name);
  file.key =
      "member-files/" + file.source + "/" + make_text(32) + "/" + http::percent_encode(basename);
  file.metadata = std::move(metadata);
  file.content = std::move(content);
  file.put = file.completed = true;
  return file;
}

std::vector<const StoredFile*> OpenHumansSimulator::files(const std::string& member_id) const {
  std::vector<const StoredFile*> found;
  for (const StoredFile& each : files_) {
    bool listed_now = each.completed && !each.deleted && each.source == source();
    if (listed_now && each.member_id == member_id) found.push_back(&each);
  }
  return found;
}

std::optional<std::string> OpenHumansSimulator::content(const std::string& member_id,
                                                        const std::string& basename) const {
  std::optional<std::string> newest;
  for (const StoredFile* each : files(member_id)) {
    if (each->basename == basename) newest = each->content;
  }
  return newest;
}

StoredFile* OpenHumansSimulator::find_file(std::uint64_t id) {
  return id >= 1 && id <= files_.size() ? &files_[id - 1] : nullptr;
}

void OpenHumansSimulator::note(StoredFile& file, std::string_view what, std::int64_t at_ms,
                               std::uint64_t bytes) {
  OpenHumansMember* member = find_member(file.member_id);
  if (member == nullptr) return;
  member->events.push_back(FileEvent{at_ms, std::string(what), file.id, file.basename, bytes});
  if (what == "put") member->bytes_put += bytes;
  std::uint64_t beside = 0;
  for (const StoredFile* each : files(member->id)) beside += is_year_file(each->basename) ? 0 : 1;
  member->largest_beside_years = std::max(member->largest_beside_years, beside);
}

std::string OpenHumansSimulator::make_text(std::size_t length) {
  return hex_digest("SHA256", "open humans " + std::to_string(++made_)).substr(0, length);
}

}  // namespace tidemark::simulators
