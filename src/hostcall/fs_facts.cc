// SPDX-License-Identifier: MIT
#include <cerrno>
#include <utility>

#include "hostcall/fs_operations.h"

namespace isopod::hostcall {

using os::call_error;

namespace {

Json status_json(const os::FileStatus& status) {
  return {{"dev", status.device},
          {"ino", status.inode},
          {"mode", status.mode},
          {"nlink", status.links},
          {"uid", status.user},
          {"gid", status.group},
          {"rdev", status.special_device},
          {"size", status.size},
          {"blksize", status.block_size},
          {"blocks", status.blocks},
          {"atime_ns", std::to_string(status.access_ns)},
          {"mtime_ns", std::to_string(status.modify_ns)},
          {"ctime_ns", std::to_string(status.change_ns)},
          {"birthtime_ns", std::to_string(status.birth_ns)}};
}

/// `follow` is true unless it says false.
Result<os::Follow> follow_of(const FsArguments& arguments) {
  if (!arguments.has("follow")) return os::Follow::kLinks;
  const Result<bool> follow = arguments.flag("follow");
  if (!follow) return fail(follow.error());
  return *follow ? os::Follow::kLinks : os::Follow::kNoLastLink;
}

struct Change {
  std::optional<unsigned> mode = {};
  os::FileTimes times = {};

  [[nodiscard]] bool has_times() const { return times.access_ns || times.modify_ns; }
};

Result<Change> change_of(const FsArguments& arguments) {
  Change change;
  if (arguments.has("mode")) {
    const Result<unsigned> mode = arguments.mode("mode", 0);
    if (!mode) return fail(mode.error());
    change.mode = *mode;
  }
  const auto access = arguments.time_ns("atime_ms");
  if (!access) return fail(access.error());
  const auto modify = arguments.time_ns("mtime_ms");
  if (!modify) return fail(modify.error());
  change.times = {*access, *modify};
  if (!change.mode && !change.has_times())
    return arguments.wrong("mode, atime_ms or mtime_ms must be given");
  return change;
}

/// How Node calls the change, by what is changed and how the file was named.
os::CallName change_name(const Change& change, const FsPath* path, os::Follow follow) {
  const std::string call = change.mode ? "chmod" : "utime";
  if (path == nullptr) return {"f" + call};
  return {(follow == os::Follow::kLinks ? "" : "l") + call, path->written};
}

Result<Json> carry_out(const os::OwnedDescriptor& file, const Change& change,
                       const os::CallName& name) {
  if (change.mode) {
    if (auto done = os::change_mode(file, *change.mode); !done)
      return fail(call_error(done.error(), name));
  }
  if (change.has_times()) {
    if (auto done = os::change_times(file, change.times); !done)
      return fail(call_error(done.error(), name));
  }
  return Json(nullptr);
}

bool is_missing(const Error& error) {
  // Node takes a file where a folder should be for a missing file, too.
  return error.code == Code::kNotFound || error.message.starts_with("ENOTDIR:");
}

}  // namespace

Result<Json> fs_stat(FsCall& call) {
  if (call.handle) {
    const auto status = os::file_status(call.handle->file);
    if (!status) return fail(call_error(status.error(), {"fstat"}));
    return status_json(*status);
  }
  Result<FsPath> path = call.arguments.path("path");
  if (!path) return fail(std::move(path.error()));
  const Result<os::Follow> follow = follow_of(call.arguments);
  if (!follow) return fail(follow.error());
  const Result<bool> optional = call.arguments.flag("optional");
  if (!optional) return fail(optional.error());
  const os::CallName name = {*follow == os::Follow::kLinks ? "stat" : "lstat", path->written};
  Result<FsNode> node = call.gate.name({*path, FsAccess::kRead, *follow, name});
  if (!node) {
    if (*optional && is_missing(node.error())) return Json(nullptr);
    return fail(std::move(node.error()));
  }
  const auto status = os::file_status(node->descriptor);
  if (!status) return fail(call_error(status.error(), name));
  return status_json(*status);
}

Result<Json> fs_access(FsCall& call) {
  Result<FsPath> path = call.arguments.path("path");
  if (!path) return fail(std::move(path.error()));
  constexpr std::uint64_t kModeMax = 7;
  const auto mode = call.arguments.number("mode", kModeMax);
  if (!mode) return fail(mode.error());
  const unsigned bits = static_cast<unsigned>(mode->value_or(0));
  // Who may not write by policy should not hear that it can.
  constexpr unsigned kWriteBit = 2;
  const FsAccess access = (bits & kWriteBit) != 0 ? FsAccess::kBoth : FsAccess::kRead;
  if (Result<> judged = call.gate.judge(access, path->normal); !judged)
    return fail(std::move(judged.error()));
  const os::CallName name = {"access", path->written};
  Result<FsNode> node = call.gate.name({*path, access, os::Follow::kLinks, name});
  if (!node) return fail(std::move(node.error()));
  if (auto allowed = os::check_access(node->descriptor, bits); !allowed)
    return fail(call_error(allowed.error(), name));
  return Json(nullptr);
}

Result<Json> fs_change(FsCall& call) {
  const Result<Change> change = change_of(call.arguments);
  if (!change) return fail(change.error());
  const Result<os::Follow> follow = follow_of(call.arguments);
  if (!follow) return fail(follow.error());
  if (call.handle) {
    // The system lets the owner of a file that is open for reading change it; policy does not.
    if (!call.handle->may_write) {
      if (Result<> judged = call.gate.judge(FsAccess::kWrite, call.handle->real_path); !judged)
        return fail(std::move(judged.error()));
    }
    return carry_out(call.handle->file, *change, change_name(*change, nullptr, *follow));
  }
  Result<FsPath> path = call.arguments.path("path");
  if (!path) return fail(std::move(path.error()));
  const os::CallName name = change_name(*change, &*path, *follow);
  Result<FsNode> node = call.gate.name({*path, FsAccess::kWrite, *follow, name});
  if (!node) return fail(std::move(node.error()));
  return carry_out(node->descriptor, *change, name);
}

Result<Json> fs_real_path(FsCall& call) {
  Result<FsPath> path = call.arguments.path("path");
  if (!path) return fail(std::move(path.error()));
  Result<FsNode> node =
      call.gate.name({*path, FsAccess::kRead, os::Follow::kLinks, {"realpath", path->written}});
  if (!node) return fail(std::move(node.error()));
  return Json(std::move(node->real_path));
}

Result<Json> fs_read_link(FsCall& call) {
  Result<FsPath> path = call.arguments.path("path");
  if (!path) return fail(std::move(path.error()));
  const os::CallName name = {"readlink", path->written};
  Result<FsNode> node = call.gate.name({*path, FsAccess::kRead, os::Follow::kNoLastLink, name});
  if (!node) return fail(std::move(node.error()));
  auto target = os::read_link(node->descriptor);
  if (!target) return fail(call_error(target.error(), name));
  return Json(*std::move(target));
}

}  // namespace isopod::hostcall
