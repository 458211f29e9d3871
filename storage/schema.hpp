#pragma once

#include <cstdint>

// What is on disk, table by table. Keys are written with KeyWriter, values with ValueWriter
// (storage/codec.hpp): "text" is zero-terminated in keys and length-prefixed in values, uN and iN
// are big-endian in keys and varints in values. Every value begins with its version byte; a version
// above the one given here was written by a newer tidemark and is refused. tests/storage/schema.cpp
// holds the examples below against the bytes that the code writes.
//
// A table's number stands in engine.hpp and is the first byte of its keys inside the engine; it is
// left out below. Rows of a member begin with the member's id, so that erasing the member is
// erasing one range in each of those tables; erase_member.cpp knows the exceptions, sign_ins and
// accounts. No member's id is empty, nor begins with "~" or "!".
//
// meta · what a start reads before anything else
//   "format" (no terminator)     v1 · u64 format of the store
//     66 6f 72 6d 61 74        → 01 03
//   "purge" (no terminator)      v1 · u64 erasures whose bytes may still be in files; no row: none.
//                                It does not say of whom                             purge.hpp
//     70 75 72 67 65           → 01 01
//   "graph_salt" (no terminator) v1 · text of 32 random bytes, for the digests of graph_denied; no
//                                row: nobody was ever denied                 graph/denied_rows.hpp
//   text "canary", u32 key id    sealed "tidemark canary": proves that the key file fits the store
//
// members · one row a member                                                         members.hpp
//   text id                      v2 · u64 state, text state reason, text GitHub node id, u64 GitHub
//                                id, text login, i64 GitHub account made s, bool adopted, i64 added
//                                ms, i64 last synced ms, text last error, i64 its ms, [bool, i64]
//                                first week, [bool, i64] known until, u64 commit budget, u64
//                                generation, i64 update asked ms, bool wants private (v1 ends
//                                before these two); the i64 of a week only when its bool is true
//     30 37 00                 → 02 01 00 00 05 01 61 00 00 00 00 00 00 01 f4 03 00 00 01 0e 01
//                                member "07", active, GitHub id 5, login "a", first week 250,
//                                generation 1, asked for an update in ms 7, private work as well
//
// secrets · tokens                                                                   secrets.hpp
//   text owner, text provider    the value is what Sealer::seal (seal.hpp) makes of the plain
//   record,
//                                with the row's key as its place, and nothing else: whoever rotates
//                                keys seals it again without knowing what it is. Plain record: v1 ·
//                                text access, text refresh, i64 expires ms, text scope.
//                                Owner: a member; or "~" and the digest of a sign-in that is
//                                exchanged; or "!" and the SHA-256 of the access token, 64 hex
//                                digits: nobody's any more, to be revoked
//     30 37 00 67 69 74 68 75 62 00 → 01, u32 key id, 12 bytes nonce, ciphertext, 16 bytes tag
//
// weeks · what is known of a week; no row: nothing                                   weeks.hpp
//   text member, i32 week        v1 · u64 state, text reason, u64 commits, u64 additions, u64
//                                deletions, u64 others, u64 days, text file
//     30 37 00 80 00 00 fa     → 01 02 00 01 05 02 00 01 00
//                                week 250: complete, 1 commit, +5 -2, 1 day
//
// facts · one thing a member did                                                     facts.hpp
//   text member, i32 week, u8    v1 · u64 generation, text JSON as uploaded
//   kind, i64 time s, text id
//     30 37 00 80 00 00 fa 02 80 00 00 00 00 00 00 09 49 00 → 01 01 02 7b 7d
//                                an issue "I" of second 9
//
// files · what is at Open Humans, and on its way there                               files.hpp
//   text member, u8 1, text name  v1 · text name, u64 phase, u64 remote id, text PUT address, i64
//   its text member, u8 2             end ms, text MD5, u64 size, i64 first week, i64 last week.
//                                 1: a file that a reader sees; 2: the upload under way
//     30 37 00 01 66 00        → 01 01 66 04 11 00 00 00 03 f4 03 f6 03
//                                "f", completed, id 17, 3 bytes, weeks 250 and 251
//   text member, u8 3, u64 id     v1 · nothing: a file to be deleted there
//     30 37 00 03 00 00 00 00 00 00 00 10 → 01
//
// repositories · that a member committed to repositories.hpp
//   text member, text node id    v1 · text name, text URL, bool fork, bool private, i64 made s, u64
//                                commits (a recount of the facts), text trouble
//     30 37 00 52 00           → 01 03 61 2f 62 01 75 00 00 00 01 00
//                                "R" is "a/b" at "u", 1 commit
//
// cursors · where a run stands                                                       cursors.hpp
//   text owner, text name        v1 · text JSON
//     30 37 00 73 79 6e 63 00  → 01 02 7b 7d
//
// quota · what is known of a quota window                                            quota.hpp
//   text owner, text resource    v1 · u64 limit, u64 remaining, i64 resets ms, i64 blocked until
//   ms,
//                                text why, u64 spent, u64 requests, u64 refused, u64 strikes
//     67 3a 31 00 63 00        → 01 88 27 11 00 00 00 02 03 00 00
//                                owner "g:1", resource "c": 17 of 5,000 left, 2 spent in 3 requests
//
// jobs · every job until it is pruned or dropped                                     jobs.hpp
//   u64 id                       v1 · text kind, text key, u64 state, u64 priority, i64 due ms,
//   text
//                                wait reason, u64 attempts, u64 fence, u64 done, u64 total, text
//                                unit, text last error, i64 created ms, i64 updated ms, i64 started
//                                ms, i64 finished ms, u64 suspensions, bool again
//     00 00 00 00 00 00 00 01  → 01 01 73 02 30 37 01 32 0a 00 00 00 00 00 00 00 0a 0a 00 00 00 00
//                                kind "s", key "07": ready, priority 50, due and made in ms 5
//
// job_keys · jobs by key and kind; key first, so that a member's jobs are one range  job_rows.hpp
//   text key, text kind, u8 1    v1 · u64 id of the unfinished job; no row: there is none
//     30 37 00 73 00 01        → 01 01
//   text key, text kind, u8 2,   v1 · nothing: every job of that key and kind
//   u64 id
//     30 37 00 73 00 02 00 00 00 00 00 00 00 01 → 01
//
// job_queue · ready and waiting jobs in the order of claiming; all jobs by state     job_queue.hpp
//   u8 1, u32 priority, text     v1 · i64 due ms, u64 id: the group of that priority and kind has
//   no kind                         job before this place. Stays when the group is empty
//     01 00 00 00 32 73 00     → 01 0a 01
//   u8 2, u32 priority, text     v1 · nothing: a ready or waiting job
//   kind, i64 due ms, u64 id
//     02 00 00 00 32 73 00 80 00 00 00 00 00 00 05 00 00 00 00 00 00 00 01 → 01
//   u8 3, u8 state, u64 id       v1 · nothing: a job in that state
//     03 01 00 00 00 00 00 00 00 01 → 01
//
// schedules · what the daemon enqueues by itself                                     schedules.hpp
//   text name                    v1 · text kind, text key, u64 priority, i64 every ms, i64 next ms,
//                                i64 last ms
//     64 00                    → 01 01 73 00 5a 0a 06 00
//                                "d": kind "s", priority 90, every 5 ms, next in ms 3
//
// counts · read models, each moved in the transaction that moves its rows
//   text member, u8 1            v1 · u64 partial, u64 complete, u64 uploaded weeks, u64 commits,
//   u64
//                                additions, u64 deletions; no row: all 0 week_counts.hpp
//     30 37 00 01              → 01 00 01 00 01 05 02
//   text "", u8 2                v1 · u64 ready, u64 running, u64 waiting, u64 done, u64 dead jobs,
//                                u64 highest job id ever given                        job_rows.hpp
//     00 02                    → 01 01 00 00 00 00 01
//   text "", u8 3                v2 · u64 users, u64 read, u64 gone, u64 organizations, u64
//                                repositories, u64 waiting, u64 unread             graph/user.hpp
//     00 03                    → 02 02 01 00 00 01 01 01
//
// windows · what the calendar said of 28 days                                        windows.hpp
//   text member, i32 window      v1 · u64 digest
//     30 37 00 80 00 00 3e     → 01 63
//
// sessions · browsers in which a member is signed in                                 sessions.hpp
//   text member, text digest     v1 · i64 created ms, i64 seen ms, i64 expires ms. Digest: SHA-256
//                                of the cookie's secret in hex, which itself is nowhere
//     30 37 00 61 62 00        → 01 0a 0c 12
//                                digest "ab": made in ms 5, seen in ms 6, ends in ms 9
//
// sign_ins · returns from a provider; the tokens stand in secrets                    sign_ins.hpp
//   text digest of the state     v1 · u64 phase, text provider, text member, i64 created ms, i64
//                                expires ms. Phase 1: exchanged, not yet whose. 2: done, without
//                                member and tokens. Member: who connects GitHub, or empty
//     63 64 00                 → 01 02 06 67 69 74 68 75 62 00 0a 12
//                                state "cd" of "github", done; made in ms 5, may go in ms 9
//
// accounts · members by GitHub account; an index, built by migration 2               accounts.hpp
//   u64 GitHub id, text member   v1 · nothing; no row for a member whose GitHub id is 0
//     00 00 00 00 00 00 00 05 30 37 00 → 01
//
// graph_users · accounts, by GitHub's number                                      graph/user.hpp
//   u64 id                       v1 · u64 parts, text login, text node id, u64 kind, u64 presence,
//                                u64 depth + 1 (0: unknown), i64 first seen ms, i64 last seen ms
//                                after that, u64 fruitless; then the parts that are named, in the
//                                order of their bits: 1 i64 read ms after first seen, 2 i64 gone ms
//                                after first seen, 4 profile: text name, text location, text bio,
//                                text company, text e-mail, i64 created s, i64 updated s, u64
//                                followers, u64 following, u64 public repositories, 8 u64 public
//                                gists, 16 place: u64 rank, u64 depth, i64 due ms, and 32, 64, 128,
//                                256 the lists: u64 state, i64 read ms after the profile was, u64
//                                reported; with 8 added to the state, u64 missing
//     00 00 00 00 00 00 00 05 → 01 10 01 61 01 55 01 01 02 0a 04 00 02 01 0a
//                                account 5 is "a", node "U", depth 1, in the frontier
//     00 00 00 00 00 00 00 07 → 01 05 01 62 00 01 01 01 0a 02 00 08 00 00 00 00 00 02 00 02 00 00
//                                account 7 is "b", depth 0, was read, has 2 followers
//
// graph_names · what leads to an account                                          graph/names.hpp
//   u8 1, text login in lower    v1 · u64 id, bool former: it has another one now
//   case; u8 2, text node id
//     01 61 00 → 01 05 00
//     02 55 00 → 01 05 00
//     01 62 00 → 01 07 00
//     01 63 00 → 01 07 01
//   u8 3, u64 id, u8 1 or 2,     v1 · i64 given up ms: the names that an account has given up
//   text name
//     03 00 00 00 00 00 00 00 07 01 63 00 → 01 0c
//                                account 7 was "c" until ms 6
//
// graph_orders · accounts that were read, in the orders of UserOrder              graph/user.hpp
//   u8 order, i64 opposite of    v1 · nothing. Order 2: created s, 3: followers; the opposite of
//   the number, u64 id           the number, so that the greatest comes first
//     02 7f ff ff ff ff ff ff ff 00 00 00 00 00 00 00 07 → 01
//     03 7f ff ff ff ff ff ff fe 00 00 00 00 00 00 00 07 → 01
//
// graph_edges · who follows whom, who has starred what                            graph/edges.hpp
//   u8 kind, u8 direction, u40   nothing at all, not even a version byte: the key is all there is
//   node, u40 other              to an edge, and a byte more would be a fifth of what it takes on
//                                disk. Another version would be another kind. Kind 1: follows, 2:
//                                stars. Direction 1: what node follows or starred, 2: who follows
//                                or starred node. Each edge has both rows
//     01 01 00 00 00 00 05 00 00 00 00 07 →
//     01 02 00 00 00 00 07 00 00 00 00 05 →
//                                account 5 follows account 7
//
// graph_ended_edges · edges that were                                             graph/edges.hpp
//   u8 kind, u8 direction, u40   v1 · i64 ended ms. Both directions, so that all of an account can
//   node, u40 other              be erased. Stays when the edge comes back: it says when it ended
//                                last
//     01 01 00 00 00 00 05 00 00 00 00 08 → 01 12
//     01 02 00 00 00 00 08 00 00 00 00 05 → 01 12
//                                account 5 followed account 8 until ms 9
//
// graph_repositories · repositories by owner                                   graph/repository.hpp
//   u64 owner, u64 id            v1 · u64 bits, text node id, text name, text description, text
//                                homepage, text language, i64 created s, i64 updated s, i64 pushed
//                                s, u64 stargazers, u64 forks, i64 first seen ms, i64 last seen ms
//                                after that, if bit 2048 u64 subscribers, if 4096 u64 open issues,
//                                if 8192 i64 gone ms after first seen. Bits: 1 private, 2 fork, 4
//                                archived, 8 disabled, 16 issues, 32 projects, 64 wiki, 256
//                                downloads and 1024 pages, known only with 128 and 512
//     00 00 00 00 00 00 00 07 00 00 00 00 00 00 00 11 → 01 10 00 00 00 00 00 02 00 00 03 00 0a 02
//                                account 7 has repository 17, with issues and 3 stars
//
// graph_repository_owners · the same, by repository                            graph/repository.hpp
//   u64 id                       v1 · u64 owner
//     00 00 00 00 00 00 00 11 → 01 07
//
// graph_frontier · accounts to read next; written with the account's row         graph/frontier.hpp
//   u8 rank, u32 depth, i64 due  v1 · nothing
//   ms, u64 id
//     02 00 00 00 01 80 00 00 00 00 00 00 05 00 00 00 00 00 00 00 05 → 01
//
// graph_readings · lists of which pages are missing                              graph/frontier.hpp
//   u64 account, u8 list         v1 · text next page, bool REST, u64 total, u64 taken, bool
//                                compares, u64 failures, i64 started ms, u64 page size
//     00 00 00 00 00 00 00 05 01 → 01 01 78 00 96 01 64 00 00 0a 64
//                                followers of account 5: 100 of 150 taken, "x" is next
//
// graph_seen · what such a reading has seen, if it compares                      graph/frontier.hpp
//   u64 account, u8 list, u64 id v1 · nothing
//   of the entry
//     00 00 00 00 00 00 00 05 01 00 00 00 00 00 00 00 07 → 01
//
// graph_seeds · whom people have named                                           graph/frontier.hpp
//   u8 1, text login in lower    v1 · text login, i64 asked ms, u64 id, text problem, u64 depth
//   case                         most
//     01 61 00 → 01 01 41 0a 00 00 00
//   u8 2, text the same          v1 · nothing: nobody has looked it up yet
//     02 61 00 → 01
//
// graph_denied · who must not be learnt again                                   graph/forgotten.hpp
//   text digest                  v2 · i64 denied ms, u64 name (0: a login, whoever bears it; 1: a
//                                number; 2: the login of one account), and of 2: u64 its number,
//                                xor 64 bits of the SHA-256 of the salt in meta, "number of " and
//                                the login. v1: i64 denied ms, of a login or a number.
//                                Digest: SHA-256 of the salt and "login " and the login in lower
//                                case, or "number " and the number, in hex
//     61 62 00 → 02 12 01
//
// graph_capabilities · what the provider lets us read                          graph/capability.hpp
//   u8 list                      v2 · u64 ability, text evidence, i64 since ms, i64 looked ms, u64
//                                good, u64 bad, u64 bad in a row, u64 number of accounts of those,
//                                u64 mark of each. v1: without accounts
//     01 → 02 01 00 0a 12 02 00 00 00
//
// graph_etags · validators of REST addresses                                      graph/etags.hpp
//   text subject, text address   v1 · text ETag. Subject: "#" and the number or "@" and the login
//                                in lower case of the account that the address is about, or empty
//     23 35 00 2f 75 73 65 72 2f 35 00 → 01 03 22 65 22

namespace tidemark::storage {

// The format of the store as a whole; see migrations.hpp.
inline constexpr std::uint32_t store_format = 3;

}  // namespace tidemark::storage
