// SPDX-License-Identifier: MIT
#include "host/entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "host/discovery.h"
#include "os/files.h"

namespace isopod::host {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class EntryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = os::TemporaryDirectory::make("isopod-entry-").value();
    root_ = os::canonical_path(directory_->path()).value();
  }
  std::string at(const std::string& name) const { return root_ + "/" + name; }
  void write(const std::string& name, const std::string& text = "export default () => {};") {
    std::filesystem::create_directories(std::filesystem::path(at(name)).parent_path());
    std::ofstream(at(name)) << text;
  }
  void link(const std::string& target, const std::string& name) {
    std::filesystem::create_symlink(target, at(name));
  }
  /// "id path root" of each entry, paths relative to the directory, or "code message".
  std::vector<std::string> entries(const std::string& name) const {
    const auto found = find_entries(at(name), home_);
    if (!found) return {std::string(to_string(found.error().code)) + " " + found.error().message};
    std::vector<std::string> lines;
    for (const Entry& entry : *found) {
      lines.push_back(entry.id + " " + relative(entry.path) + " " + relative(entry.package_root));
    }
    return lines;
  }
  std::string relative(const std::string& path) const {
    return path.starts_with(root_ + "/") ? path.substr(root_.size() + 1) : path;
  }
  std::vector<std::string> discovered() const {
    std::vector<std::string> names;
    const std::vector<std::string> paths = discover(root_).value();
    for (const std::string& path : paths) names.push_back(relative(path));
    return names;
  }

  std::unique_ptr<os::TemporaryDirectory> directory_;
  std::string root_;
  std::string home_ = "/home-of-nobody";
};

// ---- files ----

TEST_F(EntryTest, AFileIsNamedByItsStemAndOwnsItsDirectory) {
  write("a/hello.world.ts");
  EXPECT_THAT(entries("a/hello.world.ts"), ElementsAre("hello.world a/hello.world.ts a"));
  write("a/noextension");
  EXPECT_THAT(entries("a/noextension"), ElementsAre("noextension a/noextension a"));
  write("a/.hidden.ts");
  EXPECT_THAT(entries("a/.hidden.ts"), ElementsAre(".hidden a/.hidden.ts a"));
  write("a/.ts");
  EXPECT_THAT(entries("a/.ts"), ElementsAre(".ts a/.ts a"));
}

TEST_F(EntryTest, AnIndexFileIsNamedByItsFolder) {
  write("tool/index.ts");
  EXPECT_THAT(entries("tool/index.ts"), ElementsAre("tool tool/index.ts tool"));
}

TEST_F(EntryTest, AFileInAPackageOwnsThePackage) {
  write("pkg/package.json", R"({"name":"named"})");
  write("pkg/src/deep/main.ts");
  EXPECT_THAT(entries("pkg/src/deep/main.ts"), ElementsAre("main pkg/src/deep/main.ts pkg"));
}

TEST_F(EntryTest, APackageFarAboveIsNotTheirs) {
  write("pkg/package.json", "{}");
  write("pkg/1/2/3/4/near.ts");
  write("pkg/1/2/3/4/5/far.ts");
  EXPECT_THAT(entries("pkg/1/2/3/4/near.ts"), ElementsAre("near pkg/1/2/3/4/near.ts pkg"));
  EXPECT_THAT(entries("pkg/1/2/3/4/5/far.ts"),
              ElementsAre("far pkg/1/2/3/4/5/far.ts pkg/1/2/3/4/5"));
}

TEST_F(EntryTest, ThePackageOfAFileIsNeverTheHomeOrAboveIt) {
  write("package.json", "{}");
  write("home/package.json", "{}");
  home_ = at("home");
  write("home/deep/er/a.ts");
  EXPECT_THAT(entries("home/deep/er/a.ts"), ElementsAre("a home/deep/er/a.ts home/deep/er"));
  write("home/mine.ts");
  EXPECT_THAT(entries("home/mine.ts"), ElementsAre("mine home/mine.ts home/mine.ts"));
  write("above.ts");
  EXPECT_THAT(entries("above.ts"), ElementsAre("above above.ts above.ts"));
  write("other/b.ts");
  EXPECT_THAT(entries("other/b.ts"), ElementsAre("b other/b.ts other"));
}

TEST_F(EntryTest, TheSearchForAPackageDoesNotLeaveAHiddenFolder) {
  write("pkg/package.json", "{}");
  write("pkg/.hidden/sub/a.ts");
  EXPECT_THAT(entries("pkg/.hidden/sub/a.ts"),
              ElementsAre("a pkg/.hidden/sub/a.ts pkg/.hidden/sub"));
  write("pkg/.hidden/package.json", "{}");
  EXPECT_THAT(entries("pkg/.hidden/sub/a.ts"), ElementsAre("a pkg/.hidden/sub/a.ts pkg/.hidden"));
}

TEST_F(EntryTest, AnIdHoldsNothingThatDrivesATerminal) {
  write("red\x1b[31m\n.ts");
  const auto found = find_entries(at("red\x1b[31m\n.ts"), home_);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ((*found)[0].id.find_first_of("\x1b\n"), std::string::npos) << (*found)[0].id;
}

TEST_F(EntryTest, ALinkIsWhatItLeadsTo) {
  write("real/tool.ts");
  link("real/tool.ts", "other-name.ts");
  EXPECT_THAT(entries("other-name.ts"), ElementsAre("tool real/tool.ts real"));
  link("nowhere.ts", "broken.ts");
  EXPECT_THAT(entries("broken.ts"), ElementsAre(HasSubstr("not_found ")));
  link("loop-b", "loop-a");
  link("loop-a", "loop-b");
  EXPECT_THAT(entries("loop-a"), ElementsAre(HasSubstr("unreadable ")));
}

TEST_F(EntryTest, WhatIsNeitherFileNorDirectoryIsUnreadable) {
  EXPECT_THAT(entries("absent.ts"), ElementsAre(HasSubstr("not_found there is no file")));
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  EXPECT_THAT(entries("pipe"), ElementsAre(HasSubstr("unreadable ")));
  EXPECT_THAT(entries(std::string(300, 'x')), ElementsAre(HasSubstr("unreadable ")));
  EXPECT_FALSE(find_entries(std::string("/tmp/a\0b", 8), home_).has_value());
  EXPECT_FALSE(find_entries("", home_).has_value());
}

// ---- directories and packages ----

TEST_F(EntryTest, ADirectoryNeedsAnIndexFile) {
  write("dir/index.js");
  EXPECT_THAT(entries("dir"), ElementsAre("dir dir/index.js dir"));
  write("dir/index.ts");
  EXPECT_THAT(entries("dir"), ElementsAre("dir dir/index.ts dir"));
  write("empty/other.ts");
  EXPECT_THAT(entries("empty"), ElementsAre(HasSubstr("no_entry ")));
  std::filesystem::create_directories(at("odd/index.ts"));
  EXPECT_THAT(entries("odd"), ElementsAre(HasSubstr("no_entry ")));
}

TEST_F(EntryTest, APackageIsNamedByItsManifest) {
  write("one/package.json", R"({"name":"@me/one","pi":{"extensions":["./src/main.ts"]}})");
  write("one/src/main.ts");
  EXPECT_THAT(entries("one"), ElementsAre("@me/one one/src/main.ts one"));
  write("plain/package.json", R"({"name":"plain-name"})");
  write("plain/index.ts");
  EXPECT_THAT(entries("plain"), ElementsAre("plain-name plain/index.ts plain"));
  write("nameless/package.json", R"({"pi":{"extensions":["main.ts"]}})");
  write("nameless/main.ts");
  EXPECT_THAT(entries("nameless"), ElementsAre("main nameless/main.ts nameless"));
}

TEST_F(EntryTest, APackageOfSeveralNamesEachAndSkipsWhatIsMissing) {
  write("many/package.json",
        R"({"name":"many","pi":{"extensions":["b.ts","./gone.ts","sub/a.ts","sub"]}})");
  write("many/b.ts");
  write("many/sub/a.ts");
  EXPECT_THAT(entries("many"), ElementsAre("many/b many/b.ts many", "many/a many/sub/a.ts many"));
}

TEST_F(EntryTest, APackageWhoseEntriesAreAllMissingSaysSo) {
  write("gone/package.json", R"({"name":"gone","pi":{"extensions":["a.ts","b.ts"]}})");
  write("gone/index.ts");
  EXPECT_THAT(entries("gone"), ElementsAre(HasSubstr("no_entry none of the files")));
}

TEST_F(EntryTest, AManifestThatIsNoneIsASyntaxErrorOfThatFile) {
  for (const char* text : {"{", "", "[]", "5", "{\"a\":1,}"}) {
    write("broken/package.json", text);
    write("broken/index.ts");
    const auto found = find_entries(at("broken"), home_);
    ASSERT_FALSE(found.has_value()) << text;
    EXPECT_EQ(found.error().code, Code::kSyntax) << text;
    EXPECT_EQ(found.error().where.file, at("broken/package.json")) << text;
  }
}

TEST_F(EntryTest, OddFieldsOfAManifestCountAsAbsent) {
  for (const char* text :
       {R"({"pi":5})", R"({"pi":{"extensions":"a.ts"}})", R"({"pi":{"extensions":["a.ts",5]}})",
        R"({"pi":{"extensions":[]}})", R"({"pi":null,"name":7})"}) {
    write("odd/package.json", text);
    write("odd/index.ts");
    EXPECT_THAT(entries("odd"), ElementsAre("odd odd/index.ts odd")) << text;
  }
}

// ---- discovery ----

TEST_F(EntryTest, DiscoveryFindsFilesAndExtensionFoldersInOrder) {
  for (const char* name : {"b.ts", "a.js", "c.mjs", "types.d.ts", "notes.md", "dir/index.ts",
                           "pkg/main.ts", "no-entry/x.ts", "deep/er/index.ts"}) {
    write(name);
  }
  write("pkg/package.json", R"({"pi":{"extensions":["main.ts"]}})");
  write("broken/package.json", "{");
  write("broken/index.ts");
  EXPECT_THAT(discovered(), ElementsAre("a.js", "b.ts", "dir", "pkg"));
}

TEST_F(EntryTest, DiscoveryFollowsLinksAndSkipsBrokenOnes) {
  write("elsewhere/real.ts");
  write("elsewhere/dir/index.ts");
  link("elsewhere/real.ts", "linked.ts");
  link("elsewhere/dir", "linked-dir");
  link("nowhere", "broken.ts");
  link("loop.ts", "loop.ts");
  ASSERT_EQ(mkfifo(at("pipe.ts").c_str(), 0600), 0);
  EXPECT_THAT(discovered(), ElementsAre("linked-dir", "linked.ts"));
}

TEST_F(EntryTest, DiscoveryOfNoFolderFindsNothing) {
  EXPECT_THAT(discover(at("absent")).value(), IsEmpty());
  write("file.ts");
  EXPECT_THAT(discover(at("file.ts")).value(), IsEmpty());
  EXPECT_FALSE(discover(std::string("/tmp/a\0b", 8)).has_value());
}

}  // namespace
}  // namespace isopod::host
