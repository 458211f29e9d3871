#include "jobs/discovery/depths.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "jobs/discovery/crawl.hpp"
#include "storage/cursors.hpp"
#include "storage/graph/edges.hpp"

namespace tidemark::jobs::discovery {

namespace json = boost::json;
using storage::graph::Direction;
using storage::graph::EdgeKind;
using storage::graph::Place;
using storage::graph::Presence;
using storage::graph::User;
using storage::graph::UserKind;

namespace {

// The worklist is a queue of cursors: "deeper" says which numbers are in use, "deeper 7" whose
// neighbours are to be looked at.
constexpr std::string_view queue_name = "deeper";

struct Queue {
  std::uint64_t first = 0, end = 0;
};
struct Item {
  UserId id = 0;
  Direction direction = Direction::outgoing;
  UserId after = 0;
};

std::string item_name(std::uint64_t number) { return fmt::format("{} {}", queue_name, number); }

json::array read_numbers(const storage::Reader& reader, std::string_view name) {
  const auto text = storage::find_cursor(reader, cursor_owner, name);
  if (!text) return {};
  boost::system::error_code error;
  const json::value root = json::parse(*text, error);
  if (error || !root.is_array()) {
    throw storage::CorruptRecord(fmt::format(
        "cursors \"{}\", \"{}\": not a list of numbers; restore a backup", cursor_owner, name));
  }
  return root.get_array();
}

Queue read_queue(const storage::Reader& reader) {
  const json::array numbers = read_numbers(reader, queue_name);
  if (numbers.size() != 2) return {};
  return {numbers[0].to_number<std::uint64_t>(), numbers[1].to_number<std::uint64_t>()};
}

void write_queue(storage::Writer& writer, const Queue& queue) {
  if (queue.first == queue.end) return storage::erase_cursor(writer, cursor_owner, queue_name);
  const json::array numbers{queue.first, queue.end};
  storage::put_cursor(writer, cursor_owner, queue_name, json::serialize(numbers));
}

std::optional<Item> read_item(const storage::Reader& reader, std::uint64_t number) {
  const json::array numbers = read_numbers(reader, item_name(number));
  if (numbers.size() != 3) return std::nullopt;
  Item item;
  item.id = numbers[0].to_number<UserId>();
  const bool incoming = numbers[1].to_number<int>() == static_cast<int>(Direction::incoming);
  if (incoming) item.direction = Direction::incoming;
  item.after = numbers[2].to_number<UserId>();
  return item;
}

void write_item(storage::Writer& writer, std::uint64_t number, const Item& item) {
  const json::array numbers{item.id, static_cast<int>(item.direction), item.after};
  storage::put_cursor(writer, cursor_owner, item_name(number), json::serialize(numbers));
}

void append(storage::Writer& writer, const Item& item) {
  Queue queue = read_queue(writer);
  write_item(writer, queue.end++, item);
  write_queue(writer, queue);
}

void lower(storage::Writer& writer, const Taking& taking, UserId id, std::uint32_t depth) {
  auto user = storage::graph::find_user(writer, id);
  if (!user || depth >= user->depth) return;
  shorten(writer, taking, *user, depth);
  storage::graph::put_user(writer, *user);
}

// The next neighbours of an item, at most `most`, moved past them. Fewer: these were the last.
std::vector<UserId> take_neighbours(const storage::Reader& reader, Item& item, std::size_t most) {
  std::vector<UserId> found;
  const auto visit = [&](std::uint64_t other) {
    found.push_back(other);
    return found.size() < most;
  };
  const std::optional<std::uint64_t> after =
      item.after == 0 ? std::nullopt : std::optional<std::uint64_t>(item.after);
  scan_neighbours(reader, EdgeKind::follows, item.direction, item.id, after, visit);
  if (!found.empty()) item.after = found.back();
  return found;
}

}  // namespace

std::optional<Place> first_place(const User& user, const Taking& taking) {
  if (user.kind == UserKind::bot || user.presence == Presence::gone) return std::nullopt;
  if (user.depth > taking.settings.depth_most) return std::nullopt;
  return Place{storage::graph::rank_new, user.depth, taking.now_ms};
}

void shorten(storage::Writer& writer, const Taking& taking, User& user, std::uint32_t depth) {
  user.depth = depth;
  if (user.read_ms != 0) append(writer, Item{user.id});
  const bool is_new = user.place && user.place->rank == storage::graph::rank_new;
  if (is_new) {
    user.place->depth = depth;
  } else if (!user.place && user.read_ms == 0) {
    user.place = first_place(user, taking);
  }
}

bool lower_depths(storage::Writer& writer, Taking& taking, std::size_t most) {
  Queue queue = read_queue(writer);
  while (queue.first < queue.end && most > 0) {
    const std::uint64_t number = queue.first;
    auto item = read_item(writer, number);
    const auto user = item ? storage::graph::find_user(writer, item->id) : std::nullopt;
    bool over = !user;
    if (user) {
      const std::size_t asked = most;
      const std::vector<UserId> neighbours = take_neighbours(writer, *item, asked);
      for (const UserId other : neighbours) lower(writer, taking, other, user->depth + 1);
      most -= std::min(most, std::max<std::size_t>(neighbours.size(), 1));
      over = neighbours.size() < asked && item->direction == Direction::incoming;
      if (!over && neighbours.size() < asked) *item = Item{item->id, Direction::incoming, 0};
    }
    queue = read_queue(writer);  // those behind were appended
    if (over) {
      storage::erase_cursor(writer, cursor_owner, item_name(number));
      queue.first = number + 1;
      write_queue(writer, queue);
    } else {
      write_item(writer, number, *item);
    }
  }
  return queue.first == queue.end;
}

void leave_out_depths(storage::Writer& writer, UserId id) {
  const Queue queue = read_queue(writer);
  for (std::uint64_t number = queue.first; number < queue.end; ++number) {
    auto item = read_item(writer, number);
    if (!item) continue;
    if (item->id == id) {
      storage::erase_cursor(writer, cursor_owner, item_name(number));
    } else if (item->after == id) {
      item->after = 0;  // to look at neighbours twice changes nothing
      write_item(writer, number, *item);
    }
  }
}

}  // namespace tidemark::jobs::discovery
