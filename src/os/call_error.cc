// SPDX-License-Identifier: MIT
#include "os/call_error.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace isopod::os {
namespace {

struct Wording {
  int number;
  std::string_view text;
};

/// Where Node's words for an error differ from those of the C library.
constexpr std::array kWordings = {
    Wording{E2BIG, "argument list too long"},
    Wording{EACCES, "permission denied"},
    Wording{EAGAIN, "resource temporarily unavailable"},
    Wording{EBADF, "bad file descriptor"},
    Wording{EBUSY, "resource busy or locked"},
    Wording{ECANCELED, "operation canceled"},
    Wording{EEXIST, "file already exists"},
    Wording{EFAULT, "bad address in system call argument"},
    Wording{EFBIG, "file too large"},
    Wording{EILSEQ, "illegal byte sequence"},
    Wording{EINTR, "interrupted system call"},
    Wording{EINVAL, "invalid argument"},
    Wording{EIO, "i/o error"},
    Wording{EISDIR, "illegal operation on a directory"},
    Wording{ELOOP, "too many symbolic links encountered"},
    Wording{EMFILE, "too many open files"},
    Wording{EMLINK, "too many links"},
    Wording{ENAMETOOLONG, "name too long"},
    Wording{ENFILE, "file table overflow"},
    Wording{ENODEV, "no such device"},
    Wording{ENOENT, "no such file or directory"},
    Wording{ENOMEM, "not enough memory"},
    Wording{ENOSPC, "no space left on device"},
    Wording{ENOSYS, "function not implemented"},
    Wording{ENOTDIR, "not a directory"},
    Wording{ENOTEMPTY, "directory not empty"},
    Wording{ENOTSUP, "operation not supported on socket"},
    Wording{ENOTTY, "inappropriate ioctl for device"},
    Wording{ENXIO, "no such device or address"},
    Wording{EOVERFLOW, "value too large for defined data type"},
    Wording{EPERM, "operation not permitted"},
    Wording{EPIPE, "broken pipe"},
    Wording{EROFS, "read-only file system"},
    Wording{ESPIPE, "invalid seek"},
    Wording{ESRCH, "no such process"},
    Wording{ETIMEDOUT, "connection timed out"},
    Wording{ETXTBSY, "text file is busy"},
    Wording{EXDEV, "cross-device link not permitted"},
};

std::string text_of(int number) {
  for (const Wording& wording : kWordings) {
    if (wording.number == number) return std::string(wording.text);
  }
  const char* const description = ::strerrordesc_np(number);
  return description != nullptr ? description : "unknown error";
}

/// Two names share a number; Node uses the one that the C library does not.
std::string name_of(int number) {
  if (number == ENOTSUP) return "ENOTSUP";
  const char* const name = ::strerrorname_np(number);
  return name != nullptr ? name : "UNKNOWN";
}

}  // namespace

Error call_error(int number, const CallName& name) {
  std::string message = name_of(number) + ": " + text_of(number) + ", " + name.call;
  if (name.path) message += " '" + *name.path + "'";
  if (name.destination) message += " -> '" + *name.destination + "'";
  return Error{number == ENOENT ? Code::kNotFound : Code::kIo, std::move(message), {}, {}};
}

}  // namespace isopod::os
