// SPDX-License-Identifier: MIT
#include "os/path_open.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "os/file_content.h"
#include "os/file_status.h"
#include "os/files.h"

namespace isopod::os {
namespace {

class PathOpenTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string at(const std::string& name) const { return root_ + "/" + name; }
  void write(const std::string& name, std::string_view content) const {
    std::ofstream(at(name), std::ios::binary) << content;
  }
  std::unique_ptr<TemporaryDirectory> directory_ = TemporaryDirectory::make("path").value();
  const std::string root_ = canonical_path(directory_->path()).value();
};

template <class T>
int number_of(const SystemResult<T>& result) {
  return result.has_value() ? 0 : result.error();
}

TEST_F(PathOpenTest, TellsWhereAPathReallyLeads) {
  write("a", "x");
  std::filesystem::create_symlink("a", at("l"));
  EXPECT_EQ(real_path(*open_path(at("l"), Follow::kLinks)).value(), at("a"));
  EXPECT_EQ(real_path(*open_path(at("l"), Follow::kNoLastLink)).value(), at("l"));
  EXPECT_EQ(read_link(*open_path(at("l"), Follow::kNoLastLink)).value(), "a");
  EXPECT_EQ(number_of(read_link(*open_path(at("a"), Follow::kNoLastLink))), EINVAL);
  EXPECT_EQ(number_of(open_path(at("no"), Follow::kLinks)), ENOENT);
  EXPECT_EQ(number_of(open_path("/" + std::string(5000, 'a'), Follow::kLinks)), ENAMETOOLONG);
  EXPECT_EQ(number_of(open_path("/proc/self/root/etc", Follow::kLinks)), ELOOP);
}

TEST_F(PathOpenTest, ARemovedFileIsNowhereButItsNameMayLookSo) {
  write("a", "x");
  write("b (deleted)", "x");
  const auto removed = open_path(at("a"), Follow::kLinks);
  std::filesystem::remove(at("a"));
  EXPECT_EQ(number_of(real_path(*removed)), ENOENT);
  write("a (deleted)", "another file");
  EXPECT_EQ(number_of(real_path(*removed)), ENOENT);
  EXPECT_EQ(real_path(*open_path(at("b (deleted)"), Follow::kLinks)).value(), at("b (deleted)"));
}

TEST_F(PathOpenTest, ReopensTheNamedFileWhateverThePathLeadsToNow) {
  write("a", "first");
  const auto node = open_path(at("a"), Follow::kLinks);
  std::filesystem::rename(at("a"), at("b"));
  write("a", "second");
  const auto file = reopen(*node, {});
  EXPECT_EQ(read_bytes(*file, {.length = 100}).value(), "first");
  EXPECT_EQ(real_path(*node).value(), at("b"));
}

TEST_F(PathOpenTest, FoldersBeneathAreReachedWithoutLinks) {
  std::filesystem::create_directories(at("d/e"));
  std::filesystem::create_symlink("e", at("d/l"));
  const auto root = open_path(at("d"), Follow::kLinks);
  EXPECT_TRUE(open_folder_beneath(*root, "e"));
  EXPECT_EQ(number_of(open_folder_beneath(*root, "l")), ENOTDIR);
  EXPECT_EQ(number_of(open_folder_beneath(*root, "l/.")), ELOOP);
  EXPECT_EQ(number_of(open_folder_beneath(*root, "..")), EXDEV);
  EXPECT_EQ(number_of(open_folder_beneath(*root, "/")), EXDEV);
}

TEST_F(PathOpenTest, ANewFileIsNewAndNoLink) {
  std::filesystem::create_symlink("nowhere", at("l"));
  const auto root = open_path(root_, Follow::kLinks);
  const OpenFlags flags = {.access = OpenFlags::Access::kWrite, .create = true};
  EXPECT_EQ(number_of(create_file(*root, {"l", flags})), EEXIST);
  EXPECT_EQ(number_of(create_file(*root, {"a", flags, 0600})), 0);
  EXPECT_EQ(number_of(create_file(*root, {"a", flags, 0600})), EEXIST);
  EXPECT_EQ(file_status(*open_path(at("a"), Follow::kLinks))->mode, 0100600U);
  EXPECT_FALSE(std::filesystem::exists(at("nowhere")));
}

TEST(OpenFlagsTest, SaysWhatMayHappen) {
  EXPECT_FALSE(parse_open_flags(O_RDONLY)->writes());
  EXPECT_TRUE(parse_open_flags(O_RDONLY | O_TRUNC)->writes());
  EXPECT_TRUE(parse_open_flags(O_RDONLY | O_CREAT)->writes());
  EXPECT_TRUE(parse_open_flags(O_RDWR)->reads());
  EXPECT_FALSE(parse_open_flags(O_WRONLY | O_APPEND)->reads());
  EXPECT_FALSE(parse_open_flags(O_EXCL)->exclusive);
  EXPECT_TRUE(parse_open_flags(O_CREAT | O_EXCL)->exclusive);
  for (const int bits : {O_PATH, O_TMPFILE, O_ACCMODE, O_DIRECT}) {
    EXPECT_EQ(number_of(parse_open_flags(static_cast<unsigned>(bits))), EINVAL) << bits;
  }
}

TEST_F(PathOpenTest, OnlyHarmlessThingsAreHarmlessToOpen) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  write("a", "");
  const auto is_harmless = [](const std::string& path) {
    return file_status(*open_path(path, Follow::kLinks))->is_harmless_to_open();
  };
  EXPECT_TRUE(is_harmless(at("a")) && is_harmless(root_) && is_harmless("/dev/null"));
  EXPECT_FALSE(is_harmless(at("pipe")));
  EXPECT_FALSE(is_harmless("/dev/tty"));
}

}  // namespace
}  // namespace isopod::os
