#include "storage/migrations.hpp"

#include <fmt/format.h>

#include "storage/account_rows.hpp"
#include "storage/codec.hpp"
#include "storage/schema.hpp"

namespace tidemark::storage {
namespace {

constexpr std::string_view format_key = "format";
constexpr std::uint8_t row_version = 1;

void require_no_gap(const std::vector<Migration>& steps) {
  for (std::size_t at = 0; at < steps.size(); ++at) {
    if (steps[at].to != at + 1) throw std::invalid_argument("migrations must be 1, 2, 3, …");
  }
}

}  // namespace

std::uint32_t format_of(const Reader& reader) {
  const std::optional<std::string> row = reader.get(Table::meta, format_key);
  if (!row) return 0;
  ValueReader value(*row, row_version, "meta format");
  const std::uint64_t format = value.u64();
  value.end();
  if (format > UINT32_MAX) throw CorruptRecord("meta format: the number is absurd");
  return static_cast<std::uint32_t>(format);
}

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all = {
      {1, "the first format", [](Writer&) {}},
      {2, "members are found by their GitHub account", build_accounts},
      // An engine may give these tables a place that an older tidemark does not know, and then must
      // not open (rocks/families.hpp).
      {3, "there is room for a graph of accounts", [](Writer&) {}},
  };
  return all;
}

std::vector<std::string> migrate(Engine& engine, const std::vector<Migration>& steps,
                                 std::string_view where) {
  require_no_gap(steps);
  std::uint32_t format = 0;
  engine.read([&](const Reader& reader) { format = format_of(reader); });
  if (format > steps.size()) {
    throw StoreError(
        fmt::format("{} has format {}, this tidemark knows up to {}: install the newer "
                    "version again, or restore a backup",
                    where, format, steps.size()));
  }
  std::vector<std::string> report;
  for (; format < steps.size(); ++format) {
    const Migration& step = steps[format];
    engine.write([&](Writer& writer) {
      step.run(writer);
      ValueWriter row(row_version);
      row.u64(step.to);
      writer.put(Table::meta, format_key, row.take());
    });
    report.push_back(fmt::format("format {}: {}", step.to, step.what));
  }
  if (!report.empty()) engine.sync();
  return report;
}

}  // namespace tidemark::storage
