#include "daemon/settings.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "daemon/secret_files.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/tls_identity.hpp"

namespace tidemark::daemon {

namespace {

LoadedSettings load(const std::string& toml,
                    std::vector<std::pair<std::string, std::string>> environment = {},
                    std::vector<std::string> flags = {}) {
  const test::Folder folder;
  const auto file = folder.write("tidemark.toml", toml);
  return load_settings({file, std::move(environment), std::move(flags)});
}

// Every problem of a configuration that must be refused; the file's folder is cut from the places.
std::vector<std::string> problems(const std::string& toml,
                                  std::vector<std::pair<std::string, std::string>> environment = {},
                                  std::vector<std::string> flags = {}) {
  try {
    load(toml, std::move(environment), std::move(flags));
  } catch (const SettingsError& error) {
    auto found = error.problems();
    for (auto& problem : found) {
      if (problem.starts_with('/')) problem = problem.substr(problem.find("tidemark.toml"));
    }
    return found;
  }
  return {};
}

std::string only_problem(const std::string& toml) {
  const auto found = problems(toml);
  BOOST_REQUIRE_EQUAL(found.size(), 1);
  return found.front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(every_default_is_within_its_own_bounds_and_names_are_unique) {
  std::set<std::string_view> names;
  for (const SettingRow& row : setting_rows()) {
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(names.insert(row.name).second);
      BOOST_TEST(!row.help.empty());
      BOOST_TEST(row.name.find('.') != std::string_view::npos);
      Settings settings;
      const GivenValue given{.name = std::string(row.name),
                             .value = std::string(row.fallback),
                             .is_text_only = true,
                             .place = "test"};
      BOOST_TEST(apply_setting(settings, given) == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(an_empty_file_gives_the_defaults) {
  const auto loaded = load("");
  BOOST_TEST(loaded.settings.store_path == "/var/lib/tidemark/store");
  BOOST_TEST(loaded.settings.control_tcp_port == 7410);
  BOOST_TEST(loaded.settings.quota_member_share == 1.0);
  BOOST_TEST(loaded.origin.at("control.tcp_port") == "default");
}

BOOST_AUTO_TEST_CASE(flags_beat_variables_beat_the_file_beats_defaults) {
  const std::string file = "[control]\ntcp_port = 1\nsocket = \"/file\"\n[jobs]\nconcurrency = 2\n";
  const auto loaded = load(file,
                           {{"TIDEMARK_CONTROL_TCP_PORT", "3"},
                            {"TIDEMARK_CONTROL_SOCKET", "/variable"},
                            {"TIDEMARK_SEED", "not a setting, not refused"}},
                           {"control.tcp_port=4"});
  BOOST_TEST(loaded.settings.control_tcp_port == 4);
  BOOST_TEST(loaded.settings.control_socket == "/variable");
  BOOST_TEST(loaded.settings.jobs_concurrency == 2);
  BOOST_TEST(loaded.origin.at("control.tcp_port") == "--set");
  BOOST_TEST(loaded.origin.at("control.socket") == "environment TIDEMARK_CONTROL_SOCKET");
  BOOST_TEST(loaded.origin.at("jobs.concurrency").ends_with("tidemark.toml:5"));
  BOOST_TEST(loaded.origin.at("store.path") == "default");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_an_error_with_file_line_key_and_the_likely_one) {
  BOOST_TEST(only_problem("[store]\n\npth = \"/x\"\n") ==
             "tidemark.toml:3: unknown setting store.pth; did you mean store.path?");
  BOOST_TEST(
      only_problem("[store]\nzzzzzzzzz = 1\n") ==
      "tidemark.toml:2: unknown setting store.zzzzzzzzz; `tidemark config` lists all settings");
  BOOST_TEST(only_problem("tcp_port = 7\n") ==
             "tidemark.toml:1: unknown setting tcp_port; did you mean control.tcp_port?");
}

BOOST_AUTO_TEST_CASE(a_bad_value_is_an_error_that_says_what_would_be_right) {
  BOOST_TEST(only_problem("[control]\ntcp_port = 70000\n") ==
             "tidemark.toml:2: control.tcp_port: 70000 is out of bounds; give a whole number from "
             "0 to 65535, as in: tcp_port = 7410");
  BOOST_TEST(only_problem("[control]\ntcp_port = \"7410\"\n") ==
             "tidemark.toml:2: control.tcp_port: \"7410\" is not a whole number from 0 to 65535, "
             "as in: tcp_port = 7410");
  BOOST_TEST(only_problem("[store]\npath = 7\n") ==
             "tidemark.toml:2: store.path: 7 is not a text; write it in quotes, as in: path = "
             "\"/var/lib/tidemark/store\"");
  BOOST_TEST(only_problem("[store]\npath = \"here\"\n") ==
             "tidemark.toml:2: store.path: \"here\" is not an absolute path; begin it with /");
  BOOST_TEST(only_problem("[log]\nlevel = \"loud\"\n") ==
             "tidemark.toml:2: log.level: \"loud\" is none of debug, info, warning, error");
  BOOST_TEST(only_problem("[control]\nsocket_mode = \"0989\"\n") ==
             "tidemark.toml:2: control.socket_mode: \"0989\" is not a mode; give octal digits, as "
             "in \"0660\"");
  BOOST_TEST(only_problem("[control]\nallowed_hosts = [\"a\", 1]\n") ==
             "tidemark.toml:2: control.allowed_hosts: every element of the list must be a text in "
             "quotes");
  BOOST_TEST(
      only_problem("[openhumans]\nactivity_url = \"/activity\"\n").find("address of a page") !=
      std::string::npos);
  BOOST_TEST(
      only_problem("[github]\napi_url = \"ftp://x\"\n").find("is not an address; give https") !=
      std::string::npos);
  BOOST_TEST(only_problem("[quota]\nmember_share = 1.5\n").find("from 0.01 to 1") !=
             std::string::npos);
  BOOST_TEST(only_problem("[quota]\nmember_share = nan\n").find("is not a number") !=
             std::string::npos);
  BOOST_TEST(only_problem("[jobs]\nconcurrency = 2.5\n").find("is not a whole number") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_problem_is_told_at_once) {
  const auto found = problems("[store]\npath = 7\n[log]\nlevel = \"x\"\n",
                              {{"TIDEMARK_STORE_PTH", "/x"}}, {"jobs.concurrency", "nope=1"});
  BOOST_REQUIRE_EQUAL(found.size(), 5);
  BOOST_TEST(found[0].starts_with("tidemark.toml:2: store.path"));
  BOOST_TEST(found[1].starts_with("tidemark.toml:4: log.level"));
  BOOST_TEST(found[2].starts_with("environment TIDEMARK_STORE_PTH: there is no such setting"));
  BOOST_TEST(found[3] == "--set jobs.concurrency: no value; write --set section.key=value");
  BOOST_TEST(found[4].starts_with("--set: unknown setting nope"));
}

BOOST_AUTO_TEST_CASE(what_is_not_toml_is_told_with_line_and_column) {
  BOOST_TEST(only_problem("[store]\npath = \n").starts_with("tidemark.toml:2:8: this is not TOML"));
}

BOOST_AUTO_TEST_CASE(a_file_that_was_named_must_exist) {
  SettingSources sources;
  sources.file = "/nowhere/tidemark.toml";
  BOOST_CHECK_EXCEPTION(
      (void)load_settings(sources), SettingsError, [](const SettingsError& error) {
        return std::string_view(error.what()).starts_with("/nowhere/tidemark.toml: no such file");
      });
}

BOOST_AUTO_TEST_CASE(credentials_of_systemd_stand_in_for_defaults_only) {
  const test::Folder folder;
  const auto key = folder.write("tidemark-key", "1 00");
  const std::pair<std::string, std::string> credentials{"CREDENTIALS_DIRECTORY", folder.path()};
  BOOST_TEST(load("", {credentials}).settings.store_key_file == key);
  BOOST_TEST(load("", {credentials}).settings.openhumans_client_secret_file == "");
  BOOST_TEST(load("", {credentials}, {"store.key_file=/mine"}).settings.store_key_file == "/mine");
}

BOOST_AUTO_TEST_CASE(own_tls_needs_an_https_address) {
  const std::string tls = "[public]\ntls_certificate_file = \"/c\"\ntls_key_file = \"/k\"\n";
  BOOST_TEST(only_problem(tls + "url = \"http://tidemark.test\"\n") ==
             "tidemark.toml:4: public.url: \"http://tidemark.test\" begins with http://, and the "
             "pages speak TLS (public.tls_certificate_file); write https://");
  BOOST_TEST(problems(tls + "url = \"https://tidemark.test\"\n").empty());
  BOOST_TEST(problems(tls).empty());
}

BOOST_AUTO_TEST_CASE(who_listens_on_every_address_must_say_what_people_type) {
  for (const std::string address : {"0.0.0.0", "::", "0:0::0"}) {
    const std::string file = "[public]\naddress = \"" + address + "\"\n";
    BOOST_TEST(only_problem(file).starts_with("default: public.url: is missing"), address);
    BOOST_TEST(problems(file + "url = \"https://tidemark.test\"\n").empty());
  }
  BOOST_TEST(problems("[public]\naddress = \"::1\"\n").empty());
  BOOST_TEST(problems("[public]\naddress = \"\"\n").empty());
}

BOOST_AUTO_TEST_CASE(a_client_id_without_its_secret_is_an_error_at_both_providers) {
  for (const std::string section : {"github", "openhumans"}) {
    const auto told = only_problem("[" + section + "]\nclient_id = \"id\"\n");
    BOOST_TEST(told.starts_with("default: " + section + ".client_secret_file: is missing"));
  }
}

BOOST_AUTO_TEST_CASE(yes_or_no_is_true_or_false_and_nothing_else) {
  BOOST_TEST(load("").settings.discovery_enabled);
  BOOST_TEST(!load("[discovery]\nenabled = false\n").settings.discovery_enabled);
  BOOST_TEST(load("", {{"TIDEMARK_DISCOVERY_STARS", "true"}}).settings.discovery_stars);
  BOOST_TEST(only_problem("[discovery]\nstars = \"yes\"\n") ==
             "tidemark.toml:2: discovery.stars: \"yes\" is neither true nor false; write stars = "
             "false");
  BOOST_TEST(problems("", {}, {"discovery.stars=1"}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(seeds_and_denied_people_must_be_logins) {
  const auto good = load("[discovery]\nseeds = [\"octocat\"]\ndeny = [\"a-b\", \"mona_acme\"]\n");
  BOOST_TEST(good.settings.discovery_seeds.size() == 1u);
  BOOST_TEST(good.settings.discovery_deny.size() == 2u);
  for (const std::string name : {"seeds", "deny"}) {
    const auto told = only_problem("[discovery]\n" + name + " = [\"octocat\", \"-cat\"]\n");
    BOOST_TEST(told.starts_with("tidemark.toml:2: discovery." + name + ": \"-cat\" is no GitHub"));
  }
}

BOOST_AUTO_TEST_CASE(the_operators_token_is_a_file_that_nobody_else_may_read) {
  const test::Folder folder;
  const auto file = folder.write("github-token", "ghp_0123456789\n");
  const std::pair<std::string, std::string> credentials{"CREDENTIALS_DIRECTORY", folder.path()};
  BOOST_TEST(load("", {credentials}).settings.github_token_file == file);
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  BOOST_TEST(github_token(file) == "ghp_0123456789");
  BOOST_TEST(github_token("") == "");
  const auto told = [&] {
    try {
      (void)github_token(file);
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  BOOST_TEST(told() == file + ": others may use it (mode 0644); chmod 600 " + file);
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  folder.write("github-token", "ghp_0123456789 # mine\n");
  BOOST_TEST(told().find("more than a token") != std::string::npos);
  folder.write("github-token", "\n");
  BOOST_TEST(told().find("its first line is empty") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(https_without_certificate_and_proxies_is_worth_a_warning) {
  const auto warnings = [](const std::string& toml) {
    return settings_warnings(load("[public]\n" + toml).settings).size();
  };
  const std::string url = "url = \"https://tidemark.test\"\n";
  BOOST_TEST(warnings(url) == 1u);
  BOOST_TEST(warnings(url + "trusted_proxies = [\"10.0.0.1\"]\n") == 0u);
  BOOST_TEST(warnings(url + "address = \"\"\n") == 0u);
  BOOST_TEST(warnings(url + "tls_certificate_file = \"/c\"\ntls_key_file = \"/k\"\n") == 0u);
  BOOST_TEST(warnings("") == 0u);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_cannot_be_used_is_told_before_anything_is_made) {
  const test::Folder folder;
  const auto broken = folder.write("broken.pem", "no PEM");
  const auto good = test::make_tls_identity(folder.path(), "good");
  const auto told = [&](const std::string& certificate, const std::string& key) {
    const auto loaded =
        load("[store]\nkey_file = \"" + folder.path() + "/none\"\n", {},
             {"public.tls_certificate_file=" + certificate, "public.tls_key_file=" + key});
    try {
      check_secret_files(loaded);
    } catch (const SettingsError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  BOOST_TEST(told(good.certificate_file, good.key_file) == "");
  BOOST_TEST(told(broken, good.key_file).starts_with("--set: public.tls_certificate_file: the "));
  BOOST_TEST(told(broken, good.key_file).find(broken) != std::string::npos);
  BOOST_TEST(told(good.certificate_file, broken).find(broken) != std::string::npos);
  BOOST_TEST(told(good.certificate_file, "/nowhere/key.pem") != "");
}

BOOST_AUTO_TEST_CASE(the_example_file_is_valid_and_means_the_defaults) {
  const auto example = load(settings_example());
  std::string uncommented;
  std::istringstream lines(settings_example());
  for (std::string line; std::getline(lines, line);) {
    const bool is_value = line.starts_with('#') && line.size() > 1 && line[1] != ' ';
    uncommented += (is_value ? line.substr(1) : line) + "\n";
  }
  const auto spelled_out = load(uncommented);
  for (const SettingRow& row : setting_rows()) {
    BOOST_TEST_CONTEXT(row.name) {
      const auto text = setting_text(load("").settings, row);
      BOOST_TEST(setting_text(example.settings, row) == text);
      BOOST_TEST(setting_text(spelled_out.settings, row) == text);
      BOOST_TEST(spelled_out.origin.at(std::string(row.name)) != "default");
    }
  }
}

BOOST_AUTO_TEST_CASE(the_example_in_systemd_is_the_one_that_the_binary_prints) {
  std::ifstream stream(TIDEMARK_SOURCE_DIR "/systemd/tidemark.toml");
  std::ostringstream text;
  text << stream.rdbuf();
  BOOST_TEST(text.str() == settings_example(),
             "run: build/dev/tidemark config --example > systemd/tidemark.toml");
}

BOOST_AUTO_TEST_CASE(the_reference_and_the_effective_list_name_every_setting) {
  const auto reference = settings_reference();
  const auto effective = settings_effective(load("", {}, {"jobs.concurrency=3"}));
  for (const SettingRow& row : setting_rows()) {
    BOOST_TEST(reference.find("\n" + std::string(row.name) + " = ") != std::string::npos);
  }
  BOOST_TEST(effective.find("jobs.concurrency = 3  # --set\n") != std::string::npos);
  BOOST_TEST(effective.find("log.level = \"info\"  # default\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
