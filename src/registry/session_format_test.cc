// SPDX-License-Identifier: MIT
#include "registry/session_format.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

namespace isopod::registry {
namespace {

constexpr const char* kHeader = R"({"type":"session","version":3,"id":"s"})";

SystemRandom& random() {
  static SystemRandom source;
  return source;
}

SessionText read(const std::string& text) {
  Result<SessionText> parsed = parse_session(text, random());
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed ? *std::move(parsed) : SessionText();
}

/// A session of version 3 with these lines below the header.
SessionText read_lines(const std::string& lines) {
  return read(std::string(kHeader) + "\n" + lines);
}

std::string problems_of(const SessionText& session) {
  std::string text;
  for (const SessionProblem& problem : session.problems) {
    text += std::to_string(problem.line) + " " + problem.message + "\n";
  }
  return text;
}

TEST(SessionFormatTest, NothingIsAnEmptySession) {
  EXPECT_TRUE(read("").header.is_null());
  EXPECT_TRUE(read("\n \r\n").header.is_null());
}

TEST(SessionFormatTest, BadLinesAreToldByNumberAndTheRestIsRead) {
  const SessionText session = read_lines(
      "garbage\n\n{\"type\":\"custom\",\"id\":\"a\",\"parentId\":null}\n7\n{\"type\":\"custom\"}\n"
      "{\"id\":\"x\"}\n{\"type\":\"custom\",\"id\":\"b\",\"parentId\":5}\n" +
      std::string(kHeader) + "\n{\"type\":\"custom\",\"id\":\"c\",\"parentId\":\"a\"}\n");
  ASSERT_EQ(session.entries.size(), 2U);
  EXPECT_EQ(session.entries[1]["id"], "c");
  std::string numbers;
  for (const SessionProblem& problem : session.problems) {
    numbers += std::to_string(problem.line) + " ";
  }
  EXPECT_EQ(numbers, "2 5 6 7 8 9 ");
  EXPECT_TRUE(session.migrated.empty());
}

TEST(SessionFormatTest, GarbageInFrontOfTheHeaderDoesNotHideIt) {
  EXPECT_EQ(read("garbage\n" + std::string(kHeader) + "\n").header["id"], "s");
}

TEST(SessionFormatTest, ByteOrderMarksAndWindowsLineEndsAreRead) {
  const SessionText session =
      read("\xEF\xBB\xBF" + std::string(kHeader) + "\r\n{\"type\":\"custom\",\"id\":\"a\"}\r\n");
  EXPECT_EQ(session.header["id"], "s");
  EXPECT_EQ(session.entries.size(), 1U);
  EXPECT_EQ(problems_of(session), "");
}

TEST(SessionFormatTest, ALineWithoutItsEndIsReadWhenItIsWhole) {
  const SessionText session = read_lines("{\"type\":\"custom\",\"id\":\"a\"}");
  EXPECT_EQ(session.entries.size(), 1U);
  EXPECT_EQ(session.end, SessionText::End::kCut);
  EXPECT_EQ(read_lines("").end, SessionText::End::kWhole);
}

TEST(SessionFormatTest, AHugeLineIsALine) {
  const std::string data(8U << 20, 'x');
  const SessionText session =
      read_lines("{\"type\":\"custom\",\"id\":\"a\",\"data\":\"" + data + "\"}\n");
  ASSERT_EQ(session.entries.size(), 1U);
  EXPECT_EQ(json_string(session.entries[0], "data").size(), data.size());
}

TEST(SessionFormatTest, DeepNestingIsABadLine) {
  const SessionText session = read_lines(std::string(100'000, '[') + "\n");
  EXPECT_TRUE(session.entries.empty());
  EXPECT_EQ(session.problems.size(), 1U);
}

TEST(SessionFormatTest, OddTreesAreToldAndKept) {
  const SessionText session = read_lines(
      "{\"type\":\"custom\",\"id\":\"a\",\"parentId\":\"gone\"}\n"
      "{\"type\":\"custom\",\"id\":\"b\",\"parentId\":\"c\"}\n"
      "{\"type\":\"custom\",\"id\":\"c\",\"parentId\":\"b\"}\n"
      "{\"type\":\"custom\",\"id\":\"a\",\"parentId\":null}\n"
      "{\"type\":\"custom\",\"id\":\"d\",\"parentId\":\"d\"}\n");
  EXPECT_EQ(session.entries.size(), 5U);
  EXPECT_EQ(problems_of(session),
            "5 the id a is used twice; the later entry has it\n"
            "2 its parent gone does not exist\n"
            "3 it is its own ancestor\n"
            "6 it is its own ancestor\n");
}

TEST(SessionFormatTest, ANewerVersionIsReadAndTold) {
  const SessionText session =
      read("{\"type\":\"session\",\"version\":4,\"id\":\"s\"}\n{\"type\":\"x\",\"id\":\"a\"}\n");
  EXPECT_EQ(session.entries.size(), 1U);
  EXPECT_EQ(problems_of(session), "0 it is of the newer version 4\n");
}

TEST(SessionFormatTest, VersionOneGetsIdsAndParents) {
  const SessionText session = read(
      "{\"type\":\"session\",\"id\":\"s\",\"cwd\":\"/w\"}\n"
      "{\"type\":\"message\",\"message\":{\"role\":\"user\"}}\n"
      "{\"type\":\"message\",\"message\":{\"role\":\"hookMessage\"}}\n"
      "{\"type\":\"compaction\",\"firstKeptEntryIndex\":2}\n"
      "{\"type\":\"compaction\",\"firstKeptEntryIndex\":99}\n"
      "{\"type\":\"compaction\",\"firstKeptEntryIndex\":-1}\n");
  ASSERT_EQ(session.entries.size(), 5U);
  EXPECT_TRUE(session.entries[0]["parentId"].is_null());
  EXPECT_EQ(session.entries[1]["parentId"], session.entries[0]["id"]);
  EXPECT_EQ(session.entries[1]["message"]["role"], "custom");
  EXPECT_EQ(session.entries[2]["firstKeptEntryId"], session.entries[1]["id"]);
  for (std::size_t i = 2; i < 5; ++i) {
    EXPECT_FALSE(session.entries[i].contains("firstKeptEntryIndex"));
  }
  EXPECT_FALSE(session.entries[3].contains("firstKeptEntryId"));
  EXPECT_EQ(session.header["version"], 3);
  const SessionText again = read(session.migrated);
  EXPECT_EQ(again.entries, session.entries);
  EXPECT_TRUE(again.migrated.empty());
}

TEST(SessionFormatTest, IdsOfVersionOneAreDifferentAndNeverTheHeaders) {
  class Repeating final : public Random {
   public:
    void fill(std::span<std::uint8_t> bytes) override {
      for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(calls_ / 2);
      ++calls_;
    }

   private:
    int calls_ = 0;
  } repeating;
  const Result<SessionText> session = parse_session(
      "{\"type\":\"session\",\"id\":\"s\"}\n{\"type\":\"custom\"}\n"
      "{\"type\":\"compaction\",\"firstKeptEntryIndex\":0}\n",
      repeating);
  ASSERT_TRUE(session.has_value());
  EXPECT_NE(session->entries[0]["id"], session->entries[1]["id"]);
  EXPECT_FALSE(session->entries[1].contains("firstKeptEntryId"));
}

TEST(SessionFormatTest, VersionTwoKeepsItsIds) {
  const SessionText session = read(
      "{\"type\":\"session\",\"version\":2,\"id\":\"s\"}\n"
      "{\"type\":\"message\",\"id\":\"a\",\"parentId\":null,\"message\":{\"role\":\"hookMessage\"}}"
      "\n");
  EXPECT_EQ(session.entries[0]["id"], "a");
  EXPECT_EQ(session.entries[0]["message"]["role"], "custom");
  EXPECT_FALSE(session.migrated.empty());
}

TEST(SessionFormatTest, SessionIdsSortByTheirTime) {
  using std::chrono::milliseconds;
  const std::string early = new_session_id(WallTime(milliseconds(1'000'000)), random());
  const std::string late = new_session_id(WallTime(milliseconds(2'000'000)), random());
  EXPECT_LT(early, late);
  EXPECT_TRUE(early.starts_with("0000000f-4240-7")) << early;
  EXPECT_NE(std::string("89ab").find(early[19]), std::string::npos) << early;
}

TEST(SessionFormatTest, AnyBytesAreReadOrRefusedAndNeverLoseAnEntry) {
  EXPECT_TRUE(rc::check([](const std::string& noise) {
    std::string line = noise;
    for (char& character : line) {
      if (character == '\n') character = ' ';
    }
    const Result<SessionText> session =
        parse_session(std::string(kHeader) + "\n{\"type\":\"custom\",\"id\":\"a\"}\n" + line +
                          "\n{\"type\":\"custom\",\"id\":\"b\"}\n",
                      random());
    RC_ASSERT(session.has_value());
    RC_ASSERT(session->entries.size() == 2U);
    RC_ASSERT(session->problems.size() <= 1U);
  }));
}

}  // namespace
}  // namespace isopod::registry
