#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

namespace tidemark::http {

// How many connections each address has; as large as there are connections.
class AddressCount {
 public:
  // One connection, counted until this goes. An empty one counts nothing.
  class Place {
   public:
    Place() = default;
    ~Place() {
      if (count_) count_->leave(address_);
    }
    Place(Place&& other) noexcept
        : count_(std::exchange(other.count_, nullptr)), address_(std::move(other.address_)) {}
    Place& operator=(Place&&) = delete;

   private:
    friend class AddressCount;
    Place(AddressCount& count, std::string address)
        : count_(&count), address_(std::move(address)) {}

    AddressCount* count_ = nullptr;
    std::string address_;
  };

  [[nodiscard]] std::size_t of(const std::string& address) const {
    const auto found = counts_.find(address);
    return found == counts_.end() ? 0 : found->second;
  }
  [[nodiscard]] Place enter(std::string address) {
    ++counts_[address];
    return {*this, std::move(address)};
  }

 private:
  void leave(const std::string& address) {
    const auto found = counts_.find(address);
    if (--found->second == 0) counts_.erase(found);
  }

  std::map<std::string, std::size_t> counts_;
};

}  // namespace tidemark::http
