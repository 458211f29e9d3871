#include "jobs/discovery/lists_gone.hpp"

#include "jobs/discovery/capabilities.hpp"
#include "jobs/discovery/settle.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::Ability;

bool settle_readings_of_gone_lists(storage::Writer& writer, const Taking& taking,
                                   ReadingPlace& after, std::size_t most) {
  bool any = false;
  for (const List list : storage::graph::all_lists) {
    any = any || find_capability(writer, list).ability == Ability::gone;
  }
  if (!any) return true;
  const auto readings = storage::graph::list_readings(writer, after, most);
  for (const storage::graph::ListReading& reading : readings) {
    after = {reading.user, reading.list};
    auto user = storage::graph::find_user(writer, reading.user);
    if (!user || user->place) continue;
    settle(writer, taking, *user);
    if (user->place) put_user(writer, *user);
  }
  if (readings.size() == most) return false;
  after.reset();
  return true;
}

}  // namespace tidemark::jobs::discovery
