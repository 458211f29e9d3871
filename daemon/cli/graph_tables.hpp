#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

namespace tidemark::daemon {

// What /v1/users and its like answer, for people.
[[nodiscard]] std::string user_table(const boost::json::array& users);
[[nodiscard]] std::string repository_table(const boost::json::array& repositories);
[[nodiscard]] std::string user_text(const boost::json::object& user, std::int64_t now_ms);
// "octocat → hubot → mona", "there is no way …".
[[nodiscard]] std::string path_text(const boost::json::object& answer);
// What /v1/discovery answers.
[[nodiscard]] std::string discovery_text(const boost::json::object& discovery, std::int64_t now_ms);

}  // namespace tidemark::daemon
