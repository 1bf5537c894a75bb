// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include "hostcall/fs_test_support.h"

/// Links and folders that are exchanged while calls are under way: nothing outside is read, changed
/// or made, whenever the exchange happens.
namespace isopod::hostcall {
namespace {

using enum protocol::Opcode;

class FsRacesTest : public FsTest {
 protected:
  static constexpr int kRounds = 2500;

  FsRacesTest() {
    write("inside/mine", "MINE");
    std::filesystem::create_directory(at("inside/folder"));
    write("inside/folder/secret", "MINE");
  }

  /// Exchanges what `inside/swapped` leads to for as long as `body` runs, at least `kRounds` times.
  template <class Body>
  void while_swapping(const std::string& first, const std::string& second, Body body) {
    std::atomic<bool> stop = false;
    std::atomic<int> swaps = 0;
    link(first, "inside/swapped");
    std::jthread swapper([&] {
      const std::string next = at("inside/next");
      while (!stop) {
        const std::string& target = swaps % 2 == 0 ? second : first;
        EXPECT_EQ(::symlink(target.c_str(), next.c_str()), 0);
        EXPECT_EQ(::rename(next.c_str(), at("inside/swapped").c_str()), 0);
        ++swaps;
      }
    });
    for (int round = 0; round < kRounds || swaps < kRounds; ++round) body();
    stop = true;
  }

  /// Everything outside is as it was.
  void expect_outside_untouched() {
    EXPECT_EQ(content("outside/secret"), "SECRET");
    EXPECT_EQ(os::list_directory(at("outside"))->size(), 1U);
    struct stat status = {};
    ASSERT_EQ(::stat(at("outside/secret").c_str(), &status), 0);
    EXPECT_EQ(status.st_nlink, 1U);
    EXPECT_NE(status.st_mode & 07777, 0123U);
  }

  int served_ = 0;
  int refused_ = 0;
  void count(const protocol::Outcome& outcome) {
    ++(outcome.status == protocol::Status::kOk ? served_ : refused_);
  }
};

TEST_F(FsRacesTest, ReadingThroughALinkThatChanges) {
  while_swapping("mine", at("outside/secret"), [&] {
    const protocol::Outcome read =
        call(kFsRead, {{"path", at("inside/swapped")}, {"encoding", "utf8"}});
    count(read);
    if (read.status == protocol::Status::kOk) {
      ASSERT_EQ(json_string(read.value, "data"), "MINE");
    }
    const protocol::Outcome stat = call(kFsStat, {{"path", at("inside/swapped")}});
    if (stat.status == protocol::Status::kOk) {
      ASSERT_EQ(stat.value["size"], 4);
    }
  });
  EXPECT_GT(served_, 0);
  EXPECT_GT(refused_, 0);
}

TEST_F(FsRacesTest, ReadingThroughAFolderThatChanges) {
  while_swapping("folder", at("outside"), [&] {
    const protocol::Outcome read =
        call(kFsRead, {{"path", at("inside/swapped/secret")}, {"encoding", "utf8"}});
    count(read);
    if (read.status == protocol::Status::kOk) {
      ASSERT_EQ(json_string(read.value, "data"), "MINE");
    }
    const protocol::Outcome copy =
        call(kFsCopy, {{"from", at("inside/swapped/secret")}, {"to", at("inside/copy")}});
    if (copy.status == protocol::Status::kOk) {
      ASSERT_EQ(content("inside/copy"), "MINE");
    }
  });
  EXPECT_GT(served_, 0);
  EXPECT_GT(refused_, 0);
}

TEST_F(FsRacesTest, WritingThroughALinkThatChanges) {
  while_swapping("mine", at("outside/secret"), [&] {
    count(call(kFsWrite, {{"path", at("inside/swapped")}, {"data", "EVIL"}, {"encoding", "utf8"}}));
    call(kFsTruncate, {{"path", at("inside/swapped")}, {"length", 0}});
    call(kFsChange, {{"path", at("inside/swapped")}, {"mode", 0123}});
    call(kFsCopy, {{"from", at("inside/folder/secret")}, {"to", at("inside/swapped")}});
  });
  EXPECT_GT(served_, 0);
  EXPECT_GT(refused_, 0);
  expect_outside_untouched();
}

TEST_F(FsRacesTest, MakingThroughAFolderOrDanglingLinkThatChanges) {
  while_swapping("folder", at("outside"), [&] {
    count(call(kFsWrite,
               {{"path", at("inside/swapped/new")}, {"data", "EVIL"}, {"encoding", "utf8"}}));
    call(kFsMakeDirectory, {{"path", at("inside/swapped/a/b")}, {"recursive", true}});
    call(kFsSymlink, {{"target", "x"}, {"path", at("inside/swapped/link")}});
    call(kFsLink, {{"from", at("inside/mine")}, {"to", at("inside/swapped/hard")}});
    call(kFsMakeTemporary, {{"prefix", at("inside/swapped/t")}});
    call(kFsRemove, {{"path", at("inside/swapped/a")}, {"kind", "any"}, {"recursive", true}});
    call(kFsRemove, {{"path", at("inside/swapped/new")}, {"kind", "file"}});
  });
  EXPECT_GT(served_, 0);
  EXPECT_GT(refused_, 0);
  expect_outside_untouched();
}

TEST_F(FsRacesTest, RemovingAndMovingThroughAFolderThatChanges) {
  while_swapping("folder", at("outside"), [&] {
    count(call(kFsRemove, {{"path", at("inside/swapped/secret")}, {"kind", "file"}}));
    write("inside/folder/secret", "MINE");
    call(kFsRename, {{"from", at("inside/swapped/secret")}, {"to", at("inside/moved")}});
    call(kFsLink, {{"from", at("inside/swapped/secret")}, {"to", at("inside/linked")}});
    for (const char* name : {"inside/moved", "inside/linked"}) {
      if (exists(name)) {
        ASSERT_EQ(content(name), "MINE");
      }
      ::unlink(at(name).c_str());
    }
    write("inside/folder/secret", "MINE");
  });
  EXPECT_GT(served_, 0);
  EXPECT_GT(refused_, 0);
  expect_outside_untouched();
}

TEST_F(FsRacesTest, RemovingATreeWhoseFoldersBecomeLinks) {
  std::atomic<bool> stop = false;
  std::jthread swapper([&] {
    while (!stop) {
      ::rename(at("inside/tree/sub").c_str(), at("inside/tree/was").c_str());
      static_cast<void>(::symlink(at("outside").c_str(), at("inside/tree/sub").c_str()));
      ::unlink(at("inside/tree/sub").c_str());
      ::rename(at("inside/tree/was").c_str(), at("inside/tree/sub").c_str());
    }
  });
  for (int round = 0; round < 500; ++round) {
    // Made without following what the swapper puts there.
    ::mkdir(at("inside/tree").c_str(), 0700);
    ::mkdir(at("inside/tree/sub").c_str(), 0700);
    const os::OwnedDescriptor sub(
        ::open(at("inside/tree/sub").c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    ::mkdirat(sub.number(), "deep", 0700);
    call(kFsRemove, {{"path", at("inside/tree")}, {"kind", "any"}, {"recursive", true}});
    const protocol::Outcome list = call(kFsList, {{"path", at("inside")}, {"recursive", true}});
    if (list.status == protocol::Status::kOk) {
      ASSERT_EQ(list.value.dump().find("sub/secret"), std::string::npos);
    }
  }
  stop = true;
  expect_outside_untouched();
}

}  // namespace
}  // namespace isopod::hostcall
