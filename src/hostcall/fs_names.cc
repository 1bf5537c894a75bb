// SPDX-License-Identifier: MIT
#include <array>
#include <cerrno>
#include <deque>
#include <utility>
#include <vector>

#include "base/random.h"
#include "hostcall/fs_operations.h"
#include "os/directory.h"
#include "policy/path_scope.h"

namespace isopod::hostcall {

using os::call_error;

namespace {

/// More than any tree that fits into a reply by its names.
constexpr std::size_t kEntriesMax = 200'000;
constexpr unsigned kFolderMode = 0777;

std::string_view word_of(os::EntryKind kind) {
  switch (kind) {
    case os::EntryKind::kFile: return "file";
    case os::EntryKind::kDirectory: return "directory";
    case os::EntryKind::kLink: return "link";
    case os::EntryKind::kFifo: return "fifo";
    case os::EntryKind::kSocket: return "socket";
    case os::EntryKind::kBlock: return "block";
    case os::EntryKind::kCharacter: return "character";
    case os::EntryKind::kUnknown: break;
  }
  return "unknown";
}

/// One listing under way, folder by folder, each level before the next.
class Listing {
 public:
  enum class Depth { kOneLevel, kWholeTree };

  Listing(FsCall& call, const FsNode& root, os::CallName name)
      : call_(call), root_(root), name_(std::move(name)) {}

  Result<Json> run(Depth depth) {
    auto folder = os::reopen(root_.descriptor, {});
    if (!folder) return fail(call_error(folder.error(), name_));
    if (Result<> read = read_folder(*std::move(folder), ""); !read)
      return fail(std::move(read.error()));
    while (depth == Depth::kWholeTree && !folders_.empty()) {
      const std::string relative = std::move(folders_.front());
      folders_.pop_front();
      if (Result<> read = read_beneath(relative); !read) return fail(std::move(read.error()));
    }
    return std::move(entries_);
  }

 private:
  Result<> read_beneath(const std::string& relative) {
    // The flag orders nothing else.
    if (call_.owner.gone().load(std::memory_order_relaxed))
      return fail(Code::kCancelled, "the extension is gone");
    auto folder = os::open_folder_beneath(root_.descriptor, relative);
    // What has gone or become something else meanwhile is no folder to enter.
    if (!folder && (folder.error() == ENOENT || folder.error() == ENOTDIR ||
                    folder.error() == ELOOP || folder.error() == EXDEV))
      return {};
    if (!folder) return fail(call_error(folder.error(), name_));
    const auto real = os::real_path(*folder);
    // That there is such a folder was seen from above; what is in it is not shown.
    if (!real || !call_.gate.judge(FsAccess::kRead, *real)) return {};
    return read_folder(*std::move(folder), relative + "/");
  }

  Result<> read_folder(os::OwnedDescriptor folder, const std::string& prefix) {
    auto reader = os::FolderReader::start(std::move(folder));
    if (!reader) return fail(call_error(reader.error(), name_));
    while (true) {
      auto entry = reader->next();
      if (!entry) return fail(call_error(entry.error(), name_));
      if (!*entry) return {};
      if (Result<> added = add(prefix + (*entry)->name, (*entry)->kind); !added) return added;
    }
  }

  Result<> add(std::string name, os::EntryKind kind) {
    constexpr std::size_t kEntryBytes = sizeof R"({"name":"","type":"directory"},)";
    bytes_ += name.size() + kEntryBytes;
    if (entries_.size() == kEntriesMax || bytes_ + kFsReplyOverheadBytes > call_.payload_bytes_max)
      return fs_too_large(call_, "listing '" + *name_.path + "'", "list its folders one by one");
    if (kind == os::EntryKind::kDirectory) folders_.push_back(name);
    entries_.push_back({{"name", std::move(name)}, {"type", word_of(kind)}});
    return {};
  }

  FsCall& call_;
  const FsNode& root_;
  const os::CallName name_;
  Json entries_ = Json::array();
  std::deque<std::string> folders_;  // relative, still to be listed
  std::size_t bytes_ = 0;
};

/// Makes one folder. True when it was made, false when it was there.
Result<bool> make_one(FsCall& call, const FsAsk& ask, unsigned mode) {
  Result<FsPlace> place = call.gate.place(ask);
  if (!place) return fail(std::move(place.error()));
  const auto made = os::make_folder({place->folder, place->name}, mode);
  if (made) return true;
  if (made.error() != EEXIST) return fail(call_error(made.error(), ask.name));
  Result<FsNode> there = call.gate.name(ask);
  if (!there) return fail(std::move(there.error()));
  const auto status = os::file_status(there->descriptor);
  if (status && status->kind() == os::EntryKind::kDirectory) return false;
  return fail(call_error(EEXIST, ask.name));
}

Result<Json> make_recursively(FsCall& call, const FsAsk& ask, unsigned mode) {
  // From the one asked for up to the first whose folder is there.
  std::vector<std::string> missing = {ask.path.normal};
  while (call.gate.is_missing(split_path(missing.back()).first)) {
    missing.push_back(split_path(missing.back()).first);
  }
  std::optional<std::string> first;
  for (; !missing.empty(); missing.pop_back()) {
    FsAsk one = ask;
    one.path.normal = missing.back();
    const Result<bool> made = make_one(call, one, mode);
    if (!made) return fail(made.error());
    if (*made && !first) first = missing.back();
  }
  return first ? Json(*first) : Json(nullptr);
}

enum class RemoveKind { kFile, kDirectory, kAny };

Result<RemoveKind> remove_kind(const FsArguments& arguments) {
  const Result<std::string> kind = arguments.text("kind");
  if (!kind) return fail(kind.error());
  if (*kind == "file") return RemoveKind::kFile;
  if (*kind == "directory") return RemoveKind::kDirectory;
  if (*kind == "any") return RemoveKind::kAny;
  return arguments.wrong("kind must be \"file\", \"directory\" or \"any\"");
}

std::string remove_call(RemoveKind kind) {
  switch (kind) {
    case RemoveKind::kFile: return "unlink";
    case RemoveKind::kDirectory: return "rmdir";
    case RemoveKind::kAny: break;
  }
  return "rm";
}

/// Removes a tree; a folder in it that policy protects ends it with policy's words.
Result<> remove_whole(FsCall& call, const FsPlace& place, const os::CallName& name) {
  Result<> judged;
  const auto may_empty = [&](const os::OwnedDescriptor& folder) {
    // The flag orders nothing else.
    if (call.owner.gone().load(std::memory_order_relaxed)) {
      judged = fail(Code::kCancelled, "the extension is gone");
      return false;
    }
    const auto real = os::real_path(folder);
    if (!real) {
      judged = fail(call_error(real.error(), name));
      return false;
    }
    judged = call.gate.judge(FsAccess::kWrite, *real);
    return judged.has_value();
  };
  const auto removed = os::remove_tree({place.folder, place.name}, {may_empty});
  if (removed) return {};
  if (!judged) return judged;
  return fail(call_error(removed.error(), name));
}

Result<> remove_place(FsCall& call, const FsPlace& place, RemoveKind kind,
                      const os::CallName& name) {
  const Result<bool> recursive = call.arguments.flag("recursive");
  if (!recursive) return fail(recursive.error());
  if (*recursive && kind != RemoveKind::kFile) return remove_whole(call, place, name);
  const os::EntryName entry = {place.folder, place.name};
  const auto removed =
      kind == RemoveKind::kDirectory ? os::remove_folder(entry) : os::remove_file(entry);
  if (!removed) return fail(call_error(removed.error(), name));
  return {};
}

/// A file must not become readable because it is found under another name.
Result<> judge_new_name(FsGate& gate, const std::string& from, const std::string& to) {
  if (!gate.judge(FsAccess::kRead, to)) return {};
  return gate.judge(FsAccess::kRead, from);
}

struct TwoPaths {
  FsPath from;
  FsPath to;
};

/// Both paths as written; the dispatcher has judged `to`, `from` is judged here.
Result<TwoPaths> two_paths(FsCall& call) {
  Result<FsPath> from = call.arguments.path("from");
  if (!from) return fail(std::move(from.error()));
  Result<FsPath> to = call.arguments.path("to");
  if (!to) return fail(std::move(to.error()));
  if (Result<> judged = call.gate.judge(FsAccess::kWrite, from->normal); !judged)
    return fail(std::move(judged.error()));
  return TwoPaths{*std::move(from), *std::move(to)};
}

std::string six_random_characters() {
  constexpr std::string_view kCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::array<std::uint8_t, 6> bytes = {};
  SystemRandom().fill(bytes);
  std::string text;
  for (const std::uint8_t byte : bytes) text += kCharacters[byte % kCharacters.size()];
  return text;
}

}  // namespace

Result<Json> fs_list(FsCall& call) {
  Result<FsPath> path = call.arguments.path("path");
  if (!path) return fail(std::move(path.error()));
  const Result<bool> recursive = call.arguments.flag("recursive");
  if (!recursive) return fail(recursive.error());
  const os::CallName name = {"scandir", path->written};
  Result<FsNode> node = call.gate.name({*path, FsAccess::kRead, os::Follow::kLinks, name});
  if (!node) return fail(std::move(node.error()));
  const auto status = os::file_status(node->descriptor);
  if (!status) return fail(call_error(status.error(), name));
  if (status->kind() != os::EntryKind::kDirectory) return fail(call_error(ENOTDIR, name));
  const auto depth = *recursive ? Listing::Depth::kWholeTree : Listing::Depth::kOneLevel;
  return Listing(call, *node, name).run(depth);
}

Result<Json> fs_make_directory(FsCall& call) {
  Result<FsPath> path = call.arguments.path("path");
  if (!path) return fail(std::move(path.error()));
  const Result<bool> recursive = call.arguments.flag("recursive");
  if (!recursive) return fail(recursive.error());
  const Result<unsigned> mode = call.arguments.mode("mode", kFolderMode);
  if (!mode) return fail(mode.error());
  const FsAsk ask = {*path, FsAccess::kWrite, os::Follow::kLinks, {"mkdir", path->written}};
  if (path->normal == "/") {
    if (*recursive) return Json(nullptr);
    return fail(call_error(EEXIST, ask.name));
  }
  if (*recursive) return make_recursively(call, ask, *mode);
  Result<FsPlace> place = call.gate.place(ask);
  if (!place) return fail(std::move(place.error()));
  if (auto made = os::make_folder({place->folder, place->name}, *mode); !made)
    return fail(call_error(made.error(), ask.name));
  return Json(path->normal);
}

Result<Json> fs_make_temporary(FsCall& call) {
  constexpr int kAttemptsMax = 64;
  constexpr unsigned kPrivateMode = 0700;
  Result<std::string> prefix = call.arguments.text("prefix");
  if (!prefix) return fail(std::move(prefix.error()));
  const os::CallName name = {"mkdtemp", *prefix + "XXXXXX"};
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    std::string written = *prefix + six_random_characters();
    const auto normal = policy::normalize_path(written);
    if (!normal) return call.arguments.wrong("prefix must be an absolute path");
    Result<FsPlace> place =
        call.gate.place({{written, *normal}, FsAccess::kWrite, os::Follow::kNoLastLink, name});
    if (!place) return fail(std::move(place.error()));
    const auto made = os::make_folder({place->folder, place->name}, kPrivateMode);
    if (made) return Json(std::move(written));
    if (made.error() != EEXIST) return fail(call_error(made.error(), name));
  }
  return fail(call_error(EEXIST, name));
}

Result<Json> fs_remove(FsCall& call) {
  Result<FsPath> path = call.arguments.path("path");
  if (!path) return fail(std::move(path.error()));
  const Result<RemoveKind> kind = remove_kind(call.arguments);
  if (!kind) return fail(kind.error());
  const Result<bool> force = call.arguments.flag("force");
  if (!force) return fail(force.error());
  const os::CallName name = {remove_call(*kind), path->written};
  Result<FsPlace> place = call.gate.place({*path, FsAccess::kWrite, os::Follow::kNoLastLink, name});
  Result<> removed;
  if (place) {
    removed = remove_place(call, *place, *kind, name);
  } else {
    removed = fail(std::move(place.error()));
  }
  if (!removed && !(*force && removed.error().code == Code::kNotFound))
    return fail(std::move(removed.error()));
  return Json(nullptr);
}

Result<Json> fs_rename(FsCall& call) {
  const Result<TwoPaths> paths = two_paths(call);
  if (!paths) return fail(paths.error());
  const os::CallName name = {"rename", paths->from.written, paths->to.written};
  const auto place_of = [&](const FsPath& path) {
    return call.gate.place({path, FsAccess::kWrite, os::Follow::kNoLastLink, name});
  };
  Result<FsPlace> from = place_of(paths->from);
  if (!from) return fail(std::move(from.error()));
  Result<FsPlace> to = place_of(paths->to);
  if (!to) return fail(std::move(to.error()));
  if (Result<> judged = judge_new_name(call.gate, from->real_path, to->real_path); !judged)
    return fail(std::move(judged.error()));
  if (auto done = os::rename_entry({from->folder, from->name}, {to->folder, to->name}); !done)
    return fail(call_error(done.error(), name));
  return Json(nullptr);
}

Result<Json> fs_link(FsCall& call) {
  const Result<TwoPaths> paths = two_paths(call);
  if (!paths) return fail(paths.error());
  const os::CallName name = {"link", paths->from.written, paths->to.written};
  // What is written under the new name is written to the old file.
  Result<FsNode> from =
      call.gate.name({paths->from, FsAccess::kWrite, os::Follow::kNoLastLink, name});
  if (!from) return fail(std::move(from.error()));
  Result<FsPlace> to =
      call.gate.place({paths->to, FsAccess::kWrite, os::Follow::kNoLastLink, name});
  if (!to) return fail(std::move(to.error()));
  if (Result<> judged = judge_new_name(call.gate, from->real_path, to->real_path); !judged)
    return fail(std::move(judged.error()));
  if (auto done = os::make_hard_link(from->descriptor, {to->folder, to->name}); !done)
    return fail(call_error(done.error(), name));
  return Json(nullptr);
}

Result<Json> fs_symlink(FsCall& call) {
  Result<std::string> target = call.arguments.text("target");
  if (!target) return fail(std::move(target.error()));
  Result<FsPath> path = call.arguments.path("path");
  if (!path) return fail(std::move(path.error()));
  // Where it leads is judged when somebody goes there.
  const os::CallName name = {"symlink", *target, path->written};
  Result<FsPlace> place = call.gate.place({*path, FsAccess::kWrite, os::Follow::kNoLastLink, name});
  if (!place) return fail(std::move(place.error()));
  if (auto made = os::make_link({place->folder, place->name}, *target); !made)
    return fail(call_error(made.error(), name));
  return Json(nullptr);
}

}  // namespace isopod::hostcall
