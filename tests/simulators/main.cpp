// tidemark-sim: GitHub and Open Humans on loopback, for the daemon's tests and its demo.
#include <csignal>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "tests/simulators/program.hpp"

namespace {

using tidemark::simulators::Program;

void add_world_flags(CLI::App& app, Program::Options& options) {
  app.add_option("--commits", options.commits,
                 "NDJSON of commits, plain or .gz: accounts, repositories and history");
  app.add_option("--merge-authors", options.one_author, "All commits belong to this login");
  app.add_option("--extras", options.extras_seed,
                 "Seed for made-up issues, pull requests, reviews and repositories");
  app.add_option("--utc-offset-min", options.utc_offset_minutes,
                 "Time zone of every account's contribution calendar");
  app.add_option("--member", options.members,
                 "ID:LOGIN[:github-token:openhumans-access:openhumans-refresh]; may be repeated");
  app.add_option("--person", options.people,
                 "ID or ID:NAME of somebody with an account at Open Humans only; may be repeated");
  app.add_flag("--busiest", options.busiest, "Make a member of the busiest author");
}

void add_graph_flags(CLI::App& app, Program::Options& options) {
  app.add_option("--edges", options.edges,
                 "CSV of id_1,id_2, plain or .gz: these two follow each other");
  app.add_option("--logins", options.logins, "CSV of id,name for --edges, plain or .gz");
  app.add_option("--graph-seed", options.graph_seed,
                 "Make up who follows whom: few have very many followers");
  app.add_option("--graph-users", options.graph_users, "Accounts for --graph-seed");
  app.add_option("--graph-edges", options.graph_edges, "Follows for --graph-seed, each one way");
  app.add_flag("--graph-repositories,!--no-graph-repositories", options.graph_repositories,
               "The graph's accounts have repositories (default)");
  app.add_option("--oddities", options.oddities_seed,
                 "Seed for one of each: renamed, deleted, suspended, celebrity …");
  app.add_option("--github-token", options.github_tokens,
                 "LOGIN:TOKEN[:SCOPES], scopes separated by commas; may be repeated");
  app.add_option("--truncate-parents", options.github.truncate_parents,
                 "Lists come short, unsaid, when a query asks the same one of more accounts");
  app.add_option("--list", options.lists,
                 "NAME=open|empty|forbidden|missing|gone: what is left of followers, following, "
                 "repositories, starred, gists, subscriptions, stargazers or subscribers; may be "
                 "repeated");
  app.add_option("--deepest-page", options.github.deepest_page,
                 "Pages of accounts' lists in REST beyond this one answer 422");
}

void add_quota_flags(CLI::App& app, Program::Options& options) {
  auto& quota = options.github.quota;
  app.add_option("--quota-graphql", quota.graphql, "GraphQL points per window and owner");
  app.add_option("--quota-core", quota.core, "REST requests per window and owner");
  app.add_option("--quota-anonymous", quota.anonymous_core, "REST requests without a token");
  app.add_option("--window-s", options.window_s, "Length of a quota window, may be a fraction")
      ->check(CLI::PositiveNumber);
  app.add_option("--window-anchor", options.window_anchor,
                 "Windows on a fixed grid, or from the "
                 "first request")
      ->check(CLI::IsMember({"grid", "first"}));
  app.add_option("--clock-offset-s", options.clock_offset_s, "The server's clock less ours");
  app.add_option("--refusal-status", quota.refusal_status, "Of a primary limit in REST")
      ->check(CLI::IsMember({403, 429}));
  app.add_flag("--overdraft", quota.overdraft, "A query dearer than what is left may still run");
  app.add_flag("--max-repositories-multiplies", options.github.price.max_repositories_multiplies,
               "maxRepositories multiplies the price of what is below it");
  app.add_flag("--days-whole", options.github.days_whole,
               "Contributions count by whole days of the account's zone");
  app.add_flag("--enforce-secondary", options.github.enforce_secondary,
               "Refuse above the secondary limits");
}

void add_fault_flags(CLI::App& app, Program::Options& options) {
  app.add_option("--fault", options.github_faults,
                 R"(A fault of GitHub as JSON: {"kind":"status_html","every":7}; may be repeated)");
  app.add_option("--openhumans-fault", options.openhumans_faults, "A fault of Open Humans as JSON");
  app.add_option("--seed", options.seed, "Of faults with a probability");
  app.add_option("--service-ms", options.service_ms, "How long each answer takes");
  app.add_option("--service-ms-per-connection", options.github.service_ms_per_request,
                 "And longer for each connection of a GraphQL query");
  app.add_flag("!--no-gzip", options.github.gzip, "Never compress an answer");
}

void add_other_flags(CLI::App& app, Program::Options& options) {
  app.add_option("--github-port", options.github_port, "0: any free one");
  app.add_option("--openhumans-port", options.openhumans_port, "0: any free one");
  app.add_option("--admin-port", options.admin_port, "0: any free one");
  app.add_option("--stop-after-s", options.stop_after_s, "Ends by itself; 0: only when told");
  auto& openhumans = options.openhumans;
  app.add_option("--openhumans-client-id", openhumans.client_id);
  app.add_option("--openhumans-client-secret", openhumans.client_secret);
  app.add_option("--project-id", openhumans.project_id, "Of Open Humans: sources are named by it");
  app.add_option("--access-lifetime-s", openhumans.access_lifetime_s, "Of Open Humans' tokens");
  app.add_option("--invalid-grant-status", openhumans.invalid_grant_status)
      ->check(CLI::IsMember({400, 401}));
  app.add_option("--same-pair-ms", openhumans.same_pair_ms,
                 "How long a lost refresh race still brings the winner's pair");
}

void add_sign_in_flags(CLI::App& app, Program::Options& options) {
  auto& openhumans = options.openhumans;
  app.add_option("--openhumans-redirect-uris", openhumans.redirect_uris,
                 "Separated by spaces; none: any loopback address or https");
  app.add_option("--openhumans-enrollment-url", openhumans.enrollment_url,
                 "What the Connect link of the project's page leads to");
  app.add_flag("!--openhumans-inactive", openhumans.project_active, "Nobody can join the project");
  app.add_option("--openhumans-webhook", openhumans.deauth_webhook,
                 "Address to tell of members who leave with erasure");
  app.add_option("--openhumans-webhook-secret", openhumans.webhook_secret);
  app.add_option("--openhumans-webhook-ca", options.webhook_ca_file,
                 "Certificates to trust in a webhook with TLS");
  app.add_option("--openhumans-code-lifetime-s", openhumans.code_lifetime_s);
  app.add_option("--github-client-id", options.github_client_id);
  app.add_option("--github-client-secret", options.github_client_secret);
  app.add_option("--github-redirect-uris", options.github_redirect_uris,
                 "Separated by spaces; none: any loopback address or https");
  app.add_flag("--github-app", options.github_app,
               "Sign-ins bring tokens of a GitHub App: with an end and a refresh token");
  app.add_option("--github-access-lifetime-s", options.github_access_lifetime_s,
                 "Of a GitHub App's tokens");
  app.add_flag("!--no-device-flow", options.device_flow, "The app has the device flow disabled");
  app.add_option("--github-unverified", options.unverified_logins,
                 "Login without a confirmed mail address; may be repeated");
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{
      "Simulated GitHub and Open Humans on 127.0.0.1. Prints one line of JSON with the "
      "addresses and tokens, and runs until SIGTERM."};
  Program::Options options;
  add_world_flags(app, options);
  add_graph_flags(app, options);
  add_quota_flags(app, options);
  add_fault_flags(app, options);
  add_other_flags(app, options);
  add_sign_in_flags(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    Program program(std::move(options));
    std::cout << program.greeting() << std::endl;
    program.run();
  } catch (const std::exception& error) {
    std::cerr << "tidemark-sim: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
