#include "storage/check.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "storage/facts.hpp"
#include "storage/files.hpp"
#include "storage/job_queue.hpp"
#include "storage/job_rows.hpp"
#include "storage/members.hpp"
#include "storage/repositories.hpp"
#include "storage/rows.hpp"
#include "storage/weeks.hpp"
#include "tests/storage/check_fixture.hpp"

namespace tidemark::storage {
namespace {

const std::string& member = test::example_member;

using test::CheckFixture;

}  // namespace

BOOST_AUTO_TEST_SUITE(check)

BOOST_FIXTURE_TEST_CASE(a_sound_store_has_no_problem, CheckFixture) {
  const auto report = check();
  BOOST_TEST(first_problem() == "");
  BOOST_TEST(!report.more);
  BOOST_TEST(report.rows == all_rows().size());
  std::set<int> tables;
  for (const auto& row : all_rows()) tables.insert(static_cast<int>(row.table));
  // So that the other cases touch every table.
  BOOST_TEST(name_of(static_cast<Table>(tables.size())) == "?");
}

BOOST_FIXTURE_TEST_CASE(a_value_cut_short_is_found_in_every_row, CheckFixture) {
  for (const auto& row : all_rows()) {
    if (row.value.empty()) continue;  // an edge
    auto cut = row;
    // One byte is enough for all but sealed values, whose length says nothing.
    const bool sealed = row.table == Table::secrets || row.key.starts_with("canary");
    cut.value.resize(sealed ? 20 : row.value.size() - 1);
    put(cut);
    BOOST_TEST_CONTEXT(readable(row.table, row.key)) {
      BOOST_TEST(finds(readable(row.table, row.key), "tidemark check"));
    }
    put(row);
  }
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(a_value_of_a_newer_version_is_found_in_every_row, CheckFixture) {
  for (const auto& row : all_rows()) {
    auto newer = row;
    newer.value = '\x09' + newer.value.substr(std::min<std::size_t>(1, newer.value.size()));
    put(newer);
    BOOST_TEST_CONTEXT(readable(row.table, row.key)) {
      BOOST_TEST(finds(readable(row.table, row.key), ""));
    }
    put(row);
  }
}

BOOST_FIXTURE_TEST_CASE(a_key_with_a_byte_too_many_is_found_in_every_table, CheckFixture) {
  for (const auto& row : all_rows()) {
    if (row.key == "format" || row.key == "graph_salt") continue;
    auto longer = row;
    longer.key += '\1';
    put(longer);
    BOOST_TEST_CONTEXT(readable(row.table, row.key)) {
      BOOST_TEST(finds(std::string(name_of(row.table)) + "[0x", "too long"));
    }
    erase(longer);
  }
}

BOOST_FIXTURE_TEST_CASE(each_missing_index_row_of_a_job_is_found, CheckFixture) {
  std::size_t tried = 0;
  for (const auto table : {Table::job_keys, Table::job_queue}) {
    for (const auto& row : rows(table)) {
      if (row.key.front() == static_cast<char>(JobQueueForm::group)) continue;
      erase(row);
      BOOST_TEST(finds(readable(table, row.key), "is missing for job"));
      put(row);
      ++tried;
    }
  }
  BOOST_TEST(tried == 30U);
}

BOOST_FIXTURE_TEST_CASE(an_index_row_of_no_job_is_found, CheckFixture) {
  Job ghost;
  ghost.id = 999;
  ghost.kind = "sync";
  ghost.key = "5";
  for (const auto& row : index_rows_of(ghost)) {
    put({row.table, row.key, row.value});
    BOOST_TEST(finds(readable(row.table, row.key), "names job 999, which is not there"));
    erase({row.table, row.key, row.value});
  }
}

BOOST_FIXTURE_TEST_CASE(an_index_row_that_belongs_elsewhere_is_found, CheckFixture) {
  auto moved = read([](const Reader& reader) { return find_job(reader, 1); }).value();
  moved.state = JobState::waiting;
  moved.kind = "other";
  for (const auto& row : index_rows_of(moved)) {
    put({row.table, row.key, row.value});
    BOOST_TEST(finds(readable(row.table, row.key), "job 1 does not belong there"));
    erase({row.table, row.key, row.value});
  }
}

BOOST_FIXTURE_TEST_CASE(a_bound_that_hides_a_waiting_job_is_found, CheckFixture) {
  const auto key = group_key(50, "profile");
  const auto bound = ValueWriter(1).i64(99'999'999).u64(0).take();
  put({Table::job_queue, key, bound});
  BOOST_TEST(finds("job_queue[1, 50, \"profile\"]", "hides job 3"));
  erase({Table::job_queue, key, bound});
  BOOST_TEST(finds("job_queue[1, 50, \"profile\"]", "never claimed"));
}

BOOST_FIXTURE_TEST_CASE(wrong_counts_of_jobs_are_found, CheckFixture) {
  write([](Writer& writer) {
    auto totals = job_totals(writer);
    ++totals.counts.waiting;
    put_job_totals(writer, totals);
  });
  BOOST_TEST(finds("counts[\"\", 2]", "not those of the jobs table"));
}

BOOST_FIXTURE_TEST_CASE(an_id_that_would_be_given_twice_is_found, CheckFixture) {
  write([](Writer& writer) {
    auto totals = job_totals(writer);
    totals.last_id = 3;
    put_job_totals(writer, totals);
  });
  BOOST_TEST(finds("counts[\"\", 2]", "ids are given from 4 on"));
}

BOOST_FIXTURE_TEST_CASE(wrong_counts_of_weeks_are_found, CheckFixture) {
  write([](Writer& writer) {
    const auto key = KeyWriter().text(member).i32(2'902).bytes();
    writer.erase(Table::weeks, key);
  });
  BOOST_TEST(finds("counts[\"0123456\", 1]", "not those of the weeks table"));
}

BOOST_FIXTURE_TEST_CASE(a_week_that_disagrees_with_its_facts_is_found, CheckFixture) {
  write([](Writer& writer) {
    put_fact(writer, member, {Week{2'901}, FactKind::commit, 1, "R_2 abc", 1, "{}"});
  });
  const auto name = readable(Table::weeks, KeyWriter().text(member).i32(2'901));
  BOOST_TEST(finds(name, "0 commits, 1 others and 0 days, the facts are 1, 1 and 0"));
  BOOST_TEST(check().problems.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_partial_week_may_know_less_than_it_says, CheckFixture) {
  write([](Writer& writer) {
    put_fact(writer, member, {Week{2'902}, FactKind::commit, 1, "R_2 abc", 1, "{}"});
  });
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(an_uploaded_week_without_its_file_is_found, CheckFixture) {
  const auto name = readable(Table::weeks, KeyWriter().text(member).i32(2'900));
  write([](Writer& writer) { erase_file(writer, member, "github-2025.json"); });
  BOOST_TEST(finds(name, "\"github-2025.json\", which is not among"));
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_not_completed_is_found, CheckFixture) {
  write([](Writer& writer) {
    auto file = find_file(writer, member, "github-2025.json").value();
    file.phase = UploadPhase::stored;
    put_file(writer, member, file);
  });
  BOOST_TEST(finds("files[\"0123456\", 1, \"github-2025.json\"]", "not completed"));
}

BOOST_FIXTURE_TEST_CASE(a_file_in_use_that_would_be_deleted_is_found, CheckFixture) {
  write([](Writer& writer) { put_doomed(writer, member, 17); });
  BOOST_TEST(finds("files[\"0123456\", 3, 17]", "would delete a file that is in use"));
}

BOOST_FIXTURE_TEST_CASE(a_file_under_the_name_of_another_is_found, CheckFixture) {
  for (const auto& row : rows(Table::files)) {
    if (row.value.find("github-2025.json") == row.value.npos) continue;
    put({row.table, row.key.substr(0, row.key.size() - 6) + "x.json" + '\0', row.value});
    break;
  }
  BOOST_TEST(finds("files[\"0123456\", 1, ", "the value is that of \"github-2025.json\""));
}

BOOST_FIXTURE_TEST_CASE(a_repository_that_disagrees_with_its_commits_is_found, CheckFixture) {
  write([](Writer& writer) {
    auto repository = find_repository(writer, member, "R_1").value();
    repository.commits = 3;
    put_repository(writer, member, repository);
  });
  BOOST_TEST(finds("repositories[\"0123456\", \"R_1\"]", "3 commits, the facts are 2"));
}

BOOST_FIXTURE_TEST_CASE(rows_of_nobody_are_found_once_a_table, CheckFixture) {
  write([](Writer& writer) { writer.erase(Table::members, KeyWriter().text(member)); });
  for (const auto table :
       {"secrets", "weeks", "facts", "files", "repositories", "windows", "sessions"})
    BOOST_TEST(finds(table, "tidemark members remove 0123456"));
  BOOST_TEST(finds("accounts[77, \"0123456\"]", "no such member"));
  BOOST_TEST(finds("sign_ins[", "\"0123456\", who is no member"));
  BOOST_TEST(check().problems.size() == 10U);
  write([](Writer& writer) { erase_member(writer, member); });
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(an_unknown_state_is_found, CheckFixture) {
  for (const auto& row : rows(Table::weeks)) {
    auto strange = row;
    strange.value[1] = 7;
    put(strange);
    BOOST_TEST(finds(readable(row.table, row.key), "the number 7"));
    put(row);
  }
}

BOOST_FIXTURE_TEST_CASE(no_more_than_a_hundred_problems_are_told, CheckFixture) {
  write([](Writer& writer) {
    for (int n = 0; n < 150; ++n)
      writer.put(Table::cursors, KeyWriter().text("owner").text(std::to_string(n)), "");
  });
  const auto report = check();
  BOOST_TEST(report.problems.size() == 100U);
  BOOST_TEST(report.more);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
