// SPDX-License-Identifier: MIT
#include "cli/watch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "os/files.h"

namespace isopod::cli {
namespace {

class WatchTest : public ::testing::Test {
 protected:
  std::string at(const std::string& name) { return directory_->path() + "/" + name; }
  void write(const std::string& name, const std::string& text) { std::ofstream(at(name)) << text; }

  /// Whether the watcher returns after `change`; the change is repeated, because the watcher may
  /// not have looked yet when it comes first.
  bool notices(const std::function<void(int)>& change) {
    std::atomic<bool> noticed{false};
    std::thread watcher([&] {
      wait_for_change({directory_->path()});
      noticed = true;
    });
    for (int round = 0; round < 40 && !noticed; ++round) {
      change(round);
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    const bool seen = noticed;
    // Ends the watcher in any case.
    for (int i = 0; !noticed; ++i) {
      write("end" + std::to_string(i) + ".ts", "");
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    watcher.join();
    return seen;
  }

  std::unique_ptr<os::TemporaryDirectory> directory_ =
      os::TemporaryDirectory::make("watch").value();
};

TEST_F(WatchTest, AWrittenFileIsNoticed) {
  write("a.ts", "0");
  EXPECT_TRUE(notices(
      [&](int round) { write("a.ts", std::string(static_cast<std::size_t>(round), 'x')); }));
}

TEST_F(WatchTest, ANewFileBelowIsNoticed) {
  std::filesystem::create_directory(at("lib"));
  EXPECT_TRUE(notices([&](int round) { write("lib/new" + std::to_string(round) + ".ts", ""); }));
}

TEST_F(WatchTest, HiddenFoldersPackagesAndOtherFilesAreNot) {
  std::filesystem::create_directory(at(".git"));
  std::filesystem::create_directory(at("node_modules"));
  EXPECT_FALSE(notices([&](int round) {
    const std::string name = std::to_string(round) + ".ts";
    write(".git/" + name, "");
    write("node_modules/" + name, "");
    write("notes.txt", name);
  }));
}

}  // namespace
}  // namespace isopod::cli
