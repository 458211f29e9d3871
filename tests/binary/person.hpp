#pragma once

#include <string>

#include "tests/support/browser.hpp"

namespace tidemark::test {

// Where the three sites are that a person visits.
struct Places {
  std::string site, openhumans, github;
};

// Somebody with accounts at Open Humans and GitHub, logged in at both, who says yes wherever asked.
class Person {
 public:
  Person(Browser::Send send, Places places, std::string id, std::string login);

  // From the button to the provider's answer: the address that it sends the browser back to.
  async::Task<std::string> openhumans_return();
  async::Task<std::string> github_return(std::string csrf);
  // The whole way; ends on the member's page.
  async::Task<Browser::Page> sign_in();
  async::Task<Browser::Page> connect();
  // The member's page, or where it leads when nobody is signed in.
  async::Task<Browser::Page> own_page();
  // A button of the member's page.
  async::Task<Browser::Page> press(std::string path, http::Form form = {});

  [[nodiscard]] bool is_own(const Browser::Page& page) const {
    return page.status == 200 && page.url == places_.site + "/member";
  }
  [[nodiscard]] static bool is_connected(const Browser::Page& page) {
    return page.shows("action=\"/member/disconnect\"");
  }
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& login() const { return login_; }

  Browser browser;

 private:
  Places places_;
  std::string id_, login_;
};

// A browser on real sockets: each request on a connection of its own, because the daemon may be
// another one by then. Throws http::TransportError when no answer comes.
[[nodiscard]] Browser::Send send_on_sockets();

}  // namespace tidemark::test
