// SPDX-License-Identifier: MIT
#include "os/append_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "os/files.h"

namespace isopod::os {
namespace {

class AppendFileTest : public ::testing::Test {
 protected:
  std::string at(const std::string& name) const { return directory_->path() + "/" + name; }
  std::unique_ptr<TemporaryDirectory> directory_ = TemporaryDirectory::make("append").value();
};

TEST_F(AppendFileTest, AFileIsMadeOnceAndPrivate) {
  const auto file = AppendFile::create(at("a")).value();
  ASSERT_TRUE(file->append("one\n"));
  ASSERT_TRUE(file->append("two\n"));
  EXPECT_EQ(read_file(at("a"), 100).value(), "one\ntwo\n");
  EXPECT_EQ(file->read(8).value(), "one\ntwo\n");
  EXPECT_EQ(file->read(7).error().code, Code::kPayloadTooLarge);
  struct stat status = {};
  ASSERT_EQ(::stat(at("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(AppendFile::create(at("a")).error().code, Code::kIo);
}

TEST_F(AppendFileTest, OnlyOneHolderAtATime) {
  auto first = AppendFile::create(at("a")).value();
  const auto second = AppendFile::open(at("a"));
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, Code::kIo);
  EXPECT_EQ(second.error().message, at("a") + " is in use by another process");
  first.reset();
  EXPECT_TRUE(AppendFile::open(at("a")).has_value());
}

TEST_F(AppendFileTest, WhatIsThereStays) {
  std::ofstream(at("a")) << "before\n";
  ASSERT_TRUE(AppendFile::open(at("a")).value()->append("after\n"));
  EXPECT_EQ(read_file(at("a"), 100).value(), "before\nafter\n");
  std::filesystem::create_symlink("a", at("link"));
  ASSERT_TRUE(AppendFile::open(at("link")).value()->append("more\n"));
  EXPECT_EQ(read_file(at("a"), 100).value(), "before\nafter\nmore\n");
}

TEST_F(AppendFileTest, OnlyRegularFilesAreOpened) {
  EXPECT_EQ(AppendFile::open(at("absent")).error().code, Code::kNotFound);
  EXPECT_EQ(AppendFile::create(at("absent/a")).error().code, Code::kNotFound);
  EXPECT_EQ(AppendFile::open(directory_->path()).error().code, Code::kUnreadable);
  ASSERT_EQ(::mkfifo(at("fifo").c_str(), 0600), 0);
  EXPECT_EQ(AppendFile::open(at("fifo")).error().code, Code::kUnreadable);
  EXPECT_EQ(AppendFile::open("/dev/null").error().code, Code::kUnreadable);
  EXPECT_EQ(AppendFile::open(std::string("/tmp/a\0b", 8)).error().code, Code::kInvalidArgument);
}

TEST_F(AppendFileTest, AFailedAppendLeavesNothingBehind) {
  const auto file = AppendFile::create(at("a")).value();
  ASSERT_TRUE(file->append("kept\n"));
  rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small = {8, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Result<> appended = file->append("0123456789\n");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(appended.has_value());
  EXPECT_EQ(read_file(at("a"), 100).value(), "kept\n");
  ASSERT_TRUE(file->append("next\n"));
  EXPECT_EQ(read_file(at("a"), 100).value(), "kept\nnext\n");
}

}  // namespace
}  // namespace isopod::os
