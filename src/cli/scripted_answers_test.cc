// SPDX-License-Identifier: MIT
#include "cli/scripted_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "os/files.h"

namespace isopod::cli {
namespace {

using ::testing::HasSubstr;
using Kind = Prompt::Kind;

std::unique_ptr<ScriptedAnswers> script(const std::string& text) {
  auto made = ScriptedAnswers::make(text);
  EXPECT_TRUE(made.has_value()) << made.error().message;
  return *std::move(made);
}

/// "dismissed", "yes", "no" or the text.
std::string answer(ScriptedAnswers& answers, Kind kind) {
  std::string said = "nothing was said";
  answers.ask({kind, "ext", "Title", "Message", {"red", "green"}}, [&](const PromptAnswer& given) {
    said = !given.given             ? "dismissed"
           : kind == Kind::kConfirm ? (given.confirmed ? "yes" : "no")
                                    : given.text;
  });
  return said;
}

TEST(ScriptedAnswersTest, EachListIsUsedInOrderAndThenEverythingIsDismissed) {
  const auto answers =
      script(R"({"select":["green",0],"confirm":[true,false],"input":["Ada"],"editor":["a\nb"]})");
  EXPECT_EQ(answer(*answers, Kind::kInput), "Ada");
  EXPECT_EQ(answer(*answers, Kind::kSelect), "green");
  EXPECT_EQ(answer(*answers, Kind::kConfirm), "yes");
  EXPECT_EQ(answer(*answers, Kind::kSelect), "red");
  EXPECT_EQ(answer(*answers, Kind::kConfirm), "no");
  EXPECT_EQ(answer(*answers, Kind::kEditor), "a\nb");
  for (const Kind kind : {Kind::kSelect, Kind::kConfirm, Kind::kInput, Kind::kEditor}) {
    EXPECT_EQ(answer(*answers, kind), "dismissed");
  }
}

TEST(ScriptedAnswersTest, NullDismissesOnePromptAndSoDoesWhatIsNoAnswer) {
  const auto answers = script(
      R"({"select":[null,2,-1,1.5,true,[],"red"],"input":[null,7,"x"],"confirm":[null,"yes",true]})");
  for (int i = 0; i < 6; ++i) EXPECT_EQ(answer(*answers, Kind::kSelect), "dismissed") << i;
  EXPECT_EQ(answer(*answers, Kind::kSelect), "red");
  EXPECT_EQ(answer(*answers, Kind::kInput), "dismissed");
  EXPECT_EQ(answer(*answers, Kind::kInput), "dismissed");
  EXPECT_EQ(answer(*answers, Kind::kInput), "x");
  EXPECT_EQ(answer(*answers, Kind::kConfirm), "dismissed");
  EXPECT_EQ(answer(*answers, Kind::kConfirm), "no");
  EXPECT_EQ(answer(*answers, Kind::kConfirm), "yes");
}

TEST(ScriptedAnswersTest, WhatIsAskedAndShownIsRecordedInOrder) {
  const auto answers = script("{}");
  for (const Kind kind : {Kind::kSelect, Kind::kConfirm, Kind::kInput, Kind::kEditor}) {
    answer(*answers, kind);
  }
  answers->show({"ext", "notify", R"({"message":"done","type":"info"})"});
  answers->show({"ext", "set", "no json"});
  EXPECT_EQ(dump_json(answers->record()),
            R"([{"method":"select","extension":"ext","title":"Title","options":["red","green"]},)"
            R"({"method":"confirm","extension":"ext","title":"Title","message":"Message"},)"
            R"({"method":"input","extension":"ext","title":"Title","placeholder":"Message"},)"
            R"({"method":"editor","extension":"ext","title":"Title","prefill":"Message"},)"
            R"({"method":"notify","extension":"ext","message":"done","type":"info"},)"
            R"({"method":"set","extension":"ext"}])");
}

TEST(ScriptedAnswersTest, AFileWorksAsWell) {
  const auto directory = os::TemporaryDirectory::make("isopod-answers-").value();
  const std::string path = directory->path() + "/answers.json";
  std::ofstream(path) << R"({"input":["from a file"]})";
  EXPECT_EQ(answer(*script(path), Kind::kInput), "from a file");
  std::ofstream(path) << "no json";
  EXPECT_EQ(ScriptedAnswers::make(path).error().code, Code::kUsage);
  EXPECT_EQ(ScriptedAnswers::make(path + ".absent").error().code, Code::kUsage);
}

TEST(ScriptedAnswersTest, WhatCannotBeAnswersIsWrongUsage) {
  for (const char* text : {"{", "{\"select\":5}", "{\"slect\":[]}", "{\"confirm\":{}}", ""}) {
    const auto made = ScriptedAnswers::make(text);
    ASSERT_FALSE(made.has_value()) << text;
    EXPECT_EQ(made.error().code, Code::kUsage) << text;
    EXPECT_THAT(made.error().message, HasSubstr("--answers")) << text;
  }
}

TEST(ScriptedAnswersTest, MayBeAskedFromManyThreads) {
  Json list = Json::array();
  for (int i = 0; i < 400; ++i) list.push_back("answer");
  const auto answers = script(dump_json({{"input", list}}));
  std::vector<std::thread> threads;
  std::vector<int> given(4);
  for (std::size_t t = 0; t < given.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i) given[t] += answer(*answers, Kind::kInput) == "answer" ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(given, (std::vector<int>{100, 100, 100, 100}));
  EXPECT_EQ(answer(*answers, Kind::kInput), "dismissed");
  EXPECT_EQ(answers->record().size(), 401U);
}

}  // namespace
}  // namespace isopod::cli
