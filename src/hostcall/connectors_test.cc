// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "hostcall/log_connector.h"
#include "hostcall/module_connector.h"
#include "hostcall/ui_connector.h"
#include "os/files.h"

namespace isopod::hostcall {
namespace {

using protocol::Hostcall;
using protocol::Opcode;
using protocol::Outcome;
using protocol::Status;

/// Runs one call to its end; fails the test when it does not end at once.
Outcome carry_out(Connector& connector, Opcode opcode, Json arguments,
                  const Caller& caller = {"ext", "/ext"}) {
  std::optional<Outcome> ended;
  connector.start(caller, {1, opcode, std::move(arguments), 0},
                  Completion([&](Outcome outcome) { ended = std::move(outcome); }));
  EXPECT_TRUE(ended.has_value());
  return ended.value_or(Outcome{});
}

TEST(ModuleConnectorTest, TheExtensionsOwnFilesNeedNothing) {
  EXPECT_TRUE(is_own_file("/home/u/ext", "/home/u/ext/a.ts"));
  EXPECT_TRUE(is_own_file("/home/u/ext", "/home/u/ext/lib/deep/b.ts"));
  EXPECT_TRUE(is_own_file("/home/u/ext", "/home/u/node_modules/ms/index.js"));
  EXPECT_TRUE(is_own_file("/home/u/ext", "/node_modules/ms/index.js"));
  EXPECT_TRUE(is_own_file("/home/u/ext", "/home/u/ext/node_modules/.pnpm/x/index.js"));
  EXPECT_TRUE(is_own_file("/home/u/ext", "/home/u/package.json"));
  EXPECT_TRUE(is_own_file("/home/u/.isopod/extensions", "/home/u/.isopod/extensions/a.ts"));
}

TEST(ModuleConnectorTest, AnExtensionMayOwnOneFileOnly) {
  EXPECT_TRUE(is_own_file("/home/u/ext.ts", "/home/u/ext.ts"));
  EXPECT_TRUE(is_own_file("/home/u/ext.ts", "/home/u/node_modules/ms/index.js"));
  EXPECT_FALSE(is_own_file("/home/u/ext.ts", "/home/u/notes.json"));
  EXPECT_FALSE(is_own_file("/home/u/ext.ts", "/home/u/ext.tsx"));
}

TEST(ModuleConnectorTest, EverythingElseIsNotTheirs) {
  for (const char* path :
       {"/etc/passwd", "/home/u/extra/a.ts", "/home/u/ext/../secret.ts", "/home/u/ext/./a.ts",
        "/home/u/ext//a.ts", "relative.ts", "", "/home/u/.ssh/id_rsa", "/home/u/ext/.env",
        "/home/u/ext/.git/config", "/home/other/node_modules/x/i.js", "/home/u/tsconfig.json"}) {
    EXPECT_FALSE(is_own_file("/home/u/ext", path)) << path;
  }
  EXPECT_FALSE(is_own_file("/home/u/ext", std::string("/home/u/ext/a\0.ts", 17)));
}

class ModuleFilesTest : public ::testing::Test {
 protected:
  void write(const std::string& name, std::string_view bytes) {
    std::ofstream(directory_->path() + "/" + name, std::ios::binary) << bytes;
  }
  std::string at(const std::string& name) { return directory_->path() + "/" + name; }
  std::unique_ptr<os::TemporaryDirectory> directory_ =
      os::TemporaryDirectory::make("modules").value();
  /// Policy of these tests: foreign files only in folders called "granted".
  static Result<> may_read(const Caller&, const std::string& path) {
    if (path.find("/granted") != std::string::npos) return {};
    return fail(Code::kDenied, "not allowed: " + path);
  }
  Caller own() const { return {"ext", os::canonical_path(directory_->path()).value()}; }
  ModuleConnector connector_{1000, may_read};
};

TEST_F(ModuleFilesTest, ResolveGivesTheFirstThatIsAFileByItsRealPath) {
  write("real.ts", "1");
  std::filesystem::create_symlink("real.ts", at("link.ts"));
  std::filesystem::create_directory(at("dir"));
  const Outcome found = carry_out(
      connector_, Opcode::kModuleResolve,
      {{"candidates", {at("absent.ts"), at("dir"), at("link.ts"), at("real.ts")}}}, own());
  ASSERT_EQ(found.status, Status::kOk);
  EXPECT_EQ(found.value["index"], 2);
  EXPECT_EQ(json_string(found.value, "path"), os::canonical_path(at("real.ts")).value());
  EXPECT_TRUE(
      carry_out(connector_, Opcode::kModuleResolve, {{"candidates", {at("absent.ts")}}}, own())
          .value.is_null());
}

TEST_F(ModuleFilesTest, RefusedCandidatesAreNotLookedForAndAllowedOnesAre) {
  write("granted.ts", "1");
  std::filesystem::create_directory(at("granted"));
  write("granted/here.ts", "1");
  write("secret.ts", "1");
  const Outcome refused = carry_out(connector_, Opcode::kModuleResolve,
                                    {{"candidates", {at("secret"), at("secret.ts")}}});
  EXPECT_EQ(refused.status, Status::kDenied);
  EXPECT_EQ(refused.message, "not allowed: " + directory_->path());
  const Outcome mixed = carry_out(connector_, Opcode::kModuleResolve,
                                  {{"candidates", {at("secret.ts"), at("granted/here.ts")}}});
  ASSERT_EQ(mixed.status, Status::kOk);
  EXPECT_EQ(mixed.value["index"], 1);
}

TEST_F(ModuleFilesTest, ALinkIsJudgedByWhereItLeads) {
  std::filesystem::create_symlink("/etc/passwd", at("link.ts"));
  std::filesystem::create_symlink("/etc", at("dir"));
  for (const char* name : {"/link.ts", "/dir/hostname"}) {
    const std::string path = own().package_root + name;
    const Outcome read = carry_out(connector_, Opcode::kModuleRead, {{"path", path}}, own());
    EXPECT_EQ(read.status, Status::kDenied) << path;
    EXPECT_EQ(read.message.find("not allowed: /etc/"), 0U) << read.message;
    EXPECT_EQ(carry_out(connector_, Opcode::kModuleResolve, {{"candidates", {path}}}, own()).status,
              Status::kDenied);
  }
}

TEST_F(ModuleFilesTest, MalformedArgumentsAreErrors) {
  for (const Json& arguments :
       {Json(nullptr), Json(5), Json::object(), Json({{"candidates", 5}})}) {
    EXPECT_EQ(carry_out(connector_, Opcode::kModuleResolve, arguments).code,
              Code::kInvalidArgument);
  }
  EXPECT_EQ(carry_out(connector_, Opcode::kModuleRead, nullptr).status, Status::kError);
}

TEST_F(ModuleFilesTest, ReadMakesTextAndKeepsItsLimit) {
  write("a.ts", std::string_view("a\xff\0b", 4));
  const Outcome read = carry_out(connector_, Opcode::kModuleRead, {{"path", at("a.ts")}}, own());
  ASSERT_EQ(read.status, Status::kOk);
  EXPECT_EQ(json_string(read.value, "text"), std::string("a\xEF\xBF\xBD\0b", 6));
  write("large.ts", std::string(2000, 'x'));
  EXPECT_EQ(carry_out(connector_, Opcode::kModuleRead, {{"path", at("large.ts")}}, own()).code,
            Code::kPayloadTooLarge);
  EXPECT_EQ(carry_out(connector_, Opcode::kModuleRead, {{"path", at("absent.ts")}}, own()).code,
            Code::kNotFound);
}

TEST(LogConnectorTest, LinesNameTheirExtensionAndCannotDriveATerminal) {
  struct Sink final : LogSink {
    std::string lines;
    void write(LogLevel level, std::string_view source, std::string_view text) override {
      lines += std::to_string(static_cast<int>(level)) + " " + std::string(source) + " " +
               std::string(text) + "\n";
    }
  } sink;
  LogConnector connector(sink);
  EXPECT_EQ(
      carry_out(connector, Opcode::kLogWrite, {{"level", "warn"}, {"text", "a\x1b]0;title\x07"}})
          .status,
      Status::kOk);
  EXPECT_EQ(sink.lines.find('\x1b'), std::string::npos);
  EXPECT_TRUE(sink.lines.starts_with("1 ext a")) << sink.lines;
  EXPECT_EQ(carry_out(connector, Opcode::kLogWrite, 5).status, Status::kOk);
}

TEST(UiConnectorTest, WithoutAPersonEveryPromptIsDismissed) {
  UiConnector connector(nullptr);
  const Outcome outcome =
      carry_out(connector, Opcode::kUiSelect, {{"title", "t"}, {"options", {"a"}}});
  EXPECT_EQ(outcome.status, Status::kOk);
  EXPECT_TRUE(outcome.value.is_null());
}

TEST(UiConnectorTest, PromptsNameTheExtensionAndAnswersComeBack) {
  struct Person final : UserInterface {
    Prompt seen;
    std::string shown;
    void ask(const Prompt& prompt, std::function<void(PromptAnswer)> answer) override {
      seen = prompt;
      answer({.given = true, .confirmed = true, .text = "b"});
    }
    void show(const Notice& notice) override {
      shown = notice.extension + " " + notice.method + " " + notice.json;
    }
  } person;
  UiConnector connector(&person);
  EXPECT_EQ(
      carry_out(connector, Opcode::kUiSelect, {{"title", "t"}, {"options", {"a", "b"}}}).value,
      "b");
  EXPECT_EQ(person.seen.extension, "ext");
  EXPECT_EQ(person.seen.options.size(), 2U);
  EXPECT_EQ(carry_out(connector, Opcode::kUiConfirm, {{"title", "t"}, {"message", "m"}}).value,
            true);
  carry_out(connector, Opcode::kUiNotify, {{"message", "m"}});
  EXPECT_EQ(person.shown, R"(ext notify {"message":"m"})");
}

}  // namespace
}  // namespace isopod::hostcall
