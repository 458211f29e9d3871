#pragma once

#include "storage/engine.hpp"

namespace tidemark::storage::test {

// The rows of the graph that storage/schema.hpp shows.
void write_graph_examples(Writer& writer);

// At least one row of every form in every table of the graph, all in agreement: three people, an
// organization, and who follows whom.
void fill_example_graph(Writer& writer);

}  // namespace tidemark::storage::test
