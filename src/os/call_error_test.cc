// SPDX-License-Identifier: MIT
#include "os/call_error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace isopod::os {
namespace {

TEST(CallErrorTest, HasTheFormAndTheWordsOfNode) {
  EXPECT_EQ(call_error(ENOENT, {"open", "/x"}).message,
            "ENOENT: no such file or directory, open '/x'");
  EXPECT_EQ(call_error(EXDEV, {"rename", "/a", "/b"}).message,
            "EXDEV: cross-device link not permitted, rename '/a' -> '/b'");
  EXPECT_EQ(call_error(EEXIST, {"symlink", "", "/b"}).message,
            "EEXIST: file already exists, symlink '' -> '/b'");
  EXPECT_EQ(call_error(EISDIR, {"read"}).message, "EISDIR: illegal operation on a directory, read");
  EXPECT_EQ(call_error(ENOTSUP, {"chmod", "/l"}).message,
            "ENOTSUP: operation not supported on socket, chmod '/l'");
}

TEST(CallErrorTest, OnlyAMissingFileIsNotFound) {
  EXPECT_EQ(call_error(ENOENT, {"open"}).code, Code::kNotFound);
  for (const int number : {ENOTDIR, EACCES, EMFILE, EINVAL, 123456}) {
    EXPECT_EQ(call_error(number, {"open"}).code, Code::kIo) << number;
  }
}

TEST(CallErrorTest, NumbersWithoutWordsOfNodeHaveThoseOfTheSystem) {
  EXPECT_EQ(call_error(ESTALE, {"open"}).message, "ESTALE: Stale file handle, open");
  EXPECT_EQ(call_error(123456, {"open"}).message, "UNKNOWN: unknown error, open");
}

}  // namespace
}  // namespace isopod::os
