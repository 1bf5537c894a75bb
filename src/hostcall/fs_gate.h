// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "hostcall/connector.h"
#include "hostcall/fs_arguments.h"
#include "os/call_error.h"
#include "os/file_status.h"
#include "os/path_open.h"

namespace isopod::hostcall {

/// Asks policy whether a caller may do something with a path, which is absolute and normalized. The
/// Error says what would grant it. Called on threads of the connector.
using MayAccess =
    std::function<Result<>(const Caller&, protocol::Capability, const std::string& path)>;

enum class FsAccess { kRead, kWrite, kBoth };

/// What is to be opened, for what, and how an error names it.
struct FsAsk {
  FsPath path;
  FsAccess access = FsAccess::kRead;
  os::Follow follow = os::Follow::kLinks;
  os::CallName name;
};

/// A file that is named, not opened, and was judged by its real path.
struct FsNode {
  os::OwnedDescriptor descriptor;
  std::string real_path;
};

/// An entry of a folder, there or not, that was judged by the folder's real path and its name. What
/// is done to it is done relative to the folder's descriptor, without following a link.
struct FsPlace {
  os::OwnedDescriptor folder;
  std::string name;
  std::string real_path;
};

/// An open file, judged before it was opened.
struct FsFile {
  os::OwnedDescriptor descriptor;
  std::string real_path;
  os::FileStatus status = {};
};

/// The only way of the `fs` connector to a file: nothing is handed out that policy did not allow by
/// its real path. For one call; not for several threads at once.
class FsGate {
 public:
  FsGate(const Caller& caller, const MayAccess& may_access)
      : caller_(caller), may_access_(may_access) {}

  /// Tells what the dispatcher has judged, so that it is not judged again.
  void trust(const Need& judged) { judged_.push_back(judged); }

  /// Errors: `denied`.
  Result<> judge(FsAccess access, const std::string& path);

  /// Names what the path leads to. Errors: `denied`, also when nothing is there but where it would
  /// be may not be looked at; as `call_error`.
  Result<FsNode> name(const FsAsk& ask);

  /// Names the entry itself, whether there is one or not. The root has no place: EBUSY.
  Result<FsPlace> place(const FsAsk& ask);

  /// Whether nothing at all is at the path. For the connector's own ways, not for the extension.
  [[nodiscard]] static bool is_missing(const std::string& path);

  /// Opens or makes a file as `flags` say; `ask.access` and `ask.follow` follow from them. Errors:
  /// as `name`; `unsupported` for a pipe, socket or device, which are never waited for.
  Result<FsFile> open(FsAsk ask, const os::OpenFlags& flags, unsigned mode);

 private:
  Result<> judge_one(protocol::Capability capability, const std::string& path);
  /// Why `ask` cannot be opened: policy comes before the system's own reason.
  Error refusal(const FsAsk& ask, int number);
  Result<> judge_missing(const FsAsk& ask);
  Result<FsFile> open_named(const FsAsk& ask, FsNode node, const os::OpenFlags& flags);

  const Caller& caller_;
  const MayAccess& may_access_;
  std::vector<Need> judged_;
};

/// "/a" and "b" of "/a/b"; "/" and "" of "/". Slashes at the end do not count.
std::pair<std::string, std::string> split_path(const std::string& path);

std::string join_path(const std::string& folder, const std::string& name);

}  // namespace isopod::hostcall
