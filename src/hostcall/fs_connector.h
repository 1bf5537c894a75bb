// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "hostcall/connector.h"
#include "hostcall/fs_gate.h"
#include "hostcall/fs_owner.h"
#include "hostcall/fs_watches.h"
#include "os/work_pool.h"

namespace isopod::hostcall {

/// `fs.*`: files, folders and watches, as docs/hostcalls.md has them.
///
/// How a path is judged. First as written, lexically normalized: by the dispatcher, or, for the
/// second path and the second capability of a call, before anything is opened. Then as opened: the
/// path is opened as a mere name of the file (O_PATH, which touches no pipe or device), the system
/// is asked where that file really is, and that path is judged unless it is the one judged already.
/// Only then is the file behind the same descriptor opened, changed or asked; the path is never
/// used again. What is to be made, renamed or removed is an entry of a folder: the folder is opened
/// so, its real path with the name is judged, and the entry is handled relative to the folder's
/// descriptor without following a link; a link where a file is to be made is resolved and judged
/// anew. So a link or folder that is exchanged at any moment leads to another judgement, never to
/// an unjudged file. Where nothing is there, it is judged where it would be, so that an extension
/// does not learn what exists where it may not look. Being under a new name (rename, link) takes
/// that the old one may be read where the new one may. /proc/N/mem and /proc/N/environ are
/// nobody's.
///
/// Work is done on a few threads; a full queue is `backpressure`. The order of calls that are under
/// way at once is open, as in Node; those on one handle do not mix. Maturity: alpha. Posture:
/// hostile arguments, paths and file systems that change at any time.
class FsConnector final : public Connector {
 public:
  struct Options {
    std::size_t payload_bytes_max = std::size_t{16} << 20;  ///< of one reply
    os::WorkPool::Options pool = {.name = "files"};
  };
  FsConnector(Options options, MayAccess may_access);
  ~FsConnector() override;

  [[nodiscard]] std::string_view name() const override { return "fs"; }
  /// For arguments that are malformed nothing is needed: `start` refuses them.
  [[nodiscard]] Need need(const Caller& caller, const protocol::Hostcall& call) const override;
  void start(const Caller& caller, const protocol::Hostcall& call, Completion completion) override;
  void drain() override { watches_.drain(); }
  void release(const Caller& caller) override;

 private:
  struct Job;

  void wait_for_news(const Caller& caller, const protocol::Hostcall& call, Completion completion);
  std::shared_ptr<FsOwner> owner_of(const Caller& caller);
  void run(Job& job);
  Result<Json> carry_out(Job& job);

  const Options options_;
  const MayAccess may_access_;
  std::mutex mutex_;  // guards owners_
  // Shared with the work under way for each.
  std::map<std::string, std::shared_ptr<FsOwner>> owners_;
  FsWatches watches_;
  os::WorkPool pool_;  // last: its threads use the rest
};

}  // namespace isopod::hostcall
