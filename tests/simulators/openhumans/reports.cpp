#include <algorithm>
#include <boost/json/array.hpp>

#include "tests/simulators/openhumans.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

bool is_plain_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte == '\n' || byte == '\t' || byte == '\r' || (byte >= 0x20 && byte < 0x7f);
  });
}

}  // namespace

json::object OpenHumansSimulator::uploads_as_json() const {
  json::array all;
  for (const OpenHumansMember& each : members_) {
    json::array events;
    for (const FileEvent& event : each.events) {
      events.push_back(json::object{{"at_ms", event.at_ms},
                                    {"what", event.what},
                                    {"file_id", event.file_id},
                                    {"basename", event.basename},
                                    {"bytes", event.bytes}});
    }
    all.push_back(json::object{{"member", each.id},
                               {"bytes_put", each.bytes_put},
                               {"files", files(each.id).size()},
                               {"largest_beside_years", each.largest_beside_years},
                               {"events", std::move(events)}});
  }
  return json::object{{"members", std::move(all)}};
}

// Contents as text where they are plain ASCII, else in base64.
json::object OpenHumansSimulator::files_as_json(const std::string& member_id) const {
  json::array all;
  for (const StoredFile* each : files(member_id)) {
    json::object entry{{"id", each->id},
                       {"basename", each->basename},
                       {"size", each->content.size()},
                       {"md5", hex_digest("MD5", each->content)},
                       {"metadata", each->metadata}};
    if (is_plain_text(each->content))
      entry["text"] = each->content;
    else
      entry["base64"] = base64(each->content, false);
    all.push_back(std::move(entry));
  }
  return json::object{{"member", member_id}, {"files", std::move(all)}};
}

}  // namespace tidemark::simulators
