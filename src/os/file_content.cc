// SPDX-License-Identifier: MIT
#include "os/file_content.h"

#include <fcntl.h>

#include <algorithm>
#include <limits>

namespace isopod::os {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{64} << 10;

ssize_t read_once(const OwnedDescriptor& file, char* into, std::size_t bytes,
                  std::optional<std::uint64_t> offset) {
  return repeat_interrupted([&] {
    if (!offset) return ::read(file.number(), into, bytes);
    return ::pread(file.number(), into, bytes, static_cast<off_t>(*offset));
  });
}

/// Copies through memory what the kernel would not copy by itself.
SystemResult<bool> copy_chunk_by_hand(const CopyEnds& ends) {
  auto bytes = read_bytes(ends.from, {.length = kChunkBytes, .expected = kChunkBytes});
  if (!bytes) return system_failure(bytes.error());
  if (auto written = write_bytes(ends.to, *bytes, std::nullopt); !written)
    return system_failure(written.error());
  return bytes->size() == kChunkBytes;
}

bool is_copy_refused(int number) {
  return number == EXDEV || number == EINVAL || number == ENOSYS || number == EOPNOTSUPP ||
         number == EPERM || number == EBADF;
}

}  // namespace

SystemResult<std::string> read_bytes(const OwnedDescriptor& file, const ReadRange& range) {
  std::string bytes;
  std::size_t filled = 0;
  // One byte more than expected shows the end without growing.
  std::size_t room = std::min(range.length, std::max(range.expected + 1, kChunkBytes / 16));
  while (filled < range.length) {
    if (filled == bytes.size()) {
      bytes.resize(std::max(room, bytes.size()));
      room = std::min(range.length, bytes.size() * 2 + kChunkBytes);
    }
    const auto offset = range.offset ? std::optional(*range.offset + filled) : std::nullopt;
    const ssize_t count = read_once(file, bytes.data() + filled, bytes.size() - filled, offset);
    if (count < 0) return system_failure();
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  bytes.resize(filled);
  return bytes;
}

SystemResult<> write_bytes(const OwnedDescriptor& file, std::string_view bytes,
                           std::optional<std::uint64_t> offset) {
  while (!bytes.empty()) {
    const ssize_t count = repeat_interrupted([&] {
      if (!offset) return ::write(file.number(), bytes.data(), bytes.size());
      return ::pwrite(file.number(), bytes.data(), bytes.size(), static_cast<off_t>(*offset));
    });
    if (count < 0) return system_failure();
    bytes.remove_prefix(static_cast<std::size_t>(count));
    if (offset) *offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

SystemResult<std::uint64_t> position(const OwnedDescriptor& file) {
  const off_t offset = ::lseek(file.number(), 0, SEEK_CUR);
  if (offset < 0) return system_failure();
  return static_cast<std::uint64_t>(offset);
}

SystemResult<> set_position(const OwnedDescriptor& file, std::uint64_t offset) {
  if (::lseek(file.number(), static_cast<off_t>(offset), SEEK_SET) < 0) return system_failure();
  return {};
}

SystemResult<> truncate_file(const OwnedDescriptor& file, std::uint64_t length) {
  const int done =
      repeat_interrupted([&] { return ::ftruncate(file.number(), static_cast<off_t>(length)); });
  if (done != 0) return system_failure();
  return {};
}

SystemResult<> sync_file(const OwnedDescriptor& file) {
  if (repeat_interrupted([&] { return ::fsync(file.number()); }) != 0) return system_failure();
  return {};
}

SystemResult<> copy_content(const CopyEnds& ends, const std::atomic<bool>& stop) {
  constexpr std::size_t kStepBytes = std::size_t{16} << 20;
  bool by_hand = false;
  bool copied_any = false;
  while (true) {
    // The flag orders nothing else.
    if (stop.load(std::memory_order_relaxed)) return system_failure(ECANCELED);
    if (by_hand) {
      const auto more = copy_chunk_by_hand(ends);
      if (!more) return system_failure(more.error());
      if (!*more) return {};
      continue;
    }
    const ssize_t count = repeat_interrupted([&] {
      return ::copy_file_range(ends.from.number(), nullptr, ends.to.number(), nullptr, kStepBytes,
                               0);
    });
    if (count < 0 && !is_copy_refused(errno)) return system_failure();
    // Files without a size of their own, as in /proc, look empty to the kernel's copy.
    by_hand = count < 0 || (count == 0 && !copied_any);
    if (count == 0 && !by_hand) return {};
    copied_any = copied_any || count > 0;
  }
}

}  // namespace isopod::os
