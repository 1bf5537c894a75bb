// SPDX-License-Identifier: MIT
#include <utility>

#include "hostcall/fs_operations.h"
#include "hostcall/fs_watches.h"

namespace isopod::hostcall {

Result<Json> fs_watch(FsCall& call) {
  Result<FsPath> path = call.arguments.path("path");
  if (!path) return fail(std::move(path.error()));
  const Result<bool> recursive = call.arguments.flag("recursive");
  if (!recursive) return fail(recursive.error());
  const os::CallName name = {"watch", path->written};
  Result<FsNode> node = call.gate.name({*path, FsAccess::kRead, os::Follow::kLinks, name});
  if (!node) return fail(std::move(node.error()));
  const Result<std::uint64_t> watch =
      call.watches.add(call.caller, {.node = *node,
                                     .name = name,
                                     .file_name = split_path(path->normal).second,
                                     .recursive = *recursive});
  if (!watch) return fail(watch.error());
  return Json({{"watch", *watch}});
}

Result<Json> fs_unwatch(FsCall& call) {
  const Result<std::uint64_t> number =
      call.arguments.required_number("watch", FsArguments::kOffsetMax);
  if (!number) return fail(number.error());
  if (!call.watches.remove(call.caller, *number))
    return call.arguments.wrong("there is no watch " + std::to_string(*number));
  return Json(nullptr);
}

}  // namespace isopod::hostcall
