#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

// Repositories that follow from the seed: kept is one number for each account, the rest is made up
// when it is asked for. Their ids run through all accounts without a gap.
class GeneratedRepositories {
 public:
  static constexpr std::uint64_t first_id = 200'000'000;

  // Of the next account, in order of their places.
  void add(std::uint32_t count) { starts_.push_back(total() + count); }
  [[nodiscard]] std::uint32_t count(std::uint32_t account) const {
    return starts_[account + 1] - starts_[account];
  }
  [[nodiscard]] std::uint64_t id(std::uint32_t account, std::uint32_t which) const {
    return first_id + starts_[account] + which;
  }
  struct Place {
    std::uint32_t account = 0, which = 0;
  };
  [[nodiscard]] std::optional<Place> find(std::uint64_t id) const;
  // By the name that make() gives.
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t seed, const Account& owner,
                                                  std::string_view name) const;
  [[nodiscard]] Repository make(std::uint64_t seed, const Account& owner,
                                std::uint32_t which) const;

  // The ids that an account has starred, in the order it did so. Only what existed at seal() can
  // be among them, so that accounts made later change nothing.
  void seal() { sealed_ = total(); }
  [[nodiscard]] std::vector<std::uint64_t> starred(std::uint64_t seed,
                                                   const Account& account) const;
  // A repository of somebody else on which the account may work.
  [[nodiscard]] std::optional<std::uint64_t> collaborates_on(std::uint64_t seed,
                                                             const Account& account) const;
  [[nodiscard]] std::uint32_t total() const { return starts_.back(); }

 private:
  std::vector<std::uint32_t> starts_{0};
  std::uint32_t sealed_ = 0;
};

}  // namespace tidemark::simulators
