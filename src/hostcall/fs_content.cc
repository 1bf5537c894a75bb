// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/base64.h"
#include "base/text.h"
#include "hostcall/fs_operations.h"
#include "os/file_content.h"

namespace isopod::hostcall {

using os::call_error;

namespace {

os::CallName open_name(const FsPath& path) { return {"open", path.written}; }

/// An open file that a call works on: its handle's, or one opened for the call.
class Subject {
 public:
  static Result<Subject> of(FsCall& call, const os::OpenFlags& flags, unsigned mode) {
    Subject subject;
    subject.handle_ = call.handle;
    if (call.handle) return subject;
    Result<FsPath> path = call.arguments.path("path");
    if (!path) return fail(std::move(path.error()));
    Result<FsFile> opened = call.gate.open({.path = *path, .name = open_name(*path)}, flags, mode);
    if (!opened) return fail(std::move(opened.error()));
    subject.written_path_ = std::move(path->written);
    subject.own_ = std::move(opened->descriptor);
    return subject;
  }

  [[nodiscard]] const os::OwnedDescriptor& file() const { return handle_ ? handle_->file : own_; }
  [[nodiscard]] const std::string& path() const {
    return handle_ ? handle_->written_path : written_path_;
  }
  /// Held while the position moves; a file of the call's own needs no lock.
  [[nodiscard]] std::unique_lock<std::mutex> lock_position() const {
    return handle_ ? std::unique_lock(handle_->position) : std::unique_lock<std::mutex>();
  }

 private:
  std::shared_ptr<FsHandle> handle_;
  os::OwnedDescriptor own_;
  std::string written_path_;
};

/// How many bytes a reply can carry in an encoding.
std::size_t bytes_max_of(const FsCall& call, FsEncoding encoding) {
  const std::size_t room =
      call.payload_bytes_max - std::min(call.payload_bytes_max, kFsReplyOverheadBytes);
  return encoding == FsEncoding::kUtf8 ? room : room / 4 * 3;
}

struct Reading {
  FsEncoding encoding = FsEncoding::kUtf8;
  std::optional<std::uint64_t> offset = {};
  std::optional<std::uint64_t> length = {};
};

Result<Reading> reading_of(const FsArguments& arguments) {
  const Result<FsEncoding> encoding = arguments.encoding();
  if (!encoding) return fail(encoding.error());
  const auto offset = arguments.number("offset", FsArguments::kOffsetMax);
  if (!offset) return fail(offset.error());
  const auto length = arguments.number("length", FsArguments::kOffsetMax);
  if (!length) return fail(length.error());
  return Reading{*encoding, *offset, *length};
}

/// Reads what was asked for, or says that it is too much; the position moves only when it is not.
Result<std::string> read_within(FsCall& call, const Subject& subject, const Reading& reading) {
  const auto read_failed = [](int number) { return fail(call_error(number, {"read"})); };
  const auto status = os::file_status(subject.file());
  if (!status) return read_failed(status.error());
  const std::size_t bytes_max = bytes_max_of(call, reading.encoding);
  std::uint64_t start = reading.offset.value_or(0);
  if (!reading.offset && status->kind() == os::EntryKind::kFile) {
    const auto now = os::position(subject.file());
    if (!now) return read_failed(now.error());
    start = *now;
  }
  const std::uint64_t remains = status->size > start ? status->size - start : 0;
  const std::uint64_t wanted = reading.length.value_or(FsArguments::kOffsetMax);
  const auto too_large = [&] {
    return fs_too_large(call, "reading '" + subject.path() + "'",
                        "read it in parts with offset and length");
  };
  if (std::min(wanted, remains) > bytes_max) return too_large();
  // One byte more tells whether a file without a known size is larger.
  const std::size_t length =
      static_cast<std::size_t>(std::min<std::uint64_t>(wanted, bytes_max + 1));
  auto bytes = os::read_bytes(
      subject.file(),
      {.offset = reading.offset, .length = length, .expected = static_cast<std::size_t>(remains)});
  if (!bytes) return read_failed(bytes.error());
  if (bytes->size() <= bytes_max) return *std::move(bytes);
  if (!reading.offset) static_cast<void>(os::set_position(subject.file(), start));
  return too_large();
}

Result<Json> change_length(const os::OwnedDescriptor& file, std::uint64_t length) {
  if (auto done = os::truncate_file(file, length); !done)
    return fail(call_error(done.error(), {"ftruncate"}));
  return Json(nullptr);
}

/// Opens the destination of a copy, or makes it, without emptying it yet.
Result<FsFile> open_destination(FsCall& call, const FsPath& to, const os::CallName& name) {
  const Result<bool> exclusive = call.arguments.flag("exclusive");
  if (!exclusive) return fail(exclusive.error());
  os::OpenFlags flags;
  flags.access = os::OpenFlags::Access::kWrite;
  flags.create = true;
  flags.exclusive = *exclusive;
  constexpr unsigned kDefaultMode = 0666;
  return call.gate.open({.path = to, .name = name}, flags, kDefaultMode);
}

}  // namespace

tl::unexpected<Error> fs_too_large(const FsCall& call, const std::string& what,
                                   const std::string& remedy) {
  return fail(Code::kPayloadTooLarge, what + " gives more than fits into a message of " +
                                          std::to_string(call.payload_bytes_max >> 10) +
                                          " KiB (ext.limits.payload_kb); " + remedy);
}

Result<Json> fs_open(FsCall& call) {
  Result<FsPath> path = call.arguments.path("path");
  if (!path) return fail(std::move(path.error()));
  const Result<os::OpenFlags> flags = call.arguments.open_flags();
  if (!flags) return fail(flags.error());
  constexpr unsigned kDefaultMode = 0666;
  const Result<unsigned> mode = call.arguments.mode("mode", kDefaultMode);
  if (!mode) return fail(mode.error());
  // The dispatcher has judged one of the two capabilities.
  if (flags->reads() && flags->writes()) {
    if (Result<> judged = call.gate.judge(FsAccess::kBoth, path->normal); !judged)
      return fail(std::move(judged.error()));
  }
  Result<FsFile> opened = call.gate.open({.path = *path, .name = open_name(*path)}, *flags, *mode);
  if (!opened) return fail(std::move(opened.error()));
  auto handle = std::make_shared<FsHandle>();
  handle->file = std::move(opened->descriptor);
  handle->written_path = path->written;
  handle->real_path = std::move(opened->real_path);
  handle->may_write = flags->writes();
  const std::uint64_t number = call.owner.keep(std::move(handle));
  if (number == 0) return fail(call_error(EMFILE, open_name(*path)));
  return Json({{"handle", number}});
}

Result<Json> fs_close(FsCall&) {
  // The connector took the handle out of the table; the last call that uses it closes the file.
  return Json(nullptr);
}

Result<Json> fs_read(FsCall& call) {
  const Result<Reading> reading = reading_of(call.arguments);
  if (!reading) return fail(reading.error());
  const Result<Subject> subject = Subject::of(call, {}, 0);
  if (!subject) return fail(subject.error());
  std::unique_lock<std::mutex> lock;
  if (!reading->offset) lock = subject->lock_position();
  Result<std::string> bytes = read_within(call, *subject, *reading);
  if (lock) lock.unlock();
  if (!bytes) return fail(std::move(bytes.error()));
  const std::size_t count = bytes->size();
  std::string data;
  if (reading->encoding == FsEncoding::kBase64) {
    data = to_base64(*bytes);
  } else {
    data = is_utf8(*bytes) ? *std::move(bytes) : to_utf8(*bytes);
  }
  Json value = Json::object();
  value["data"] = std::move(data);
  value["bytes"] = count;
  return value;
}

Result<Json> fs_write(FsCall& call) {
  const Result<std::string> data = call.arguments.data();
  if (!data) return fail(data.error());
  Result<os::OpenFlags> flags = call.arguments.write_flags();
  if (!flags) return fail(flags.error());
  constexpr unsigned kDefaultMode = 0666;
  const Result<unsigned> mode = call.arguments.mode("mode", kDefaultMode);
  if (!mode) return fail(mode.error());
  const auto offset = call.arguments.number("offset", FsArguments::kOffsetMax);
  if (!offset) return fail(offset.error());
  const Result<Subject> subject = Subject::of(call, *flags, *mode);
  if (!subject) return fail(subject.error());
  std::unique_lock<std::mutex> lock;
  if (!*offset) lock = subject->lock_position();
  if (auto written = os::write_bytes(subject->file(), *data, *offset); !written)
    return fail(call_error(written.error(), {"write"}));
  return Json({{"bytes", data->size()}});
}

Result<Json> fs_truncate(FsCall& call) {
  const Result<std::uint64_t> length =
      call.arguments.required_number("length", FsArguments::kOffsetMax);
  if (!length) return fail(length.error());
  os::OpenFlags flags;
  flags.access = os::OpenFlags::Access::kWrite;
  const Result<Subject> subject = Subject::of(call, flags, 0);
  if (!subject) return fail(subject.error());
  return change_length(subject->file(), *length);
}

Result<Json> fs_sync(FsCall& call) {
  if (auto done = os::sync_file(call.handle->file); !done)
    return fail(call_error(done.error(), {"fsync"}));
  return Json(nullptr);
}

Result<Json> fs_copy(FsCall& call) {
  Result<FsPath> from = call.arguments.path("from");
  if (!from) return fail(std::move(from.error()));
  Result<FsPath> to = call.arguments.path("to");
  if (!to) return fail(std::move(to.error()));
  if (Result<> judged = call.gate.judge(FsAccess::kRead, from->normal); !judged)
    return fail(std::move(judged.error()));
  const os::CallName name = {"copyfile", from->written, to->written};
  const auto failed = [&name](int number) { return fail(call_error(number, name)); };
  Result<FsFile> source = call.gate.open({.path = *from, .name = name}, {}, 0);
  if (!source) return fail(std::move(source.error()));
  if (source->status.kind() == os::EntryKind::kDirectory) return failed(EISDIR);
  if (source->status.kind() != os::EntryKind::kFile) return failed(EINVAL);
  Result<FsFile> destination = open_destination(call, *to, name);
  if (!destination) return fail(std::move(destination.error()));
  // Emptying the file that is to be read would lose it.
  if (destination->status.is_same_file(source->status)) return Json(nullptr);
  if (destination->status.kind() == os::EntryKind::kFile) {
    if (auto emptied = os::truncate_file(destination->descriptor, 0); !emptied)
      return failed(emptied.error());
    // Who may write a file need not own it.
    if (auto changed = os::change_mode(destination->descriptor, source->status.mode & 07777);
        !changed && changed.error() != EPERM)
      return failed(changed.error());
  }
  if (auto copied =
          os::copy_content({source->descriptor, destination->descriptor}, call.owner.gone());
      !copied)
    return failed(copied.error());
  return Json(nullptr);
}

}  // namespace isopod::hostcall
