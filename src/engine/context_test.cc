// SPDX-License-Identifier: MIT
#include "engine/context.h"

#include <gtest/gtest.h>

#include <array>

#include "engine/exception.h"
#include "engine_fixture.h"

namespace isopod::engine::testing {
namespace {

class ContextTest : public EngineTest {
 protected:
  void SetUp() override { start(); }
};

TEST_F(ContextTest, ValuesGoThroughJsonBothWays) {
  const std::string text = R"({"a":[1,2.5,true,null,"\u0000é"],"__proto__":{"b":1}})";
  auto value = context_->from_json(text);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(context_->to_json(*value).value(), text);
  EXPECT_EQ(context_->to_json(context_->undefined()).value(), "null");
}

TEST_F(ContextTest, FromJsonReadsNoFurtherThanItsText) {
  const std::string text = "[1,2]garbage";
  auto value = context_->from_json(std::string_view(text).substr(0, 5));
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(context_->to_json(*value).value(), "[1,2]");
}

TEST_F(ContextTest, AValueThatIsNoPlainDataIsAnError) {
  auto cycle = context_->evaluate_script("const c = {}; c.self = c; c", "/test.js");
  ASSERT_TRUE(cycle.has_value());
  const auto cycle_json = context_->to_json(*cycle);
  ASSERT_FALSE(cycle_json.has_value());
  EXPECT_EQ(cycle_json.error().code, Code::kNotSerializable);
  auto big = context_->evaluate_script("({ n: 5n })", "/test.js");
  const auto big_json = context_->to_json(*big);
  ASSERT_FALSE(big_json.has_value());
  EXPECT_EQ(big_json.error().code, Code::kNotSerializable);
}

TEST_F(ContextTest, AGetterThatThrowsWhileSerializingKeepsItsOwnError) {
  auto value = context_->evaluate_script("({ get a() { throw new Error('boom') } })", "/test.js");
  const auto json_text = context_->to_json(*value);
  ASSERT_FALSE(json_text.has_value());
  EXPECT_EQ(json_text.error().code, Code::kException);
  EXPECT_EQ(json_text.error().message, "boom");
}

TEST_F(ContextTest, ExceptionsTellWhere) {
  const Error thrown = error("let a = 1;\n\n  throw new TypeError('wrong');");
  EXPECT_EQ(thrown.code, Code::kException);
  EXPECT_EQ(thrown.message, "wrong");
  EXPECT_EQ(thrown.where.to_string(), "/test.js:3:13");
  EXPECT_NE(thrown.stack.find("/test.js:3:13"), std::string::npos);
}

TEST_F(ContextTest, SyntaxErrorsTellWhere) {
  const Error wrong = error("let a = 1;\nlet b = ;\n");
  EXPECT_EQ(wrong.code, Code::kSyntax);
  EXPECT_EQ(wrong.where.file, "/test.js");
  EXPECT_EQ(wrong.where.line, 2);
  EXPECT_EQ(wrong.where.column, 9);
}

TEST_F(ContextTest, AnythingCanBeThrown) {
  EXPECT_EQ(error("throw 'a string'").message, "a string");
  EXPECT_EQ(error("throw undefined").message, "undefined");
  EXPECT_EQ(error("throw null").message, "null");
  EXPECT_EQ(error("throw 5n").message, "5");
  EXPECT_FALSE(error("throw Symbol('s')").message.empty());
  EXPECT_EQ(error("throw { message: 'like an error' }").message, "like an error");
  EXPECT_FALSE(error("throw { toString() { throw 1 } }").message.empty());
  EXPECT_FALSE(error("throw new Proxy({}, { get() { throw 1 } })").message.empty());
  EXPECT_EQ(error("const e = new Error('kept'); Object.defineProperty(e, 'stack', "
                  "{ get() { throw 1 } }); throw e")
                .message,
            "kept");
  EXPECT_FALSE(context_->raw() == nullptr || JS_HasException(context_->raw()));
}

TEST_F(ContextTest, AHostcallErrorKeepsItsCode) {
  const Error thrown = error(
      "const e = new Error('full'); e.name = 'HostcallError'; e.code = 'backpressure'; throw e");
  EXPECT_EQ(thrown.code, Code::kBackpressure);
}

TEST_F(ContextTest, NativeFunctionsTakeArgumentsAndThrow) {
  auto add =
      context_->function("add", 2, [](Context& in, const Arguments& arguments) -> Result<Value> {
        const auto a = in.to_number(arguments.at(0));
        const auto b = in.to_number(arguments.at(1));
        if (!a || !b) return fail(Code::kInvalidArgument, "add takes two numbers");
        return in.number(*a + *b);
      });
  ASSERT_TRUE(context_->set(context_->global(), "add", *std::move(add)).has_value());
  EXPECT_EQ(json("add(2, 3)"), "5");
  EXPECT_EQ(json("[add.name, add.length]"), R"(["add",2])");
  EXPECT_EQ(json("try { add(Symbol(), 1) } catch (e) { [e.name, e.code, e.message] }"),
            R"(["TypeError","invalid_argument","add takes two numbers"])");
}

TEST_F(ContextTest, ANativeFunctionOwnsItsClosureUntilItIsCollected) {
  auto alive = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = alive;
  auto made = context_->function(
      "f", 0, [alive = std::move(alive)](Context& in, const Arguments&) -> Result<Value> {
        return in.number(*alive);
      });
  EXPECT_FALSE(watch.expired());
  *made = Value();
  EXPECT_TRUE(watch.expired());
}

TEST_F(ContextTest, LongMessagesAreNotCut) {
  const std::string message(5000, 'm');
  auto thrower = context_->function("thrower", 0, [&](Context&, const Arguments&) -> Result<Value> {
    return fail(Code::kNotFound, message);
  });
  ASSERT_TRUE(context_->set(context_->global(), "thrower", *std::move(thrower)).has_value());
  EXPECT_EQ(json("try { thrower() } catch (e) { e.message.length }"), "5000");
  EXPECT_EQ(error("thrower()").message, message);
}

TEST_F(ContextTest, PromisesAreSettledFromOutside) {
  auto deferred = context_->deferred();
  ASSERT_TRUE(deferred.has_value());
  EXPECT_EQ(context_->promise_state(deferred->promise), PromiseState::kPending);
  ASSERT_TRUE(context_->settle(deferred->resolve, context_->number(7)).has_value());
  EXPECT_EQ(context_->promise_state(deferred->promise), PromiseState::kFulfilled);
  EXPECT_EQ(context_->to_number(context_->promise_result(deferred->promise)).value(), 7);
}

TEST_F(ContextTest, UnhandledRejectionsAreReportedOnceWithTheirStack) {
  json(
      "function where() { return new Error('lost') } Promise.reject(where()); "
      "const late = Promise.reject(2); late.catch(() => 0); Promise.reject('text'); 0");
  runtime_->run_jobs(100);
  const auto reported = runtime_->take_unhandled_rejections();
  ASSERT_EQ(reported.size(), 2U);
  EXPECT_EQ(reported[0].message, "lost");
  EXPECT_NE(reported[0].stack.find("where"), std::string::npos);
  EXPECT_EQ(reported[1].message, "text");
  EXPECT_TRUE(runtime_->take_unhandled_rejections().empty());
}

TEST_F(ContextTest, ARejectionReasonThatRejectsMoreIsWalkedSafely) {
  json(
      "Promise.reject({ get message() { Promise.reject(new Error('second')); return 'first' } }), "
      "0");
  const auto first = runtime_->take_unhandled_rejections();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].message, "first");
  const auto second = runtime_->take_unhandled_rejections();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].message, "second");
}

TEST_F(ContextTest, BytesAreCopiedBothWays) {
  const std::array<std::uint8_t, 3> data = {1, 0, 255};
  auto value = context_->bytes(data);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(context_->to_bytes(*value).value(), std::vector<std::uint8_t>({1, 0, 255}));
  const std::array<std::uint8_t, 3> other = {9, 8, 7};
  ASSERT_TRUE(context_->copy_into(*value, other).has_value());
  EXPECT_EQ(context_->to_bytes(*value).value(), std::vector<std::uint8_t>({9, 8, 7}));
  EXPECT_FALSE(context_->to_bytes(context_->null()).has_value());
  EXPECT_FALSE(context_->copy_into(*value, std::span(other).first(2)).has_value());
}

TEST_F(ContextTest, AScriptMayStartBeforeItsFirstLine) {
  auto value =
      context_->evaluate_script("(function () {\n\nthrow new Error('first')\n})()", "/test.js", -1);
  ASSERT_FALSE(value.has_value());
  EXPECT_EQ(value.error().where.to_string(), "/test.js:1:11");
}

TEST_F(ContextTest, ANativeFunctionMayThrowAnyValue) {
  auto thrower = context_->function(
      "thrower", 0,
      [](Context& in, const Arguments&) -> Result<Value> { return in.thrown(in.number(5)); });
  ASSERT_TRUE(context_->set(context_->global(), "thrower", *std::move(thrower)).has_value());
  EXPECT_EQ(json("try { thrower() } catch (e) { e + 1 }"), "6");
}

TEST_F(ContextTest, LoneSurrogatesBecomeReplacementCharactersInJson) {
  auto value = context_->evaluate_script(
      R"(['\ud800', 'a\udfffb', '\ud83d\ude00', '\\ud800', '\u0001'])", "/t.js");
  EXPECT_EQ(context_->to_json(*value).value(),
            "[\"\\ufffd\",\"a\\ufffdb\",\"\xf0\x9f\x98\x80\",\"\\\\ud800\",\"\\u0001\"]");
}

TEST_F(ContextTest, StringsKeepNulAndUnicode) {
  const std::string text("a\0b\xc3\xa9\xf0\x9f\x98\x80", 9);
  auto value = context_->text(text);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(context_->to_text(*value).value(), text);
}

}  // namespace
}  // namespace isopod::engine::testing
