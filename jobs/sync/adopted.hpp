#pragma once

#include <string>
#include <string_view>

#include "storage/engine.hpp"
#include "storage/files.hpp"
#include "storage/week.hpp"

namespace tidemark::jobs::sync {

// Takes over what a file of ours says, read back from Open Humans. A file inside a wider one that
// was taken over already only waits to be removed; one that cannot be read stays until it is
// replaced.
void take_adopted(storage::Writer& writer, const std::string& member,
                  const storage::RemoteFile& file, std::string_view bytes);

// All files are taken over: from which week on the run has to ask.
void finish_adoption(storage::Writer& writer, const std::string& member, storage::Week now);

}  // namespace tidemark::jobs::sync
