#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tidemark::simulators {

// One account follows another; both by their place among the world's accounts.
struct Follow {
  std::uint32_t from = 0, to = 0;
  friend auto operator<=>(const Follow&, const Follow&) = default;
};

// Who follows whom: two sorted lists of 32-bit places for each account, and nothing else.
class Graph {
 public:
  // All at once: doubles are taken once. Much faster than one by one.
  void add(const std::vector<Follow>& follows);
  // False: it was so already.
  bool follow(std::uint32_t from, std::uint32_t to);
  bool unfollow(std::uint32_t from, std::uint32_t to);
  // All follows from and to the account.
  void clear(std::uint32_t account);

  [[nodiscard]] std::span<const std::uint32_t> following(std::uint32_t account) const;
  [[nodiscard]] std::span<const std::uint32_t> followers(std::uint32_t account) const;
  [[nodiscard]] std::uint64_t follows() const { return follows_; }

 private:
  using Lists = std::vector<std::vector<std::uint32_t>>;

  void reserve(std::uint32_t account);

  Lists following_, followers_;
  std::uint64_t follows_ = 0;
};

}  // namespace tidemark::simulators
