// SPDX-License-Identifier: MIT
#include "host/session_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "os/files.h"

namespace isopod::host {
namespace {

class ListLog final : public LogSink {
 public:
  void write(LogLevel, std::string_view, std::string_view text) override {
    lines.emplace_back(text);
  }
  std::vector<std::string> lines;
};

class SessionFileTest : public ::testing::Test {
 protected:
  std::string at(const std::string& name) const { return directory_->path() + "/" + name; }
  Result<std::unique_ptr<registry::Session>> open(const std::string& file) {
    return open_session({"/work", file}, clock_, random_, log_);
  }
  static std::string content(const std::string& path) {
    return os::read_file(path, 1 << 20).value();
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(at(name), std::ios::binary) << text;
  }

  std::unique_ptr<os::TemporaryDirectory> directory_ =
      os::TemporaryDirectory::make("session").value();
  SystemClock clock_;
  SystemRandom random_;
  ListLog log_;
};

TEST_F(SessionFileTest, WithoutAFileItIsInMemory) {
  const auto session = open("").value();
  ASSERT_TRUE(session->append("custom", {}));
  EXPECT_TRUE(session->info()["file"].is_null());
}

TEST_F(SessionFileTest, TheFileIsMadeByTheFirstEntryAndContinued) {
  Json entries;
  {
    const auto session = open(at("s.jsonl")).value();
    EXPECT_FALSE(std::filesystem::exists(at("s.jsonl")));
    ASSERT_TRUE(session->append("custom", {{"data", 1}}));
    ASSERT_TRUE(session->set_name("n"));
    entries = session->entries();
  }
  const auto session = open(at("s.jsonl")).value();
  EXPECT_EQ(session->entries(), entries);
  EXPECT_EQ(session->name(), "n");
  EXPECT_EQ(session->info()["file"], at("s.jsonl"));
  EXPECT_TRUE(log_.lines.empty());
}

TEST_F(SessionFileTest, TwoHostsDoNotShareAFile) {
  const auto first = open(at("s.jsonl")).value();
  const auto second = open(at("s.jsonl")).value();
  ASSERT_TRUE(first->append("custom", {}));
  EXPECT_EQ(second->append("custom", {}).error().code, Code::kIo);
  EXPECT_EQ(open(at("s.jsonl")).error().code, Code::kIo);
}

TEST_F(SessionFileTest, BadLinesAreLoggedAndKept) {
  std::string text = "{\"type\":\"session\",\"version\":3,\"id\":\"s\"}\n";
  for (int i = 0; i < 30; ++i) text += "gar\x1b[31mbage\n";
  write("s.jsonl", text);
  const auto session = open(at("s.jsonl")).value();
  ASSERT_EQ(log_.lines.size(), 21U);
  EXPECT_TRUE(log_.lines[0].starts_with("session " + at("s.jsonl") + " line 2: ")) << log_.lines[0];
  EXPECT_NE(log_.lines.back().find("10 more"), std::string::npos);
  ASSERT_TRUE(session->append("custom", {}));
  EXPECT_TRUE(content(at("s.jsonl")).starts_with(text));
}

TEST_F(SessionFileTest, AnOldFileIsReplacedBehindItsLinkAndStaysLocked) {
  write("old.jsonl", "{\"type\":\"session\",\"id\":\"s\"}\n{\"type\":\"custom\"}\n");
  std::filesystem::create_symlink("old.jsonl", at("link"));
  const auto session = open(at("link")).value();
  ASSERT_TRUE(session->append("custom", {}));
  ASSERT_TRUE(session->append("custom", {}));
  EXPECT_TRUE(std::filesystem::is_symlink(at("link")));
  EXPECT_NE(content(at("old.jsonl")).find("\"version\":3"), std::string::npos);
  EXPECT_EQ(open(at("old.jsonl")).error().code, Code::kIo);
}

TEST_F(SessionFileTest, WhatCannotHoldASessionIsRefusedAtOnce) {
  EXPECT_EQ(open("s.jsonl").error().code, Code::kInvalidArgument);
  EXPECT_EQ(open(at("absent/s.jsonl")).error().code, Code::kNotFound);
  EXPECT_EQ(open(directory_->path()).error().code, Code::kUnreadable);
  write("notes.txt", "hello\n");
  const auto refused = open(at("notes.txt"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
  EXPECT_NE(refused.error().message.find("notes.txt"), std::string::npos);
  EXPECT_EQ(content(at("notes.txt")), "hello\n");
}

}  // namespace
}  // namespace isopod::host
