#include "jobs/discovery/page_adaptation.hpp"

#include <algorithm>

namespace tidemark::jobs::discovery {
namespace {

constexpr std::uint32_t patience_least = 2, patience_most = 20;

}  // namespace

void note_riding_pages_refused(PageAdaptation& pages, std::size_t asked) {
  pages.left_out = true;
  pages.suspects = asked;
}

void note_pages_refused(PageAdaptation& pages, std::size_t asked) {
  pages.good_in_a_row = 0;
  pages.suspects = 0;
  if (asked <= 1) {
    // It is found, and the others may come together again.
    pages.at_once = pages_at_once_most;
    pages.patience = patience_least;
    return;
  }
  pages.at_once = std::min(pages.at_once, asked) / 2;
  pages.patience = std::min(pages.patience * 2, patience_most);
}

void note_refused_without_pages(PageAdaptation& pages) { pages.suspects = 0; }

void note_pages_told(PageAdaptation& pages) {
  pages.left_out = false;
  pages.suspects = 0;
  if (pages.at_once == pages_at_once_most) {
    pages.patience = patience_least;
    return;
  }
  if (++pages.good_in_a_row < pages.patience) return;
  pages.good_in_a_row = 0;
  pages.at_once = std::min(pages_at_once_most, pages.at_once * 2);
}

void note_told_without_pages(PageAdaptation& pages) {
  if (!pages.left_out) return;
  pages.left_out = false;
  if (pages.suspects > 0) note_pages_refused(pages, pages.suspects);
}

}  // namespace tidemark::jobs::discovery
