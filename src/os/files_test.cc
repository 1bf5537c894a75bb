// SPDX-License-Identifier: MIT
#include "os/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace isopod::os {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

class FilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = TemporaryDirectory::make("isopod-files-");
    ASSERT_TRUE(made) << made.error().message;
    directory_ = std::move(*made);
  }

  [[nodiscard]] std::string path(const std::string& name) const {
    return directory_->path() + "/" + name;
  }

  [[nodiscard]] std::string make_file(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }

  std::unique_ptr<TemporaryDirectory> directory_;
};

template <class T>
Code code_of(const Result<T>& result) {
  EXPECT_FALSE(result.has_value());
  return result.has_value() ? Code::kInternal : result.error().code;
}

TEST(SystemError, NamesTheNumberAndPicksACode) {
  struct Case {
    int number;
    Code code;
    const char* name;
  };
  for (const Case& test : std::vector<Case>{
           {ENOENT, Code::kNotFound, "(ENOENT)"},
           {ENOTDIR, Code::kNotFound, "(ENOTDIR)"},
           {EACCES, Code::kUnreadable, "(EACCES)"},
           {EISDIR, Code::kUnreadable, "(EISDIR)"},
           {ELOOP, Code::kInvalidArgument, "(ELOOP)"},
           {ENOSPC, Code::kQuota, "(ENOSPC)"},
           {EMFILE, Code::kQuota, "(EMFILE)"},
           {ENOMEM, Code::kMemory, "(ENOMEM)"},
           {EIO, Code::kUnreadable, "(EIO)"},
           {123456, Code::kUnreadable, "error 123456"},
       }) {
    const Error error = system_error(test.number, "read /x");
    EXPECT_EQ(error.code, test.code) << test.name;
    EXPECT_THAT(error.message, HasSubstr("cannot read /x: "));
    EXPECT_THAT(error.message, HasSubstr(test.name));
  }
}

TEST_F(FilesTest, KindFollowsLinks) {
  const std::string file = make_file("file", "x");
  ASSERT_EQ(::symlink(file.c_str(), path("to_file").c_str()), 0);
  ASSERT_EQ(::symlink("nowhere", path("to_nowhere").c_str()), 0);
  ASSERT_EQ(::symlink("loop", path("loop").c_str()), 0);
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(file_kind(file), FileKind::kFile);
  EXPECT_EQ(file_kind(path("to_file")), FileKind::kFile);
  EXPECT_EQ(file_kind(directory_->path()), FileKind::kDirectory);
  EXPECT_EQ(file_kind(path("pipe")), FileKind::kOther);
  EXPECT_EQ(file_kind(path("absent")), FileKind::kAbsent);
  EXPECT_EQ(file_kind(file + "/below"), FileKind::kAbsent);
  EXPECT_EQ(file_kind(path("to_nowhere")), FileKind::kAbsent);
  EXPECT_EQ(file_kind(""), FileKind::kAbsent);
  EXPECT_EQ(code_of(file_kind(path("loop"))), Code::kInvalidArgument);
  EXPECT_EQ(code_of(file_kind(std::string(10'000, 'a'))), Code::kInvalidArgument);
  EXPECT_EQ(code_of(file_kind(file + "\0"s)), Code::kInvalidArgument);
}

TEST_F(FilesTest, ReadsBinaryContentUpToTheLimit) {
  std::string content = "a\0b\xff"s;
  content += std::string(200'000, 'z');
  const std::string file = make_file("file", content);
  EXPECT_EQ(read_file(file, content.size()), content);
  const auto too_large = read_file(file, content.size() - 1);
  EXPECT_EQ(code_of(too_large), Code::kPayloadTooLarge);
  EXPECT_THAT(too_large.error().message, HasSubstr(file));
  EXPECT_EQ(read_file(make_file("empty", ""), 0), "");
}

TEST_F(FilesTest, ReadsFilesWhoseSizeTheSystemDoesNotKnow) {
  const auto status = read_file("/proc/self/status", 1'000'000);
  ASSERT_TRUE(status);
  EXPECT_THAT(*status, HasSubstr("Pid:"));
}

TEST_F(FilesTest, ReadsOnlyRegularFiles) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(code_of(read_file(path("absent"), 10)), Code::kNotFound);
  EXPECT_EQ(code_of(read_file("file\0"s, 10)), Code::kInvalidArgument);
  const auto pipe = read_file(path("pipe"), 10);
  EXPECT_EQ(code_of(pipe), Code::kUnreadable);
  EXPECT_THAT(pipe.error().message, HasSubstr("no regular file"));
  const auto directory = read_file(directory_->path(), 10);
  EXPECT_EQ(code_of(directory), Code::kUnreadable);
  EXPECT_THAT(directory.error().message, HasSubstr("is a directory"));
  EXPECT_EQ(code_of(read_file("/dev/zero", 10)), Code::kUnreadable);
}

TEST_F(FilesTest, AFileWithoutPermissionIsUnreadable) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const std::string file = make_file("file", "x");
  ASSERT_EQ(::chmod(file.c_str(), 0), 0);
  EXPECT_EQ(code_of(read_file(file, 10)), Code::kUnreadable);
}

TEST_F(FilesTest, CanonicalPathsHaveNoLinksAndNoDots) {
  const std::string file = make_file("file", "x");
  ASSERT_EQ(::symlink("file", path("link").c_str()), 0);
  const auto root = canonical_path(directory_->path());
  ASSERT_TRUE(root);
  EXPECT_EQ(canonical_path(path("link")), *root + "/file");
  EXPECT_EQ(canonical_path(path("./../") + "/" + root->substr(root->rfind('/') + 1)), *root);
  EXPECT_EQ(code_of(canonical_path(path("absent"))), Code::kNotFound);
  EXPECT_EQ(code_of(canonical_path("")), Code::kNotFound);
  EXPECT_EQ(code_of(canonical_path("/\0"s)), Code::kInvalidArgument);
}

TEST_F(FilesTest, ListsEntriesSortedWithTheirOwnKind) {
  static_cast<void>(make_file("b", ""));
  static_cast<void>(make_file(".hidden", ""));
  ASSERT_EQ(::mkdir(path("a").c_str(), 0700), 0);
  ASSERT_EQ(::symlink("a", path("link").c_str()), 0);
  const auto entries = list_directory(directory_->path());
  ASSERT_TRUE(entries);
  std::vector<std::pair<std::string, FileKind>> seen;
  for (const DirectoryEntry& entry : *entries) seen.emplace_back(entry.name, entry.kind);
  EXPECT_EQ(seen, (std::vector<std::pair<std::string, FileKind>>{{".hidden", FileKind::kFile},
                                                                 {"a", FileKind::kDirectory},
                                                                 {"b", FileKind::kFile},
                                                                 {"link", FileKind::kOther}}));
  EXPECT_EQ(code_of(list_directory(directory_->path(), 3)), Code::kPayloadTooLarge);
  EXPECT_TRUE(list_directory(directory_->path(), 4));
  EXPECT_EQ(code_of(list_directory(path("b"))), Code::kNotFound);
  EXPECT_EQ(code_of(list_directory(path("absent"))), Code::kNotFound);
}

unsigned mode_of(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST_F(FilesTest, AtomicWriteCreatesAndReplaces) {
  const std::string file = path("settings");
  ASSERT_TRUE(write_file_atomically(file, "one\0two"s));
  EXPECT_EQ(read_file(file, 100), "one\0two"s);
  EXPECT_EQ(mode_of(file), 0600U);
  ASSERT_TRUE(write_file_atomically(file, "", 0644));
  EXPECT_EQ(read_file(file, 100), "");
  EXPECT_EQ(mode_of(file), 0644U);
  EXPECT_EQ(list_directory(directory_->path())->size(), 1U);
}

TEST_F(FilesTest, AtomicWriteReplacesALinkInsteadOfFollowingIt) {
  const std::string target = make_file("target", "kept");
  ASSERT_EQ(::symlink("target", path("link").c_str()), 0);
  ASSERT_TRUE(write_file_atomically(path("link"), "new"));
  EXPECT_EQ(read_file(target, 100), "kept");
  EXPECT_EQ(read_file(path("link"), 100), "new");
  EXPECT_FALSE(std::filesystem::is_symlink(path("link")));
}

TEST_F(FilesTest, AFailedAtomicWriteLeavesEverythingAsItWas) {
  ASSERT_EQ(::mkdir(path("in_the_way").c_str(), 0700), 0);
  EXPECT_FALSE(write_file_atomically(path("in_the_way"), "x"));
  EXPECT_EQ(code_of(write_file_atomically(path("absent/file"), "x")), Code::kNotFound);
  EXPECT_EQ(code_of(write_file_atomically(path("a\0b"s), "x")), Code::kInvalidArgument);
  EXPECT_EQ(list_directory(directory_->path())->size(), 1U);
}

TEST_F(FilesTest, AReaderSeesTheOldContentOrTheNew) {
  const std::string file = path("file");
  const std::string old_content(100'000, 'o');
  const std::string new_content(120'000, 'n');
  ASSERT_TRUE(write_file_atomically(file, old_content));
  std::jthread writer([&file, &old_content, &new_content](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      static_cast<void>(write_file_atomically(file, new_content));
      static_cast<void>(write_file_atomically(file, old_content));
    }
  });
  for (int i = 0; i < 200; ++i) {
    const auto content = read_file(file, 1'000'000);
    ASSERT_TRUE(content);
    ASSERT_TRUE(*content == old_content || *content == new_content) << content->size();
  }
}

TEST_F(FilesTest, TemporaryDirectoryIsPrivateAndGoesAway) {
  ASSERT_EQ(::mkdir(path("kept").c_str(), 0700), 0);
  static_cast<void>(make_file("kept/file", "x"));
  std::string gone;
  {
    auto made = TemporaryDirectory::make("isopod-files-");
    ASSERT_TRUE(made);
    gone = (*made)->path();
    EXPECT_EQ(mode_of(gone), 0700U);
    std::filesystem::create_directories(gone + "/a/b/c");
    ASSERT_EQ(::symlink(path("kept").c_str(), (gone + "/a/link").c_str()), 0);
  }
  EXPECT_EQ(file_kind(gone), FileKind::kAbsent);
  EXPECT_EQ(file_kind(path("kept/file")), FileKind::kFile);
}

TEST_F(FilesTest, DescriptorsAreNotLeaked) {
  const std::string file = make_file("file", "x");
  const auto count = [] { return list_directory("/proc/self/fd")->size(); };
  const std::size_t before = count();
  for (int i = 0; i < 20; ++i) {
    static_cast<void>(read_file(file, 0));
    static_cast<void>(read_file(directory_->path(), 0));
    static_cast<void>(list_directory(directory_->path(), 0));
    static_cast<void>(write_file_atomically(file, "y"));
    static_cast<void>(write_file_atomically(directory_->path(), "y"));
  }
  EXPECT_EQ(count(), before);
}

}  // namespace
}  // namespace isopod::os
