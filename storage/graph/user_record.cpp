#include "storage/graph/differences.hpp"
#include "storage/graph/row_decoders.hpp"
#include "storage/graph/user_rows.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 1;

// Which parts follow the fixed ones, so that an account known by name costs no more than that. On
// disk: never change a number.
constexpr std::uint64_t part_read = 1, part_gone = 2, part_profile = 4, part_gists = 8,
                        part_place = 16, part_first_list = 32, part_end = 512;

// Added to the state of a list that is, or was, short: by how much follows.
constexpr std::uint64_t state_missing = 8;

std::uint64_t part_of(List list) { return part_first_list << (static_cast<unsigned>(list) - 1); }

std::uint64_t parts_of(const User& user) {
  std::uint64_t parts = 0;
  if (user.read_ms != 0) parts |= part_read;
  if (user.gone_ms != 0) parts |= part_gone;
  if (user.profile != Profile()) parts |= part_profile;
  if (user.profile.public_gists) parts |= part_gists;
  if (user.place) parts |= part_place;
  for (const List list : all_lists) {
    if (user.list(list) != ListRecord()) parts |= part_of(list);
  }
  return parts;
}

void write(ValueWriter& out, const Profile& profile) {
  out.text(profile.name).text(profile.location).text(profile.bio);
  out.text(profile.company).text(profile.email);
  out.i64(profile.created_s).i64(profile.updated_s);
  out.u64(profile.followers).u64(profile.following).u64(profile.public_repos);
  if (profile.public_gists) out.u64(*profile.public_gists);
}

Profile read_profile(ValueReader& in, bool gists) {
  Profile profile;
  profile.name = in.text();
  profile.location = in.text();
  profile.bio = in.text();
  profile.company = in.text();
  profile.email = in.text();
  profile.created_s = in.i64();
  profile.updated_s = in.i64();
  profile.followers = in.u64();
  profile.following = in.u64();
  profile.public_repos = in.u64();
  if (gists) profile.public_gists = in.u64();
  return profile;
}

Place read_place(ValueReader& in) {
  Place place;
  place.rank = narrowed<std::uint8_t>(in.u64());
  place.depth = narrowed<std::uint32_t>(in.u64());
  place.due_ms = in.i64();
  return place;
}

ListRecord read_list(ValueReader& in, std::int64_t read_ms) {
  ListRecord record;
  const std::uint64_t state = in.u64();
  const bool lacks = (state & state_missing) != 0;
  record.state = enumerated(state & ~state_missing, ListState::unread, ListState::cut);
  record.read_ms = later_by(read_ms, in.i64());
  record.reported = in.u64();
  if (lacks) record.missing = in.u64();
  return record;
}

void read_user(ValueReader& in, User& user) {
  const std::uint64_t parts = in.u64();
  if (parts >= part_end)
    throw CorruptRecord("a part is named that never was" + std::string(damage_remedy));
  user.login = in.text();
  user.node_id = in.text();
  user.kind = enumerated(in.u64(), UserKind::user, UserKind::bot);
  user.presence = enumerated(in.u64(), Presence::here, Presence::gone);
  // One more than the depth, so that "unknown" is short.
  const std::uint64_t depth = in.u64();
  if (depth != 0) user.depth = narrowed<std::uint32_t>(depth - 1);
  user.first_seen_ms = in.i64();
  user.last_seen_ms = later_by(user.first_seen_ms, in.i64());
  user.fruitless = narrowed<std::uint32_t>(in.u64());
  if ((parts & part_read) != 0) user.read_ms = later_by(user.first_seen_ms, in.i64());
  if ((parts & part_gone) != 0) user.gone_ms = later_by(user.first_seen_ms, in.i64());
  if ((parts & part_profile) != 0) user.profile = read_profile(in, (parts & part_gists) != 0);
  if ((parts & part_place) != 0) user.place = read_place(in);
  for (const List list : all_lists) {
    if ((parts & part_of(list)) != 0) user.list(list) = read_list(in, user.read_ms);
  }
}

}  // namespace

std::string user_key(UserId id) { return KeyWriter().u64(id).bytes(); }

std::string encode_user(const User& user) {
  ValueWriter out(version);
  out.u64(parts_of(user)).text(user.login).text(user.node_id);
  out.u64(static_cast<std::uint64_t>(user.kind)).u64(static_cast<std::uint64_t>(user.presence));
  out.u64(user.depth == depth_unknown ? 0 : std::uint64_t{user.depth} + 1);
  out.i64(user.first_seen_ms).i64(difference(user.first_seen_ms, user.last_seen_ms));
  out.u64(user.fruitless);
  if (user.read_ms != 0) out.i64(difference(user.first_seen_ms, user.read_ms));
  if (user.gone_ms != 0) out.i64(difference(user.first_seen_ms, user.gone_ms));
  if (user.profile != Profile()) write(out, user.profile);
  if (user.place) out.u64(user.place->rank).u64(user.place->depth).i64(user.place->due_ms);
  for (const List list : all_lists) {
    const ListRecord& record = user.list(list);
    if (record == ListRecord()) continue;
    const std::uint64_t lacks = record.missing != 0 ? state_missing : 0;
    out.u64(static_cast<std::uint64_t>(record.state) | lacks);
    out.i64(difference(user.read_ms, record.read_ms)).u64(record.reported);
    if (lacks != 0) out.u64(record.missing);
  }
  return out.take();
}

User decode_user(std::string_view key, std::string_view value) {
  const auto read_key = [](User& user, KeyReader& place) { user.id = place.u64(); };
  const auto read_value = [](User& user, ValueReader& in) { read_user(in, user); };
  return decoded_row<User>(Table::graph_users, key, value, {version, "user of the graph"}, read_key,
                           read_value);
}

void put_user_row(Writer& writer, const User& user) {
  writer.put(Table::graph_users, user_key(user.id), encode_user(user));
}

std::optional<User> find_user(const Reader& reader, UserId id) {
  const auto key = user_key(id);
  const auto value = reader.get(Table::graph_users, key);
  if (!value) return std::nullopt;
  return decode_user(key, *value);
}

}  // namespace tidemark::storage::graph
