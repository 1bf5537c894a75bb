// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "hostcall/fs_arguments.h"
#include "hostcall/fs_gate.h"
#include "hostcall/fs_owner.h"
#include "hostcall/fs_watches.h"

/// The operations of `fs`, as docs/hostcalls.md has them, each for one call. They block; the
/// connector runs them on its threads.
namespace isopod::hostcall {

/// One call, as its operation sees it. Borrows what the connector holds until the call has ended.
struct FsCall {
  const Caller& caller;
  FsArguments arguments;
  FsGate gate;
  FsOwner& owner;
  FsWatches& watches;
  std::shared_ptr<FsHandle> handle = nullptr;  ///< what `handle` names, when the call has it
  std::size_t payload_bytes_max = 0;           ///< of one reply
};

using FsOperation = Result<Json> (*)(FsCall& call);

// fs_content.cc: what is in files.
Result<Json> fs_open(FsCall& call);
Result<Json> fs_close(FsCall& call);
Result<Json> fs_read(FsCall& call);
Result<Json> fs_write(FsCall& call);
Result<Json> fs_truncate(FsCall& call);
Result<Json> fs_sync(FsCall& call);
Result<Json> fs_copy(FsCall& call);

// fs_names.cc: which files there are.
Result<Json> fs_list(FsCall& call);
Result<Json> fs_make_directory(FsCall& call);
Result<Json> fs_make_temporary(FsCall& call);
Result<Json> fs_remove(FsCall& call);
Result<Json> fs_rename(FsCall& call);
Result<Json> fs_link(FsCall& call);
Result<Json> fs_symlink(FsCall& call);

// fs_facts.cc: what is known of files.
Result<Json> fs_stat(FsCall& call);
Result<Json> fs_access(FsCall& call);
Result<Json> fs_change(FsCall& call);
Result<Json> fs_real_path(FsCall& call);
Result<Json> fs_read_link(FsCall& call);

// fs_watch_calls.cc: what happens to files. `fs.watch_next` waits, so the connector does it itself.
Result<Json> fs_watch(FsCall& call);
Result<Json> fs_unwatch(FsCall& call);

/// What a reply may hold beside the data itself.
inline constexpr std::size_t kFsReplyOverheadBytes = 1024;

/// The error of a reply that would be too large.
tl::unexpected<Error> fs_too_large(const FsCall& call, const std::string& what,
                                   const std::string& remedy);

}  // namespace isopod::hostcall
