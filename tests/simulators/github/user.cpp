#include "tests/simulators/github/view.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

// A user, an organisation or a bot: the schema lets through only the fields that the type has.
class User final : public graphql::Object {
 public:
  User(const View& view, const Account& account) : view_(view), account_(account) {}

  std::string_view type() const override {
    if (account_.bot) return "Bot";
    return account_.organization ? "Organization" : "User";
  }

  Resolved field(std::string_view name, const json::object& arguments) const override {
    if (name == "id") return text(account_.node_id);
    if (name == "databaseId") return json::value(account_.database_id);
    if (name == "login") return text(account_.login);
    if (name == "url") return text(account_url(account_));
    if (name == "avatarUrl") {
      return text("https://avatars.githubusercontent.com/u/" +
                  std::to_string(account_.database_id) + "?v=4");
    }
    if (name == "createdAt") return moment(account_.created_s);
    if (name == "contributionsCollection") return make_contributions(view_, account_, arguments);
    if (name == "repositories") return make_owned(view_, account_, arguments);
    if (name == "starredRepositories") return make_starred(view_, account_, arguments);
    if (name == "gists") return make_gists(view_, account_, arguments);
    if (name == "followers" || name == "following") {
      return make_follows(view_, account_, name, arguments);
    }
    return of_profile(name);
  }

 private:
  Resolved of_profile(std::string_view name) const {
    if (!profile_) profile_ = std::make_unique<Profile>(view_.world->profile(account_));
    if (name == "name") return text_or_null(profile_->name);
    if (name == "location") return text_or_null(profile_->location);
    if (name == "bio" || name == "description") return text_or_null(profile_->bio);
    if (name == "company") return text_or_null(profile_->company);
    if (name == "websiteUrl") return text_or_null(profile_->website);
    if (name == "twitterUsername") return text_or_null(profile_->twitter);
    if (name == "isHireable") return json::value(profile_->hireable);
    if (name == "updatedAt") return moment(profile_->updated_s);
    // A person's e-mail address is a text in any case, an organisation's may be null.
    if (name == "email" && account_.person()) return text(profile_->email);
    return text_or_null(profile_->email);
  }

  const View& view_;
  const Account& account_;
  mutable std::unique_ptr<Profile> profile_;  // most are only asked who they are
};

}  // namespace

ObjectPointer make_user(const View& view, const Account& account) {
  return std::make_shared<User>(view, account);
}

}  // namespace tidemark::simulators
