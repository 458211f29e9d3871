#include "storage/schema.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "storage/cursors.hpp"
#include "storage/facts.hpp"
#include "storage/files.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"
#include "storage/migrations.hpp"
#include "storage/purge.hpp"
#include "storage/quota.hpp"
#include "storage/repositories.hpp"
#include "storage/rows.hpp"
#include "storage/schedules.hpp"
#include "storage/sessions.hpp"
#include "storage/sign_ins.hpp"
#include "storage/weeks.hpp"
#include "storage/windows.hpp"
#include "tests/storage/example_store.hpp"
#include "tests/storage/graph_examples.hpp"
#include "tests/storage/memory_store.hpp"

namespace tidemark::storage {
namespace {

// "table: key → value" in hex.
using Examples = std::set<std::string>;

Examples documented() {
  std::ifstream file(TIDEMARK_SOURCE_DIR "/storage/schema.hpp");
  BOOST_REQUIRE(file);
  const std::regex heading("// ([a-z_]+) · .*");
  const std::regex example("// +((?:[0-9a-f]{2} )+) *→((?: [0-9a-f]{2})*)");
  Examples examples;
  std::string table;
  for (std::string line; std::getline(file, line);) {
    std::smatch match;
    if (std::regex_match(line, match, heading)) table = match[1];
    if (std::regex_match(line, match, example))
      examples.insert(table + ": " + match[1].str() + "→" + match[2].str());
  }
  return examples;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x} ", static_cast<unsigned char>(byte));
  return text;
}

void write_member_examples(Writer& writer) {
  Member member;
  member.id = "07";
  member.github_id = 5;
  member.login = "a";
  member.first_week = Week{250};
  member.generation = 1;
  member.update_asked_ms = 7;
  member.wants_private = true;
  put_member(writer, member);
  WeekRecord week;
  week.state = WeekState::complete;
  week.commits = 1;
  week.additions = 5;
  week.deletions = 2;
  week.days = 1;
  put_week(writer, "07", Week{250}, week);
  put_fact(writer, "07", {Week{250}, FactKind::issue, 9, "I", 1, "{}"});
  RemoteFile file;
  file.name = "f";
  file.phase = UploadPhase::completed;
  file.remote_id = 17;
  file.size = 3;
  file.first = Week{250};
  file.last = Week{251};
  put_file(writer, "07", file);
  put_doomed(writer, "07", 16);
  Repository repository;
  repository.id = "R";
  repository.name = "a/b";
  repository.url = "u";
  repository.commits = 1;
  put_repository(writer, "07", repository);
  put_cursor(writer, "07", "sync", "{}");
  put_window(writer, "07", 62, 99);
  put_session(writer, {"07", "ab", 5, 6, 9});
}

void write_other_examples(Writer& writer) {
  QuotaWindow quota;
  quota.owner = "g:1";
  quota.resource = "c";
  quota.limit = 5'000;
  quota.remaining = 17;
  quota.spent = 2;
  quota.requests = 3;
  put_quota(writer, quota);
  SignIn sign_in;
  sign_in.digest = "cd";
  sign_in.provider = "github";
  sign_in.created_ms = 5;
  sign_in.expires_ms = 9;
  begin_sign_in(writer, test::example_sealer(), sign_in, Token());
  end_sign_in(writer, "cd");
  owe_purge(writer, {});
  Job job;
  job.kind = "s";
  job.key = "07";
  enqueue_job(writer, std::move(job), 5);
  Schedule schedule;
  schedule.name = "d";
  schedule.kind = "s";
  schedule.priority = 90;
  schedule.every_ms = 5;
  schedule.next_ms = 3;
  define_schedule(writer, schedule);
}

Examples written() {
  const auto engine = open_rocks_in_memory();
  (void)migrate(*engine, migrations(), "in memory");
  engine->write([](Writer& writer) {
    write_member_examples(writer);
    write_other_examples(writer);
    test::write_graph_examples(writer);
  });
  Examples examples;
  engine->read([&](const Reader& reader) {
    for (int number = 0; name_of(static_cast<Table>(number)) != "?"; ++number) {
      const auto table = static_cast<Table>(number);
      const auto visit = [&](std::string_view key, std::string_view value) {
        auto text = fmt::format("{}: {}→ {}", name_of(table), hex(key), hex(value));
        text.pop_back();
        examples.insert(std::move(text));
        return true;
      };
      reader.scan(table, "", "", visit);
    }
  });
  return examples;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schema)

BOOST_AUTO_TEST_CASE(the_documented_examples_are_the_bytes_that_the_code_writes) {
  const auto in_header = documented(), in_store = written();
  for (const auto& example : in_store)
    BOOST_TEST(in_header.contains(example), "schema.hpp does not show " << example);
  for (const auto& example : in_header)
    BOOST_TEST(in_store.contains(example), "nothing in the store is " << example);
}

BOOST_AUTO_TEST_CASE(every_table_has_its_paragraph) {
  std::ifstream file(TIDEMARK_SOURCE_DIR "/storage/schema.hpp");
  std::stringstream text;
  text << file.rdbuf();
  for (int number = 0; name_of(static_cast<Table>(number)) != "?"; ++number) {
    const auto name = name_of(static_cast<Table>(number));
    BOOST_TEST(text.str().find(fmt::format("// {} · ", name)) != std::string::npos,
               "schema.hpp says nothing of table " << name);
  }
}

BOOST_AUTO_TEST_CASE(the_newest_migration_leads_to_the_documented_format) {
  BOOST_TEST(migrations().back().to == store_format);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
