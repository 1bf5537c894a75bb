// SPDX-License-Identifier: MIT
#include "hostcall/fs_connector.h"

#include <array>
#include <utility>

#include "base/check.h"
#include "hostcall/fs_operations.h"
#include "policy/path_scope.h"

namespace isopod::hostcall {

using protocol::Capability;
using protocol::Hostcall;
using protocol::Opcode;

namespace {

/// How a call of an opcode names the file that the dispatcher judges.
struct Shape {
  Opcode opcode;
  FsOperation operation;
  const char* path;   ///< the argument, or null when there is none
  bool takes_handle;  ///< `handle` in place of the path, or only it
};

using enum Opcode;

constexpr std::array kShapes = {
    Shape{kFsAccess, fs_access, "path", false},
    Shape{kFsChange, fs_change, "path", true},
    Shape{kFsClose, fs_close, nullptr, true},
    Shape{kFsCopy, fs_copy, "to", false},
    Shape{kFsLink, fs_link, "to", false},
    Shape{kFsList, fs_list, "path", false},
    Shape{kFsMakeDirectory, fs_make_directory, "path", false},
    Shape{kFsMakeTemporary, fs_make_temporary, "prefix", false},
    Shape{kFsOpen, fs_open, "path", false},
    Shape{kFsRead, fs_read, "path", true},
    Shape{kFsReadLink, fs_read_link, "path", false},
    Shape{kFsRealPath, fs_real_path, "path", false},
    Shape{kFsRemove, fs_remove, "path", false},
    Shape{kFsRename, fs_rename, "to", false},
    Shape{kFsStat, fs_stat, "path", true},
    Shape{kFsSymlink, fs_symlink, "path", false},
    Shape{kFsSync, fs_sync, nullptr, true},
    Shape{kFsTruncate, fs_truncate, "path", true},
    Shape{kFsUnwatch, fs_unwatch, nullptr, false},
    Shape{kFsWatch, fs_watch, "path", false},
    Shape{kFsWrite, fs_write, "path", true},
};

const Shape* shape_of(Opcode opcode) {
  for (const Shape& shape : kShapes) {
    if (shape.opcode == opcode) return &shape;
  }
  return nullptr;
}

bool names_handle(const Shape& shape, const FsArguments& arguments) {
  return shape.takes_handle && (shape.path == nullptr || arguments.has("handle"));
}

/// The handle that a call names, taken out of the table when it closes it.
Result<std::shared_ptr<FsHandle>> handle_of(FsOwner& owner, const Hostcall& call,
                                            const FsArguments& arguments) {
  const Result<std::uint64_t> number = arguments.required_number("handle", FsArguments::kOffsetMax);
  if (!number) return fail(number.error());
  auto handle = call.opcode == kFsClose ? owner.take(*number) : owner.find(*number);
  if (!handle) return arguments.wrong("there is no open file " + std::to_string(*number));
  return handle;
}

}  // namespace

/// One call on its way through the pool.
struct FsConnector::Job {
  Caller caller;
  Hostcall call;
  Need judged;
  std::shared_ptr<FsOwner> owner;
  std::shared_ptr<FsHandle> handle;
  Completion completion;
};

FsConnector::FsConnector(Options options, MayAccess may_access)
    : options_(std::move(options)),
      may_access_(std::move(may_access)),
      watches_(may_access_),
      pool_(options_.pool) {}

FsConnector::~FsConnector() = default;

Need FsConnector::need(const Caller&, const Hostcall& call) const {
  const Shape* const shape = shape_of(call.opcode);
  const FsArguments arguments(protocol::info(call.opcode).name, call.arguments);
  if (shape == nullptr || shape->path == nullptr || names_handle(*shape, arguments)) return {};
  if (call.opcode == kFsMakeTemporary) {
    const Result<std::string> prefix = arguments.text(shape->path);
    const auto path = prefix ? policy::normalize_path(*prefix + "XXXXXX") : std::nullopt;
    return path ? Need{Capability::kWrite, *path} : Need{};
  }
  Result<FsPath> path = arguments.path(shape->path);
  if (!path) return {};
  Capability capability = protocol::info(call.opcode).capability;
  if (call.opcode == kFsOpen) {
    const Result<os::OpenFlags> flags = arguments.open_flags();
    if (!flags) return {};
    capability = flags->writes() ? Capability::kWrite : Capability::kRead;
  }
  return {capability, std::move(path->normal)};
}

std::shared_ptr<FsOwner> FsConnector::owner_of(const Caller& caller) {
  const std::lock_guard lock(mutex_);
  auto& owner = owners_[caller.instance];
  if (!owner) owner = std::make_shared<FsOwner>();
  return owner;
}

void FsConnector::wait_for_news(const Caller& caller, const Hostcall& call, Completion completion) {
  const FsArguments arguments(protocol::info(call.opcode).name, call.arguments);
  const Result<std::uint64_t> number = arguments.required_number("watch", FsArguments::kOffsetMax);
  if (!number) return std::move(completion).failed(number.error());
  watches_.next(caller, *number, std::move(completion));
}

void FsConnector::start(const Caller& caller, const Hostcall& call, Completion completion) {
  if (call.opcode == kFsWatchNext) return wait_for_news(caller, call, std::move(completion));
  const Shape* const shape = shape_of(call.opcode);
  if (shape == nullptr) {
    return std::move(completion)
        .failed({Code::kUnsupported,
                 "this host does not offer " + std::string(protocol::info(call.opcode).name),
                 {},
                 {}});
  }
  const FsArguments arguments(protocol::info(call.opcode).name, call.arguments);
  std::shared_ptr<FsOwner> owner = owner_of(caller);
  std::shared_ptr<FsHandle> handle;
  // Looked up here, in the order of the calls: closing a file does not take it from earlier ones.
  if (names_handle(*shape, arguments)) {
    auto found = handle_of(*owner, call, arguments);
    if (!found) return std::move(completion).failed(found.error());
    handle = *std::move(found);
  }
  // Shared only because the pool's work can be copied.
  auto job = std::make_shared<Job>(Job{caller, call, need(caller, call), std::move(owner),
                                       std::move(handle), std::move(completion)});
  if (pool_.post([this, job] { run(*job); }) == os::WorkPool::Post::kFull) {
    std::move(job->completion)
        .failed({Code::kBackpressure,
                 "too much work on files is waiting; wait for calls to end and try again",
                 {},
                 {}});
  }
}

void FsConnector::run(Job& job) {
  Result<Json> value = carry_out(job);
  // Outside the work that `release` waits for: who is told may do anything.
  if (!value) return std::move(job.completion).failed(value.error());
  std::move(job.completion).ok(*std::move(value));
}

Result<Json> FsConnector::carry_out(Job& job) {
  const FsOwner::Work work(*job.owner);
  if (!work.may_begin()) return fail(Code::kCancelled, "the extension is gone");
  const Shape* const shape = shape_of(job.call.opcode);
  ISOPOD_CHECK(shape != nullptr, "only calls with a shape are given to the pool");
  // The handle ends with the call, so that a file is closed before that is told.
  FsCall call = {.caller = job.caller,
                 .arguments = {protocol::info(job.call.opcode).name, job.call.arguments},
                 .gate = {job.caller, may_access_},
                 .owner = *job.owner,
                 .watches = watches_,
                 .handle = std::move(job.handle),
                 .payload_bytes_max = options_.payload_bytes_max};
  if (job.judged.capability != Capability::kNone) call.gate.trust(job.judged);
  return shape->operation(call);
}

void FsConnector::release(const Caller& caller) {
  std::shared_ptr<FsOwner> owner;
  {
    const std::lock_guard lock(mutex_);
    const auto node = owners_.extract(caller.instance);
    if (!node.empty()) owner = node.mapped();
  }
  // First the work, which may still make a watch.
  if (owner) owner->release();
  watches_.release(caller);
}

}  // namespace isopod::hostcall
