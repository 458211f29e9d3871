#include "jobs/discovery/leave_out.hpp"

#include <algorithm>

namespace tidemark::jobs::discovery {

namespace {

bool leave_out(Batch& batch, const IsForgotten& is_forgotten) {
  const auto is_it = [&](UserId id) { return is_forgotten(id, ""); };
  const bool had_samples = !batch.samples.empty() || !batch.doubts.empty();
  bool was_there = std::erase_if(batch.accounts, is_it) > 0;
  was_there = std::erase_if(batch.samples, is_it) > 0 || was_there;
  was_there = std::erase_if(batch.tried, is_it) > 0 || was_there;
  const auto is_its = [&](const auto& marks) { return is_forgotten(marks.first, ""); };
  was_there = std::erase_if(batch.lists, is_its) > 0 || was_there;
  const auto is_doubted = [&](const Doubted& each) { return is_it(each.id); };
  was_there = std::erase_if(batch.doubts, is_doubted) > 0 || was_there;
  // Without a sample it would count as compared.
  const bool asks_nobody =
      had_samples && batch.samples.empty() && batch.doubts.empty() && !batch.accounts.empty();
  if (asks_nobody) batch.samples.push_back(batch.accounts.front());
  return was_there;
}

}  // namespace

bool leave_out(Crawl& crawl, const IsForgotten& is_forgotten) {
  const auto is_demoted = [&](const auto& each) { return is_forgotten(each.first, ""); };
  const auto is_read = [&](const RestReading& each) { return is_forgotten(each.id, each.login); };
  bool was_there = std::erase_if(crawl.adaptation.demoted, is_demoted) > 0;
  was_there = std::erase_if(crawl.adaptation.gists.passed_over, is_demoted) > 0 || was_there;
  for (Batch& batch : crawl.batches) was_there = leave_out(batch, is_forgotten) || was_there;
  std::erase_if(crawl.batches, [](const Batch& batch) { return batch.accounts.empty(); });
  was_there = std::erase_if(crawl.for_rest, is_read) > 0 || was_there;
  if (crawl.by_rest && is_read(*crawl.by_rest)) {
    crawl.by_rest.reset();
    was_there = true;
  }
  if (crawl.gists_after != 0 && is_forgotten(crawl.gists_after, "")) {
    crawl.gists_after = 0;  // that pass asks only for what nobody knows yet
    was_there = true;
  }
  if (crawl.apart_after != 0 && is_forgotten(crawl.apart_after, "")) {
    --crawl.apart_after;  // only a place in the order of numbers
    was_there = true;
  }
  if (crawl.swept_after != 0 && is_forgotten(crawl.swept_after, "")) {
    --crawl.swept_after;  // only a place in the order of numbers
    was_there = true;
  }
  return was_there;
}

std::string without_accounts(std::string text) {
  for (const std::string_view before : {"/user/", "/users/"}) {
    std::size_t at = 0;
    while ((at = text.find(before, at)) != std::string::npos) {
      at += before.size();
      const std::size_t end = std::min(text.find_first_of("/?) ", at), text.size());
      text.replace(at, end - at, "…");
    }
  }
  return text;
}

}  // namespace tidemark::jobs::discovery
