#include "storage/members.hpp"

#include "storage/account_rows.hpp"
#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 2;

std::string member_key(std::string_view id) { return KeyWriter().text(id).bytes(); }

void write(ValueWriter& out, const std::optional<Week>& week) {
  out.boolean(week.has_value());
  if (week) out.i64(week->index);
}

std::optional<Week> read_week(ValueReader& in) {
  if (!in.boolean()) return std::nullopt;
  return Week{static_cast<std::int32_t>(in.i64())};
}

}  // namespace

std::string_view name_of(MemberState state) {
  switch (state) {
    case MemberState::active: return "active";
    case MemberState::needs_sign_in: return "needs sign-in";
    case MemberState::leaving: return "leaving";
    case MemberState::not_connected: return "not connected";
  }
  return "?";
}

Member decode_member(std::string_view key, std::string_view value) {
  return decoded(Table::members, key, [&] {
    Member member;
    KeyReader place(key);
    member.id = place.text();
    place.end();
    ValueReader in(value, version, "member");
    member.state = enumerated(in.u64(), MemberState::active, MemberState::not_connected);
    member.state_reason = in.text();
    member.github_node_id = in.text();
    member.github_id = in.u64();
    member.login = in.text();
    member.github_created_s = in.i64();
    member.adopted = in.boolean();
    member.added_ms = in.i64();
    member.last_synced_ms = in.i64();
    member.last_error = in.text();
    member.last_error_ms = in.i64();
    member.first_week = read_week(in);
    member.known_until = read_week(in);
    member.commit_budget = in.u64();
    member.generation = narrowed<std::uint32_t>(in.u64());
    if (in.version() >= 2) {
      member.update_asked_ms = in.i64();
      member.wants_private = in.boolean();
    }
    in.end();
    return member;
  });
}

std::optional<Member> find_member(const Reader& reader, std::string_view id) {
  const auto key = member_key(id);
  const auto value = reader.get(Table::members, key);
  if (!value) return std::nullopt;
  return decode_member(key, *value);
}

void put_member(Writer& writer, const Member& member) {
  require_member_id(member.id);
  const auto before = find_member(writer, member.id);
  move_account(writer, member.id, before ? before->github_id : 0, member.github_id);
  ValueWriter out(version);
  out.u64(static_cast<std::uint64_t>(member.state)).text(member.state_reason);
  out.text(member.github_node_id).u64(member.github_id).text(member.login);
  out.i64(member.github_created_s).boolean(member.adopted);
  out.i64(member.added_ms).i64(member.last_synced_ms);
  out.text(member.last_error).i64(member.last_error_ms);
  write(out, member.first_week);
  write(out, member.known_until);
  out.u64(member.commit_budget).u64(member.generation);
  out.i64(member.update_asked_ms).boolean(member.wants_private);
  writer.put(Table::members, member_key(member.id), out.take());
}

namespace {

std::string member_in(std::string_view key) {
  try {
    KeyReader place(key);
    auto id = place.text();
    place.end();
    return id;
  } catch (const CorruptRecord&) {
    return {};
  }
}

}  // namespace

std::vector<Member> list_members(const Reader& reader, std::string_view after, std::size_t most,
                                 const DamagedMember& damaged) {
  std::vector<Member> members;
  if (most == 0) return members;
  // The smallest key behind that of `after`.
  const auto from = member_key(after) + '\0';
  const auto each = [&](std::string_view key, std::string_view value) {
    try {
      members.push_back(decode_member(key, value));
    } catch (const CorruptRecord& error) {
      if (!damaged) throw;
      damaged(member_in(key), error.what());
    }
    return members.size() < most;
  };
  reader.scan(Table::members, from, "", each);
  return members;
}

std::vector<Member> list_members(const Reader& reader, std::string_view after, std::size_t most) {
  return list_members(reader, after, most, nullptr);
}

}  // namespace tidemark::storage
