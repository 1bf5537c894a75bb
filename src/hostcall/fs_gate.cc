// SPDX-License-Identifier: MIT
#include "hostcall/fs_gate.h"

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace isopod::hostcall {

using os::call_error;
using protocol::Capability;

namespace {

/// As many links as Linux follows on one path.
constexpr int kLinksMax = 40;

/// What a process holds in memory is not a file that a path can grant: /proc/N/mem,
/// /proc/N/environ, and the same of a thread. The host's own secrets are there.
bool is_memory_of_process(std::string_view path) {
  constexpr std::string_view kProcesses = "/proc/";
  if (!path.starts_with(kProcesses)) return false;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const char first = path.size() > kProcesses.size() ? path[kProcesses.size()] : '\0';
  const bool is_of_process = first >= '0' && first <= '9';
  return is_of_process && (name == "mem" || name == "environ");
}

FsAccess access_of(const os::OpenFlags& flags) {
  if (flags.reads() && flags.writes()) return FsAccess::kBoth;
  return flags.writes() ? FsAccess::kWrite : FsAccess::kRead;
}

std::string_view word_of(os::EntryKind kind) {
  switch (kind) {
    case os::EntryKind::kFifo: return "a pipe";
    case os::EntryKind::kSocket: return "a socket";
    case os::EntryKind::kBlock:
    case os::EntryKind::kCharacter: return "a device";
    default: return "a special file";
  }
}

/// Where a link in `folder` leads, for opening anew.
std::string target_path(const std::string& folder, const std::string& target) {
  return target.starts_with('/') ? target : join_path(folder, target);
}

}  // namespace

std::pair<std::string, std::string> split_path(const std::string& path) {
  const std::size_t end = path.find_last_not_of('/');
  if (end == std::string::npos) return {"/", ""};
  const std::size_t slash = path.rfind('/', end);
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1, end - slash)};
}

std::string join_path(const std::string& folder, const std::string& name) {
  return folder == "/" ? "/" + name : folder + "/" + name;
}

Result<> FsGate::judge(FsAccess access, const std::string& path) {
  if (access != FsAccess::kWrite) {
    if (Result<> read = judge_one(Capability::kRead, path); !read) return read;
  }
  if (access != FsAccess::kRead) return judge_one(Capability::kWrite, path);
  return {};
}

Result<> FsGate::judge_one(Capability capability, const std::string& path) {
  if (is_memory_of_process(path)) {
    return fail(Code::kDenied,
                path + " is the memory of a process, which no grant of files gives away");
  }
  const bool is_known = std::any_of(judged_.begin(), judged_.end(), [&](const Need& need) {
    return need.capability == capability && need.target == path;
  });
  if (is_known) return {};
  if (Result<> judged = may_access_(caller_, capability, path); !judged) return judged;
  judged_.push_back({capability, path});
  return {};
}

Result<FsNode> FsGate::name(const FsAsk& ask) {
  auto descriptor = os::open_path(ask.path.normal, ask.follow);
  if (!descriptor) return fail(refusal(ask, descriptor.error()));
  auto real = os::real_path(*descriptor);
  if (!real) return fail(refusal(ask, real.error()));
  if (Result<> judged = judge(ask.access, *real); !judged) return fail(std::move(judged.error()));
  return FsNode{std::move(*descriptor), std::move(*real)};
}

Result<FsPlace> FsGate::place(const FsAsk& ask) {
  const auto [folder, name] = split_path(ask.path.normal);
  if (name.empty()) return fail(call_error(EBUSY, ask.name));
  auto descriptor = os::open_path(folder, os::Follow::kLinks);
  if (!descriptor) return fail(refusal(ask, descriptor.error()));
  auto real = os::real_path(*descriptor);
  if (!real) return fail(refusal(ask, real.error()));
  std::string path = join_path(*real, name);
  if (Result<> judged = judge(ask.access, path); !judged) return fail(std::move(judged.error()));
  return FsPlace{std::move(*descriptor), name, std::move(path)};
}

bool FsGate::is_missing(const std::string& path) {
  const auto node = os::open_path(path, os::Follow::kLinks);
  return !node && node.error() == ENOENT;
}

Error FsGate::refusal(const FsAsk& ask, int number) {
  Result<> judged = judge_missing(ask);
  return judged ? call_error(number, ask.name) : std::move(judged.error());
}

Result<> FsGate::judge_missing(const FsAsk& ask) {
  if (ask.path.normal.size() > os::kPathBytesMax) return {};
  std::string path = ask.path.normal;
  bool may_follow = ask.follow == os::Follow::kLinks;
  for (int links = 0; links < kLinksMax && path.size() <= os::kPathBytesMax;) {
    const auto [folder, name] = split_path(path);
    if (name.empty()) return {};
    const auto descriptor = os::open_path(folder, os::Follow::kLinks);
    if (!descriptor || name == "." || name == "..") {
      // Then the reason is further up: links on the way are followed in any case.
      path = folder;
      may_follow = true;
      continue;
    }
    const auto real = os::real_path(*descriptor);
    if (!real) return {};
    if (Result<> judged = judge(ask.access, join_path(*real, name)); !judged) return judged;
    const auto target = os::read_link_entry(*descriptor, name);
    if (!target || !may_follow) return {};
    path = target_path(*real, *target);
    ++links;
  }
  return {};
}

Result<FsFile> FsGate::open_named(const FsAsk& ask, FsNode node, const os::OpenFlags& flags) {
  const auto status = os::file_status(node.descriptor);
  if (!status) return fail(call_error(status.error(), ask.name));
  const os::EntryKind kind = status->kind();
  if (kind == os::EntryKind::kLink) return fail(call_error(ELOOP, ask.name));
  if (kind == os::EntryKind::kDirectory && flags.create) return fail(call_error(EISDIR, ask.name));
  if (!status->is_harmless_to_open()) {
    return fail(Code::kUnsupported, "cannot open '" + ask.path.written + "': it is " +
                                        std::string(word_of(kind)) +
                                        ", and only regular files can be opened here");
  }
  auto file = os::reopen(node.descriptor, flags);
  if (!file) return fail(call_error(file.error(), ask.name));
  return FsFile{std::move(*file), std::move(node.real_path), *status};
}

Result<FsFile> FsGate::open(FsAsk ask, const os::OpenFlags& flags, unsigned mode) {
  ask.access = access_of(flags);
  ask.follow = flags.no_follow || flags.exclusive ? os::Follow::kNoLastLink : os::Follow::kLinks;
  for (int attempt = 0; attempt < kLinksMax; ++attempt) {
    if (!flags.exclusive) {
      Result<FsNode> node = name(ask);
      if (node) return open_named(ask, *std::move(node), flags);
      if (node.error().code != Code::kNotFound || !flags.create)
        return fail(std::move(node.error()));
    }
    Result<FsPlace> place = this->place(ask);
    if (!place) return fail(std::move(place.error()));
    auto made = os::create_file(place->folder, {place->name, flags, mode});
    if (made) {
      const auto status = os::file_status(*made);
      if (!status) return fail(call_error(status.error(), ask.name));
      return FsFile{std::move(*made), std::move(place->real_path), *status};
    }
    if (made.error() != EEXIST || flags.exclusive) return fail(call_error(made.error(), ask.name));
    // A link that leads nowhere, or something that appeared meanwhile: once more, where it leads.
    const auto target = os::read_link_entry(place->folder, place->name);
    if (target && ask.follow == os::Follow::kLinks)
      ask.path.normal = target_path(split_path(place->real_path).first, *target);
  }
  return fail(call_error(ELOOP, ask.name));
}

}  // namespace isopod::hostcall
