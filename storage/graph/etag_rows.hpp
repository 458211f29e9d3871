#pragma once

#include <string>
#include <string_view>

#include "storage/graph/user.hpp"

// Private to the storage room: whom an address is about, first in the key of its etag.

namespace tidemark::storage::graph {

// "#10308" of /user/10308/followers?page=2, "@octocat" of /users/Octocat, empty: nobody.
[[nodiscard]] std::string subject_of(std::string_view address);
[[nodiscard]] std::string subject_of(UserId id);
[[nodiscard]] std::string subject_of_login(std::string_view login);
void erase_etags_of(Writer& writer, std::string_view subject);

}  // namespace tidemark::storage::graph
