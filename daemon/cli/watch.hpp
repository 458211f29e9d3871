#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace tidemark::daemon {

class Control;
class LiveLine;

// GET, for commands that follow some work: waits up to a minute for a daemon that restarts, which
// goes on with the work by itself. `line` is null for programs, which get nothing but JSON.
[[nodiscard]] boost::json::object get_patiently(Control& control, const std::string& target,
                                                LiveLine* line);

}  // namespace tidemark::daemon
