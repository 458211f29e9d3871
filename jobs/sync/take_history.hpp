#pragma once

#include "jobs/sync/harvest.hpp"
#include "jobs/sync/state.hpp"

namespace tidemark::jobs::sync {

// Whether a fact is a commit of the repository with this node id.
[[nodiscard]] bool is_commit_of(const storage::Fact& fact, std::string_view repository);

// Repositories found unreadable before all windows told how much was committed there.
void mark_unreadable(const storage::Reader& reader, State& state);

// `trouble` is GitHub's word for a repository that is null in the answer.
[[nodiscard]] std::vector<Part> take_history(storage::Writer& writer, State& state,
                                             const Part& part, const History& history,
                                             const std::string& trouble);
[[nodiscard]] std::vector<Part> take_count(storage::Writer& writer, State& state, const Part& part,
                                           const History& history);
// A private repository of a member who shares public work only. One that was public when it was
// read stays as it was then, and is not asked about again until a window shows it public.
void hide_repository(storage::Writer& writer, State& state, const std::string& repository);
// The cause under which weeks wait for a repository whose commits did not add up.
[[nodiscard]] std::string miscounted(const std::string& repository);
void give_up_history(State& state, const Part& part, const std::string& reason);

// Further questions about repositories that turned out to be unreadable are not asked.
void drop_unreadable(State& state);

}  // namespace tidemark::jobs::sync
