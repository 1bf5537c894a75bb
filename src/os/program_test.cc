// SPDX-License-Identifier: MIT
#include "os/program.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "os/files.h"

namespace isopod::os {
namespace {

class ProgramTest : public ::testing::Test {
 protected:
  enum class Mode { kPlain, kExecutable };
  std::string make(const std::string& name, Mode mode) {
    const std::string path = directory_->path() + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << "#!/bin/sh\n";
    std::filesystem::permissions(path,
                                 std::filesystem::perms(mode == Mode::kExecutable ? 0755 : 0644));
    return path;
  }
  std::unique_ptr<TemporaryDirectory> directory_ = TemporaryDirectory::make("program").value();
};

TEST_F(ProgramTest, TheFirstExecutableFileOfThePathIsMeant) {
  const std::string root = directory_->path();
  make("a/tool", Mode::kPlain);
  std::filesystem::create_directories(root + "/b/tool");
  const std::string wanted = make("c/tool", Mode::kExecutable);
  make("d/tool", Mode::kExecutable);
  const std::string path =
      root + "/none:" + root + "/a:" + root + "/b::" + root + "/c/:" + root + "/d";
  EXPECT_EQ(find_program("tool", path).value(), wanted);
}

TEST_F(ProgramTest, RelativeDirectoriesMeanNothing) {
  make("tool", Mode::kExecutable);
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(directory_->path());
  const auto found = find_program("tool", ".::./");
  std::filesystem::current_path(before);
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, Code::kNotFound);
  EXPECT_EQ(found.error().message, "ENOENT: no such file or directory, spawn tool");
}

TEST_F(ProgramTest, AFileThatCannotBeExecutedSaysSo) {
  make("tool", Mode::kPlain);
  const auto found = find_program("tool", directory_->path());
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, Code::kIo);
  EXPECT_EQ(found.error().message, "EACCES: permission denied, spawn tool");
  EXPECT_FALSE(find_program("", "/usr/bin").has_value());
  EXPECT_FALSE(find_program("../bin/sh", "/usr/bin").has_value());
  EXPECT_FALSE(find_program("sh", "").has_value());
}

TEST(SignalTest, NamesAndNumbersAgree) {
  EXPECT_EQ(signal_number("SIGTERM"), SIGTERM);
  EXPECT_EQ(signal_name(SIGKILL), "SIGKILL");
  for (int number = 1; number < 32; ++number) {
    EXPECT_EQ(signal_number(signal_name(number)), number);
  }
  for (const char* wrong : {"TERM", "sigterm", "SIG", "", "SIGNOPE", "9", "SIG9"}) {
    EXPECT_EQ(signal_number(wrong), 0) << wrong;
  }
  EXPECT_EQ(signal_name(40), "SIG40");
}

}  // namespace
}  // namespace isopod::os
