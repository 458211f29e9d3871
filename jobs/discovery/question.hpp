#pragma once

#include <array>
#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/graph/user.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::List;
using storage::graph::UserId;

struct AskedAccount {
  UserId id = 0;
  std::string node_id;
  friend bool operator==(const AskedAccount&, const AskedAccount&) = default;
};
// Only how long its lists are, apart from other accounts.
struct AskedCount {
  AskedAccount account;
  bool organization = false;
  friend bool operator==(const AskedCount&, const AskedCount&) = default;
};
// A further page of a list; with an empty `after` its first, of an account known already.
struct AskedPage {
  AskedAccount account;
  bool organization = false;
  List list = List::followers;
  std::string after;
  std::uint32_t page_size = 100;
  std::uint64_t left = 100;  // entries that are still expected
  bool apart = false;        // it failed before: it is asked for alone, and says nothing of others
  friend bool operator==(const AskedPage&, const AskedPage&) = default;
};

// What waits to be asked, each in the order in which it should be.
struct Waiting {
  std::vector<std::string> seeds;  // logins that nobody has looked up yet
  std::vector<AskedAccount> accounts;
  std::uint32_t page_size = 100;            // of these accounts
  std::vector<AskedAccount> organizations;  // own nothing but repositories
  std::vector<AskedAccount> counted;        // read before: only profiles, and how long lists are
  std::vector<AskedCount> recounts;         // REST counts more in lists of these
  std::vector<AskedPage> pages;
  std::vector<AskedAccount> gists;  // were read, but for the number of their gists
  [[nodiscard]] bool empty() const {
    return seeds.empty() && accounts.empty() && organizations.empty() && counted.empty() &&
           recounts.empty() && pages.empty() && gists.empty();
  }
};

struct QuestionLimits {
  std::size_t parents = 40;
  // GitHub prices connections, in hundreds, rounded: 149 of them are the most for one point.
  std::size_t connections = 149;
  std::size_t answer_bytes = 6'000'000;                   // about
  std::array<bool, 4> lists = {true, true, true, false};  // asked for at all; by List, less one
  bool email = true;
  bool gists = true;                 // numbers of them at all
  std::vector<UserId> gists_not_of;  // of these accounts never
  [[nodiscard]] bool asks(List list) const { return lists[static_cast<std::size_t>(list) - 1]; }
};

// One query: what it asks for, and its words.
struct Question {
  Waiting asked;
  std::vector<UserId>
      doubted;  // of the accounts: asked for only to hear once more how long their lists are
  QuestionLimits limits;
  std::size_t connections = 0;
  std::uint64_t points = 1;
  std::uint64_t nodes = 0;
  std::string text;
  boost::json::object variables;
};

// As much of what waits as fits: seeds, lists to be counted again, accounts, then those to be
// counted, then pages, then numbers of gists, also of the accounts asked for in this question. At
// least one thing of what waits.
[[nodiscard]] Question compose(const Waiting& waiting, const QuestionLimits& limits);

}  // namespace tidemark::jobs::discovery
