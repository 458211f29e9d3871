#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace tidemark::bench {

// A connection to PostgreSQL by its own C library, which is looked for when the benchmark runs, so
// that nobody needs it to build. Everything throws std::runtime_error with the server's words.
class Postgres {
 public:
  explicit Postgres(const std::string& connection);
  ~Postgres();

  void run(const std::string& statement);
  // The first value of the first row.
  [[nodiscard]] std::string value_of(const std::string& query);
  void prepare(const std::string& name, const std::string& statement);
  // Two bigint[] in their binary form, which costs the server least.
  struct Arrays {
    std::string first, second;
  };
  void execute(const std::string& name, const Arrays& arrays);
  [[nodiscard]] static std::string array_of(std::span<const std::uint64_t> numbers);

 private:
  struct Library;
  static const Library& library();
  std::string finish(void* result);

  void* connection_ = nullptr;
};

}  // namespace tidemark::bench
