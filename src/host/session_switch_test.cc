// SPDX-License-Identifier: MIT
#include "host/session_switch.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "os/files.h"

namespace isopod::host {
namespace {

class Silent final : public LogSink {
 public:
  void write(LogLevel, std::string_view, std::string_view) override {}
};

class SessionSwitchTest : public testing::Test {
 protected:
  std::shared_ptr<registry::Session> session(const std::string& file) {
    auto opened = switch_.open(file);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
    return opened ? *opened : nullptr;
  }
  std::string add(registry::Session& session, const std::string& text) {
    return session.append("custom", {{"customType", "t"}, {"data", text}}).value();
  }
  static std::string texts(const registry::Session& session) {
    std::string all;
    for (const Json& entry : session.entries()) all += json_string(entry, "data");
    return all;
  }

  std::unique_ptr<os::TemporaryDirectory> folder_ = os::TemporaryDirectory::make("switch").value();
  SystemClock clock_;
  SystemRandom random_;
  Silent log_;
  SessionSwitch switch_{"/work", clock_, random_, log_};
  std::unique_ptr<registry::Session> memory_ =
      registry::Session::open(clock_, random_, {.cwd = "/work"}).value();
};

TEST_F(SessionSwitchTest, InMemoryFollowsInMemory) {
  add(*memory_, "a");
  const auto next = switch_.fresh(*memory_).value();
  EXPECT_EQ(next->entries(), Json::array());
  EXPECT_TRUE(next->info()["file"].is_null());
  EXPECT_EQ(texts(*memory_), "a");
}

TEST_F(SessionSwitchTest, AForkHasTheWayToAnEntry) {
  add(*memory_, "a");
  const std::string middle = add(*memory_, "b");
  add(*memory_, "c");
  const auto before = switch_.fork(*memory_, middle, SessionSwitch::Position::kBefore).value();
  const auto at = switch_.fork(*memory_, middle, SessionSwitch::Position::kAt).value();
  EXPECT_EQ(texts(*before), "a");
  EXPECT_EQ(texts(*at), "ab");
  add(*at, "d");
  EXPECT_EQ(texts(*at), "abd");
  EXPECT_EQ(texts(*memory_), "abc");
  EXPECT_EQ(switch_.fork(*memory_, "none", SessionSwitch::Position::kAt).error().code,
            Code::kNotFound);
}

TEST_F(SessionSwitchTest, OnDiskFollowsOnDiskInTheSameFolder) {
  const std::string file = folder_->path() + "/s.jsonl";
  ASSERT_TRUE(os::write_file_atomically(
      file,
      "{\"type\":\"session\",\"version\":3,\"id\":\"x\",\"timestamp\":\"t\",\"cwd\":\"/work\"}\n"));
  const auto first = session(file);
  const std::string entry = add(*first, "a");
  const auto next = switch_.fork(*first, entry, SessionSwitch::Position::kAt).value();
  const std::string place = json_string(next->info(), "file");
  EXPECT_TRUE(place.starts_with(folder_->path() + "/")) << place;
  EXPECT_NE(place, file);
  const std::string text = os::read_file(place, 1 << 20).value();
  EXPECT_NE(text.find("\"parentSession\":\"" + file + "\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"data\":\"a\""), std::string::npos) << text;
}

TEST_F(SessionSwitchTest, OpensOnlyWhatIsThere) {
  EXPECT_EQ(switch_.open(folder_->path() + "/none.jsonl").error().code, Code::kNotFound);
  EXPECT_EQ(switch_.open(folder_->path()).error().code, Code::kNotFound);
}

}  // namespace
}  // namespace isopod::host
