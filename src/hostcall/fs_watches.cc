// SPDX-License-Identifier: MIT
#include "hostcall/fs_watches.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

namespace isopod::hostcall {

using os::FileEvent;

namespace {

Json events_json(const std::vector<FileEvent>& events) {
  Json list = Json::array();
  for (const FileEvent& event : events) {
    list.push_back({{"type", event.type == FileEvent::Type::kChange ? "change" : "rename"},
                    {"name", event.name ? Json(*event.name) : Json(nullptr)}});
  }
  return {{"events", std::move(list)}};
}

Error error_of(int number, const os::CallName& name) {
  Error error = os::call_error(number, name);
  if (number == ENOSPC) {
    error.message = "ENOSPC: System limit for number of file watchers reached, watch '" +
                    name.path.value_or("") + "'";
  }
  return error;
}

}  // namespace

/// What happened at one watch and was not fetched, or who waits for it. Shared by the table and the
/// watcher, whose thread may tell while the watch ends.
class FsWatches::News {
 public:
  void tell(std::vector<FileEvent> events) {
    std::optional<Completion> told;
    {
      const std::lock_guard lock(mutex_);
      for (FileEvent& event : events) add(std::move(event));
      if (!waiting_) return;
      told.emplace(take_waiting());
      events = std::exchange(news_, {});
    }
    std::move(*told).ok(events_json(events));
  }

  void wait(Completion completion) {
    std::vector<FileEvent> events;
    {
      const std::lock_guard lock(mutex_);
      if (news_.empty() && !ended_ && !waiting_) {
        waiting_.emplace(std::move(completion));
        return;
      }
      if (waiting_) {
        return std::move(completion)
            .failed({Code::kInvalidArgument,
                     "fs.watch_next: another call waits for this watch already",
                     {},
                     {}});
      }
      events = std::exchange(news_, {});
    }
    if (events.empty()) return cancel(std::move(completion));
    std::move(completion).ok(events_json(events));
  }

  /// Ends the call that waits; later ones as well.
  void end() {
    std::optional<Completion> ended;
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
      if (!waiting_) return;
      ended.emplace(take_waiting());
    }
    cancel(std::move(*ended));
  }

 private:
  static void cancel(Completion completion) {
    std::move(completion).failed({Code::kCancelled, "the watch has ended", {}, {}});
  }

  void add(FileEvent event) {
    if (std::find(news_.begin(), news_.end(), event) != news_.end()) return;
    if (news_.size() >= kNewsMax) news_.assign(1, {FileEvent::Type::kRename, std::nullopt});
    news_.push_back(std::move(event));
  }

  Completion take_waiting() {
    Completion completion = *std::move(waiting_);
    waiting_.reset();
    return completion;
  }

  std::mutex mutex_;  // guards the rest
  std::vector<FileEvent> news_;
  std::optional<Completion> waiting_;
  bool ended_ = false;
};

FsWatches::~FsWatches() { drain(); }

Result<std::uint64_t> FsWatches::add(const Caller& caller, Request request) {
  auto news = std::make_shared<News>();
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    if (draining_) return fail(Code::kShuttingDown, "the host is shutting down");
    auto& own = watches_[caller.instance];
    if (own.size() >= kWatchesMax) return fail(error_of(EMFILE, request.name));
    number = next_++;
    own[number].news = news;
  }
  // Copies, because the watch outlives the call.
  const auto may_enter = [caller, &may_access = may_access_](const os::OwnedDescriptor& folder) {
    const auto real = os::real_path(folder);
    return real && may_access(caller, protocol::Capability::kRead, *real).has_value();
  };
  const auto watched = watcher_.add(
      {.node = request.node.descriptor,
       .name = std::move(request.file_name),
       .recursive = request.recursive,
       .may_enter = may_enter,
       .tell = [news](std::vector<FileEvent> events) { news->tell(std::move(events)); }});
  const std::lock_guard lock(mutex_);
  auto& own = watches_[caller.instance];
  if (!watched) {
    own.erase(number);
    return fail(error_of(watched.error(), request.name));
  }
  own[number].watcher_number = *watched;
  return number;
}

std::shared_ptr<FsWatches::News> FsWatches::find(const Caller& caller, std::uint64_t number) {
  const auto own = watches_.find(caller.instance);
  if (own == watches_.end()) return nullptr;
  const auto found = own->second.find(number);
  // One that is not watched yet was not told to anybody.
  const bool is_known = found != own->second.end() && found->second.watcher_number != 0;
  return is_known ? found->second.news : nullptr;
}

void FsWatches::next(const Caller& caller, std::uint64_t number, Completion completion) {
  std::shared_ptr<News> news;
  {
    const std::lock_guard lock(mutex_);
    news = find(caller, number);
  }
  if (!news) {
    return std::move(completion)
        .failed({Code::kInvalidArgument,
                 "fs.watch_next: there is no watch " + std::to_string(number),
                 {},
                 {}});
  }
  news->wait(std::move(completion));
}

bool FsWatches::remove(const Caller& caller, std::uint64_t number) {
  Watch watch;
  {
    const std::lock_guard lock(mutex_);
    if (!find(caller, number)) return false;
    watch = watches_.at(caller.instance).extract(number).mapped();
  }
  end(watch);
  return true;
}

void FsWatches::release(const Caller& caller) {
  std::map<std::uint64_t, Watch> ended;
  {
    const std::lock_guard lock(mutex_);
    auto node = watches_.extract(caller.instance);
    if (node.empty()) return;
    ended = std::move(node.mapped());
  }
  for (const auto& [number, watch] : ended) end(watch);
}

void FsWatches::end(const Watch& watch) {
  watcher_.remove(watch.watcher_number);
  watch.news->end();
}

void FsWatches::drain() {
  std::vector<std::shared_ptr<News>> all;
  {
    const std::lock_guard lock(mutex_);
    draining_ = true;
    for (const auto& [instance, own] : watches_) {
      for (const auto& [number, watch] : own) all.push_back(watch.news);
    }
  }
  for (const auto& news : all) news->end();
}

}  // namespace isopod::hostcall
