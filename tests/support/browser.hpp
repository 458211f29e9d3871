#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "http/async/task.hpp"
#include "http/message.hpp"
#include "http/url.hpp"

namespace tidemark::test {

// The fields of a form, by a call: braces do not belong into an awaiting expression.
[[nodiscard]] inline http::Form form(std::string name, std::string value) {
  return {{std::move(name), std::move(value)}};
}
[[nodiscard]] inline http::Form form(std::string name, std::string value, std::string second_name,
                                     std::string second_value) {
  return {{std::move(name), std::move(value)}, {std::move(second_name), std::move(second_value)}};
}

// What a browser does for a sign-in: cookies by host, redirects, forms. Not a real one: those are
// in tests/browser. How a request travels is passed in.
class Browser {
 public:
  using Send = std::function<async::Task<http::Response>(http::Url url, http::Request request)>;
  explicit Browser(Send send) : send_(std::move(send)) {}

  struct Page {
    std::string url;
    unsigned status = 0;
    http::Headers headers;
    std::string body;

    [[nodiscard]] std::string header(std::string_view name) const {
      return std::string(headers.find(name).value_or(""));
    }
    [[nodiscard]] bool shows(std::string_view text) const {
      return body.find(text) != std::string::npos;
    }
    // The value of the hidden field of that name.
    [[nodiscard]] std::string hidden(std::string_view name) const;
  };

  // One request, no redirect followed.
  async::Task<Page> get(std::string url);
  async::Task<Page> post(std::string url, http::Form form);
  // Follows redirects, at most ten.
  async::Task<Page> visit(std::string url);
  async::Task<Page> submit(std::string url, http::Form form);
  async::Task<Page> follow(Page page);

  void set_cookie(const std::string& host, const std::string& name, const std::string& value) {
    jar_[host][name] = value;
  }
  [[nodiscard]] std::map<std::string, std::string>& cookies(const std::string& host) {
    return jar_[host];
  }
  // Every Set-Cookie header seen.
  [[nodiscard]] const std::vector<std::string>& set_cookies() const { return set_cookies_; }
  // Sent with every request.
  http::Headers extra;

 private:
  async::Task<Page> ask(std::string url, http::Request request);
  void take_cookies(const std::string& host, const http::Headers& headers);

  Send send_;
  std::map<std::string, std::map<std::string, std::string>> jar_;
  std::vector<std::string> set_cookies_;
};

}  // namespace tidemark::test
