#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "http/async/clock.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "tests/simulators/faults.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sign_in/authorization.hpp"

namespace tidemark::simulators {

struct OpenHumansSettings {
  std::string url = "https://openhumans.test";  // what absolute addresses begin with
  // What presigned addresses begin with; production has its odd ":443" (contracts, surprise 4).
  std::string storage_url = "https://openhumans-data.s3.amazonaws.test:443";
  std::string client_id = "tidemark", client_secret = "simulated-secret";
  std::string master_token = "master-token-of-the-simulator";
  std::uint64_t project_id = 7;
  std::int64_t access_lifetime_s = 36000;
  std::int64_t put_lifetime_s = 6 * 3600, get_lifetime_s = 600, key_lifetime_s = 3600;
  unsigned invalid_grant_status = 400;  // 401 in the recordings of 2018
  // How long after a refresh the dead refresh token brings the same new pair, as a lost race may.
  std::int64_t same_pair_ms = 0;
  // Separated by spaces; empty: any loopback address or https.
  std::string redirect_uris;
  std::string enrollment_url;  // what the "Connect" link of /project/ leads to
  bool project_active = true;
  std::int64_t code_lifetime_s = 1800;
  // Told when a member leaves with erasure. A project that has one answers plain leaves with 500.
  std::string deauth_webhook;
  std::string webhook_secret = "simulated-webhook-secret";  // empty: nothing is signed
  bool gzip = true;
  std::int64_t service_ms = 0;
};

struct StoredFile {
  std::uint64_t id = 0;
  std::string member_id;
  std::string source;  // "direct-sharing-7"
  std::string basename;
  std::string key;  // in the bucket
  boost::json::object metadata;
  std::string content;
  bool put = false, completed = false, deleted = false;
  std::int64_t created_ms = 0;
};

// What happened to a member's files, in order.
struct FileEvent {
  std::int64_t at_ms = 0;
  std::string what;  // "registered", "put", "completed", "deleted"
  std::uint64_t file_id = 0;
  std::string basename;
  std::uint64_t bytes = 0;
};

struct OpenHumansMember {
  std::string id;
  std::string username;                     // empty: not shared
  std::vector<std::string> sources_shared;  // of other projects, given to us
  std::int64_t created_ms = 0;
  bool left = false;  // or has not joined yet
  std::vector<FileEvent> events;
  std::uint64_t bytes_put = 0;
  std::uint64_t largest_beside_years = 0;  // completed files at once, but for github-YYYY.json
};

struct OpenHumansPair {
  std::string access, refresh;
  OpenHumansMember* member = nullptr;
  std::int64_t expires_ms = 0;
  bool revoked = false;
  std::int64_t replaced_ms = 0;  // by `successor`
  OpenHumansPair* successor = nullptr;
  std::string scope = "read write american-gut go-viral pgp wildlife open-humans";
  bool issued = false, used = false, cut = false;  // as in PairState
};

// A call that waits to be sent to the project's webhook.
struct OutgoingWebhook {
  std::string url, body;
  std::string signature;  // empty: unsigned
  std::string member_id;
  bool second = false;  // the one after a refusal
};
struct SentWebhook {
  OutgoingWebhook webhook;
  std::int64_t at_ms = 0;
  unsigned status = 0;  // 0: no answer came
};

// Open Humans and its storage over members that tests add; plain and synchronous like
// GithubSimulator. Storage answers on paths that begin with /member-files/.
class OpenHumansSimulator {
 public:
  explicit OpenHumansSimulator(OpenHumansSettings settings);

  Outcome answer(const http::Request& request, async::WallTime now,
                 const std::string& address = "127.0.0.1");

  // Empty texts are made up.
  OpenHumansMember& add_member(const std::string& id, async::WallTime now);
  OpenHumansPair& add_pair(OpenHumansMember& member, async::WallTime now, std::string access = {},
                           std::string refresh = {});
  void expire_access_tokens();
  // A plain leave, without a word to anybody.
  void leave(const std::string& member_id);
  // Leaving with erasure: the webhook is queued; the files go when it was answered, or at once
  // without one.
  void erase(const std::string& member_id, async::WallTime now);
  // Someone with an account here who has not joined the project.
  OpenHumansMember& add_person(const std::string& id, async::WallTime now);

  // Whoever has sockets sends what is queued and says what came of it; see webhooks.hpp.
  [[nodiscard]] std::optional<OutgoingWebhook> next_webhook();
  void webhook_answered(OutgoingWebhook webhook, unsigned status, async::WallTime now);
  [[nodiscard]] const std::deque<SentWebhook>& sent_webhooks() const { return sent_webhooks_; }
  void on_webhook(std::function<void()> queued) { on_webhook_ = std::move(queued); }
  // A completed file that was there before, of ours or (with `source`) of another project.
  StoredFile& add_file(const std::string& member_id, const std::string& basename,
                       std::string content, boost::json::object metadata, std::string source = {});

  [[nodiscard]] OpenHumansMember* find_member(const std::string& id);
  [[nodiscard]] const std::deque<OpenHumansMember>& members() const { return members_; }
  // Completed and not deleted, of our project, oldest first.
  [[nodiscard]] std::vector<const StoredFile*> files(const std::string& member_id) const;
  // Of the newest completed file of that name.
  [[nodiscard]] std::optional<std::string> content(const std::string& member_id,
                                                   const std::string& basename) const;
  [[nodiscard]] boost::json::object uploads_as_json() const;
  [[nodiscard]] boost::json::object files_as_json(const std::string& member_id) const;
  [[nodiscard]] boost::json::array webhooks_as_json() const;
  [[nodiscard]] LostPairs lost_pairs() const;
  [[nodiscard]] LiveTokens live_tokens(const std::string& member_id) const;
  // Either half of a pair that can still be renewed.
  [[nodiscard]] bool is_live(std::string_view text) const;

  [[nodiscard]] Ledger& ledger() { return ledger_; }
  [[nodiscard]] FaultPlan& faults() { return faults_; }
  [[nodiscard]] OpenHumansSettings& settings() { return settings_; }
  [[nodiscard]] std::string source() const;

 private:
  struct Step {
    const http::Request& request;
    std::int64_t now_ms;
    std::string path;
    http::Form query;
    boost::json::object fields;  // of the body
    OpenHumansMember* member = nullptr;
    bool master = false;
    OpenHumansPair* issued = nullptr;  // by this answer
  };
  // A code of the authorize page.
  struct Code {
    std::string text;
    OpenHumansMember* member = nullptr;
    std::string redirect_uri;
    CodeChallenge challenge;
    std::string scope;
    std::int64_t made_ms = 0;
    bool used = false;
  };

  // The site that people see.
  std::optional<http::Response> site(Step& step);
  OpenHumansMember* person(const Step& step);
  http::Response log_in(Step& step);
  http::Response project_page(Step& step);
  http::Response member_page(Step& step);
  http::Response leave_page(Step& step);
  http::Response authorize(Step& step);
  [[nodiscard]] http::Response consent_page(const OpenHumansMember& member,
                                            const http::Form& asked) const;
  http::Response back_with_code(OpenHumansMember& member, const http::Form& asked,
                                const std::string& redirect_uri, std::int64_t now_ms);
  // What is registered and meant; nullopt: not ours to send anybody to.
  [[nodiscard]] std::optional<std::string> registered_redirect(const std::string& asked) const;

  http::Response route(Step& step);
  http::Response token(Step& step);
  http::Response exchange_code(Step& step, const http::Form& form);
  http::Response refresh(Step& step, const http::Form& form);
  http::Response pair_answer(Step& step, OpenHumansPair& pair);
  http::Response revoke(Step& step);
  http::Response api(Step& step);
  std::optional<http::Response> authenticate(Step& step);
  std::optional<http::Response> read_body(Step& step);
  http::Response exchange_member(Step& step);
  http::Response members_page(Step& step);
  http::Response upload_direct(Step& step);
  http::Response upload_complete(Step& step);
  http::Response delete_files(Step& step);
  http::Response message(Step& step);
  http::Response download(Step& step);
  http::Response storage(Step& step);
  http::Response storage_put(Step& step, StoredFile& file);

  [[nodiscard]] std::string signature(std::string_view method, std::string_view path,
                                      const std::string& expires,
                                      const http::Headers& headers) const;
  [[nodiscard]] std::string signed_url(std::string_view method, const std::string& key,
                                       std::int64_t expires_s) const;
  [[nodiscard]] boost::json::object listed(const StoredFile& file, std::int64_t now_ms);
  StoredFile* find_file(std::uint64_t id);
  void erase_files(const std::string& member_id, std::int64_t now_ms);
  StoredFile* find_key(std::string_view path);
  void note(StoredFile& file, std::string_view what, std::int64_t at_ms, std::uint64_t bytes);
  std::string make_text(std::size_t length);

  OpenHumansSettings settings_;
  std::deque<OpenHumansMember> members_;
  std::deque<OpenHumansPair> pairs_;
  std::deque<Code> codes_;
  std::deque<OutgoingWebhook> webhooks_;
  std::deque<SentWebhook> sent_webhooks_;
  std::function<void()> on_webhook_;
  std::deque<StoredFile> files_;
  struct Key {
    std::uint64_t file_id = 0;
    std::int64_t made_ms = 0;
  };
  std::map<std::string, Key, std::less<>> keys_;
  FaultPlan faults_;
  Ledger ledger_;
  std::uint64_t made_ = 0;
};

}  // namespace tidemark::simulators
