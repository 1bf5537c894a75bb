// SPDX-License-Identifier: MIT
#include "registry/session.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <chrono>
#include <string>
#include <utility>

namespace isopod::registry {
namespace {

class FixedClock final : public Clock {
 public:
  [[nodiscard]] MonotonicTime monotonic() const override { return {}; }
  [[nodiscard]] WallTime wall() const override {
    return WallTime(std::chrono::milliseconds(1767225600123));
  }
};

/// Counts up, so that ids are known.
class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = 0;
    bytes.back() = next++;
  }
  std::uint8_t next = 1;
};

/// Keeps the text of a file; `fails` makes it refuse.
struct Disk {
  std::string text;
  int replacements = 0;
  bool fails = false;
};

class DiskJournal final : public SessionJournal {
 public:
  explicit DiskJournal(Disk& disk) : disk_(disk) {}
  Result<> append(std::string_view text) override {
    if (disk_.fails) return fail(Code::kIo, "ENOSPC");
    disk_.text += text;
    return {};
  }
  Result<> replace(std::string_view text) override {
    if (disk_.fails) return fail(Code::kIo, "ENOSPC");
    disk_.text = text;
    ++disk_.replacements;
    return {};
  }

 private:
  Disk& disk_;
};

class SessionTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Session>> try_open() {
    return Session::open(clock_, random_,
                         {.cwd = "/work",
                          .file = "/sessions/s.jsonl",
                          .text = disk_.text,
                          .journal = std::make_unique<DiskJournal>(disk_)});
  }
  std::unique_ptr<Session> open() { return try_open().value(); }
  std::unique_ptr<Session> in_memory() {
    return Session::open(clock_, random_, {.cwd = "/work"}).value();
  }
  static std::string id_of(const Result<std::string>& appended) { return appended.value(); }

  FixedClock clock_;
  CountingRandom random_;
  Disk disk_;
};

TEST_F(SessionTest, EntriesFormAChainInPisShape) {
  const auto session = in_memory();
  EXPECT_FALSE(session->leaf().has_value());
  const std::string first = id_of(session->append("custom", {{"customType", "t"}, {"data", 1}}));
  const std::string second = id_of(session->append("custom", {{"customType", "t"}}));
  EXPECT_EQ(
      dump_json(session->entry(first)),
      R"({"type":"custom","id":")" + first +
          R"(","parentId":null,"timestamp":"2026-01-01T00:00:00.123Z","customType":"t","data":1})");
  EXPECT_EQ(session->entry(second)["parentId"], first);
  EXPECT_EQ(first.size(), 8U);
  EXPECT_EQ(session->leaf(), second);
  EXPECT_EQ(session->entries().size(), 2U);
  EXPECT_TRUE(session->entry("nobody").is_null());
}

TEST_F(SessionTest, FieldsCannotForgeWhatAnEntryIs) {
  const auto session = in_memory();
  const std::string id =
      id_of(session->append("custom", {{"id", "x"}, {"type", "session"}, {"parentId", "y"}}));
  EXPECT_EQ(session->entry(id)["type"], "custom");
  EXPECT_TRUE(session->entry(id)["parentId"].is_null());
  EXPECT_EQ(session->entries().size(), 1U);
}

TEST_F(SessionTest, AnIdThatIsTakenIsNotUsedAgain) {
  const auto session = in_memory();
  const std::string first = id_of(session->append("custom", {}));
  random_.next = static_cast<std::uint8_t>(random_.next - 1);
  EXPECT_NE(id_of(session->append("custom", {})), first);
}

TEST_F(SessionTest, TheLastNameCountsAndIsOneLine) {
  const auto session = in_memory();
  EXPECT_TRUE(session->name().is_null());
  ASSERT_TRUE(session->set_name("  a\r\n\nb  "));
  EXPECT_EQ(session->name(), "a b");
  ASSERT_TRUE(session->set_name(" \n "));
  EXPECT_TRUE(session->name().is_null());
}

TEST_F(SessionTest, LabelsAreSetAndCleared) {
  const auto session = in_memory();
  EXPECT_EQ(session->set_label("nope", "l").error().message, "Entry nope not found");
  const std::string id = id_of(session->append("custom", {}));
  ASSERT_TRUE(session->set_label(id, "mark"));
  EXPECT_EQ(session->label(id), "mark");
  ASSERT_TRUE(session->set_label(id, std::nullopt));
  EXPECT_FALSE(session->label(id).has_value());
  EXPECT_FALSE(session->entries().back().contains("label"));
}

TEST_F(SessionTest, MovingTheLeafStartsABranch) {
  const auto session = in_memory();
  const std::string root = id_of(session->append_message({{"role", "user"}}));
  const std::string left = id_of(session->append("custom", {}));
  ASSERT_TRUE(session->move_leaf(root));
  const std::string right = id_of(session->append("custom", {}));
  EXPECT_EQ(session->entry(right)["parentId"], root);
  EXPECT_EQ(session->branch().size(), 2U);
  EXPECT_EQ(session->branch(left)[1]["id"], left);
  EXPECT_TRUE(session->branch("nobody").empty());
  EXPECT_EQ(session->move_leaf("nobody").error().code, Code::kNotFound);
  ASSERT_TRUE(session->move_leaf(std::nullopt));
  EXPECT_TRUE(session->info()["leaf"].is_null());
  EXPECT_TRUE(session->entry(id_of(session->append("custom", {})))["parentId"].is_null());
}

TEST_F(SessionTest, NothingIsWrittenBeforeTheFirstEntry) {
  const auto session = open();
  EXPECT_EQ(disk_.text, "");
  ASSERT_TRUE(session->append("custom", {{"customType", "t"}}));
  ASSERT_TRUE(session->append("custom", {}));
  EXPECT_EQ(disk_.text, session_line(session->info()["header"]) +
                            session_line(session->entries()[0]) +
                            session_line(session->entries()[1]));
  EXPECT_EQ(session->info()["header"]["version"], 3);
  EXPECT_EQ(session->info()["header"]["cwd"], "/work");
  EXPECT_EQ(json_string(session->info(), "id").size(), 36U);
}

TEST_F(SessionTest, InfoSaysWhereItIs) {
  const auto kept = open();
  EXPECT_EQ(kept->info()["file"], "/sessions/s.jsonl");
  EXPECT_EQ(kept->info()["directory"], "/sessions");
  EXPECT_EQ(kept->info()["count"], 0);
  const auto session = in_memory();
  EXPECT_TRUE(session->info()["file"].is_null());
  EXPECT_EQ(session->info()["directory"], "");
}

TEST_F(SessionTest, WhatCouldNotBeWrittenIsNotThere) {
  const auto session = open();
  disk_.fails = true;
  EXPECT_EQ(session->append("custom", {}).error().message, "ENOSPC");
  EXPECT_TRUE(session->entries().empty());
  EXPECT_FALSE(session->leaf().has_value());
  disk_.fails = false;
  ASSERT_TRUE(session->append("custom", {}));
  EXPECT_EQ(open()->entries(), session->entries());
}

TEST_F(SessionTest, ItHoldsSoMuchAndNoMore) {
  const auto session = in_memory();
  const std::string half(Session::kBytesMax / 2, 'x');
  ASSERT_TRUE(session->append("custom", {{"data", half}}));
  EXPECT_EQ(session->append("custom", {{"data", half}}).error().code, Code::kQuota);
  ASSERT_TRUE(session->append("custom", {{"data", "small"}}));
  EXPECT_EQ(session->entries().size(), 2U);
  disk_.text = std::string(Session::kBytesMax + 1, '\n');
  EXPECT_EQ(try_open().error().code, Code::kQuota);
}

TEST_F(SessionTest, ACutLastLineStaysAndTheNextEntryIsWhole) {
  ASSERT_TRUE(open()->append("custom", {}));
  disk_.text += R"({"type":"custom","id":"cut)";
  const auto session = open();
  EXPECT_EQ(session->entries().size(), 1U);
  ASSERT_EQ(session->problems().size(), 1U);
  EXPECT_EQ(session->problems()[0].line, 3U);
  ASSERT_TRUE(session->append("custom", {}));
  EXPECT_NE(disk_.text.find("\"id\":\"cut\n{"), std::string::npos) << disk_.text;
  EXPECT_EQ(open()->entries(), session->entries());
}

TEST_F(SessionTest, AnOldFileIsRewrittenAtTheFirstAppendOnly) {
  disk_.text = "{\"type\":\"session\",\"id\":\"s\"}\nnot json\n{\"type\":\"message\"}\n";
  const std::string before = disk_.text;
  const auto session = open();
  EXPECT_EQ(disk_.text, before);
  ASSERT_TRUE(session->append("custom", {}));
  ASSERT_TRUE(session->append("custom", {}));
  EXPECT_EQ(disk_.replacements, 1);
  EXPECT_NE(disk_.text.find("\nnot json\n"), std::string::npos) << disk_.text;
  const auto again = open();
  EXPECT_EQ(again->entries(), session->entries());
  EXPECT_EQ(again->info()["header"]["version"], 3);
}

TEST_F(SessionTest, AFileThatIsNoSessionIsRefused) {
  for (const char* text : {"hello\n", "{\"type\":\"message\",\"id\":\"1\"}\n", "5\n",
                           "{\"type\":\"session\"}\n", "[]"}) {
    disk_.text = text;
    EXPECT_EQ(try_open().error().code, Code::kInvalidArgument) << text;
  }
}

TEST_F(SessionTest, ACycleEndsABranch) {
  disk_.text =
      "{\"type\":\"session\",\"version\":3,\"id\":\"s\"}\n"
      "{\"type\":\"custom\",\"id\":\"a\",\"parentId\":\"b\"}\n"
      "{\"type\":\"custom\",\"id\":\"b\",\"parentId\":\"a\"}\n";
  EXPECT_EQ(open()->branch().size(), 2U);
}

TEST_F(SessionTest, DraftsAreCheckedAgainstTheBranch) {
  const auto session = in_memory();
  const std::string spoken = id_of(session->append_message({{"role", "user"}}));
  const std::string silent = id_of(session->append("custom", {}));
  const auto edit = [&](const std::string& target) {
    const Result<> checked = session->check(
        Json::array({{{"type", "context_edit"}, {"targetId", target}, {"replacement", nullptr}}}));
    return checked ? std::string() : checked.error().message;
  };
  EXPECT_EQ(edit(spoken), "");
  EXPECT_EQ(edit("nope"), "Entry nope not found");
  EXPECT_EQ(edit(silent), "Entry " + silent + " does not contribute editable model content");
  ASSERT_TRUE(session->move_leaf(std::nullopt));
  EXPECT_EQ(edit(spoken), "Entry " + spoken + " is not on the active branch");
}

/// Something JSON can hold, with strings that are hard to write on one line.
Json any_value(int depth = 0) {
  const int kind = *rc::gen::inRange(0, depth > 2 ? 5 : 7);
  if (kind == 0) return nullptr;
  if (kind == 1) return *rc::gen::arbitrary<bool>();
  if (kind == 2) return *rc::gen::arbitrary<int>();
  if (kind == 3) return *rc::gen::element<std::string>("a\nb\r\n", "\xE2\x80\xA8", "\"\\", "", "é");
  if (kind == 4) return *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
  Json list = kind == 5 ? Json::array() : Json::object();
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    if (kind == 5) {
      list.push_back(any_value(depth + 1));
    } else {
      list["m" + std::to_string(i)] = any_value(depth + 1);
    }
  }
  return list;
}

TEST_F(SessionTest, WhatIsWrittenIsReadBack) {
  EXPECT_TRUE(rc::check([this] {
    disk_ = Disk();
    random_.next = 1;
    auto session = open();
    const int steps = *rc::gen::inRange(1, 12);
    for (int i = 0; i < steps; ++i) {
      const int what = *rc::gen::inRange(0, 5);
      const Json entries = session->entries();
      const std::string some =
          entries.empty() ? "" : json_string(entries[entries.size() / 2], "id");
      if (what == 0) RC_ASSERT(session->set_name("n" + std::to_string(i)).has_value());
      if (what == 1 && !some.empty()) RC_ASSERT(session->set_label(some, "l").has_value());
      if (what == 2 && !some.empty()) RC_ASSERT(session->move_leaf(some).has_value());
      if (what == 3) session = open();
      RC_ASSERT(session->append("custom", {{"data", any_value()}}).has_value());
    }
    const auto again = open();
    RC_ASSERT(again->problems().empty());
    RC_ASSERT(again->entries() == session->entries());
    RC_ASSERT(again->info() == session->info());
    RC_ASSERT(again->name() == session->name());
    RC_ASSERT(again->branch() == session->branch());
  }));
}

}  // namespace
}  // namespace isopod::registry
