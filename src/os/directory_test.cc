// SPDX-License-Identifier: MIT
#include "os/directory.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>

#include "os/files.h"
#include "os/path_open.h"

namespace isopod::os {
namespace {

class DirectoryTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string at(const std::string& name) const { return root_ + "/" + name; }
  SystemResult<> remove(const std::string& name) {
    return remove_tree({root_folder_, name}, {[](const OwnedDescriptor&) { return true; }});
  }
  std::unique_ptr<TemporaryDirectory> directory_ = TemporaryDirectory::make("directory").value();
  const std::string root_ = canonical_path(directory_->path()).value();
  const OwnedDescriptor root_folder_ = open_path(root_, Follow::kLinks).value();
};

TEST_F(DirectoryTest, RemovesATreeWithoutFollowingLinks) {
  std::filesystem::create_directories(at("tree/a/b"));
  std::filesystem::create_directories(at("tree/c"));
  std::filesystem::create_directories(at("kept"));
  std::ofstream(at("kept/file")) << "x";
  std::ofstream(at("tree/a/b/file")) << "x";
  std::filesystem::create_symlink(at("kept"), at("tree/a/link"));
  ASSERT_TRUE(remove("tree"));
  EXPECT_FALSE(std::filesystem::exists(at("tree")));
  EXPECT_TRUE(std::filesystem::exists(at("kept/file")));
  std::filesystem::create_symlink(at("kept"), at("link"));
  ASSERT_TRUE(remove("link"));
  EXPECT_TRUE(std::filesystem::exists(at("kept/file")));
  EXPECT_EQ(remove("link").error(), ENOENT);
}

TEST_F(DirectoryTest, DepthCostsNoDescriptors) {
  OwnedDescriptor folder = open_path(root_, Follow::kLinks).value();
  const std::string name = "deep";
  for (int depth = 0; depth < 3000; ++depth) {
    ASSERT_TRUE(make_folder({folder, name}, 0700));
    folder = open_entry(folder, name).value();
  }
  folder = OwnedDescriptor();
  rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few = {64, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  const auto removed = remove(name);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(removed);
  EXPECT_FALSE(std::filesystem::exists(at("deep")));
}

TEST_F(DirectoryTest, AFolderThatMayNotBeEmptiedEndsIt) {
  std::filesystem::create_directories(at("tree/kept/inner"));
  const auto removed = remove_tree({root_folder_, "tree"}, {[&](const OwnedDescriptor& folder) {
                                     return real_path(folder).value() != at("tree/kept");
                                   }});
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error(), ECANCELED);
  EXPECT_TRUE(std::filesystem::exists(at("tree/kept/inner")));
}

TEST_F(DirectoryTest, AFolderThatIsMovedAwayEndsIt) {
  std::filesystem::create_directories(at("tree/sub/inner"));
  std::filesystem::create_directories(at("elsewhere"));
  const auto removed =
      remove_tree({root_folder_, "tree"}, {[&](const OwnedDescriptor& folder) {
                    if (real_path(folder).value() == at("tree/sub/inner"))
                      std::filesystem::rename(at("tree/sub/inner"), at("elsewhere/inner"));
                    return true;
                  }});
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error(), EBUSY);
  EXPECT_TRUE(std::filesystem::exists(at("elsewhere/inner")));
}

}  // namespace
}  // namespace isopod::os
