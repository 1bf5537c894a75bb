// SPDX-License-Identifier: MIT
#include "protocol/compat_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "arbitrary_json.h"
#include "base/json_strict.h"

namespace isopod::protocol::compat {
namespace {

using ::testing::HasSubstr;

// ---- arbitrary messages ----

rc::Gen<std::uint64_t> number() {
  return rc::gen::oneOf(
      rc::gen::arbitrary<std::uint64_t>(),
      rc::gen::element<std::uint64_t>(0, 1, std::numeric_limits<std::int64_t>::max(),
                                      std::numeric_limits<std::uint64_t>::max()));
}

Code arbitrary_code() {
  return static_cast<Code>(*rc::gen::inRange(0, static_cast<int>(Code::kInternal) + 1));
}

Error arbitrary_error() {
  return Error{arbitrary_code(),
               *test::utf8_text(),
               {*test::utf8_text(), *rc::gen::nonNegative<int>(), *rc::gen::nonNegative<int>()},
               *test::utf8_text()};
}

ToHost arbitrary_to_host() {
  switch (*rc::gen::inRange(0, 5)) {
    case 0: {
      const auto table = opcodes();
      const auto index = *rc::gen::inRange<std::size_t>(0, table.size());
      return Hostcall{*number(), table[index].opcode, *test::json_value(), *number()};
    }
    case 1: return Answer{*number(), *test::json_value()};
    case 2: return Answer{*number(), fail(arbitrary_error())};
    case 3: return Report{arbitrary_error()};
    default: {
      Stopped stopped;
      if (*rc::gen::arbitrary<bool>()) stopped.error = arbitrary_error();
      return stopped;
    }
  }
}

ToIsolate arbitrary_to_isolate() {
  switch (*rc::gen::inRange(0, 5)) {
    case 0: return Reply{*number(), Outcome::ok(*test::json_value())};
    case 1: {
      const auto status =
          *rc::gen::element(Status::kError, Status::kDenied, Status::kTimeout, Status::kCancelled);
      return Reply{*number(), {status, nullptr, arbitrary_code(), *test::utf8_text()}};
    }
    case 2: return Request{*number(), *test::utf8_text(), *test::json_value()};
    case 3: return Cancel{*number()};
    default: return Stop{};
  }
}

// ---- equality, field by field, so that a field the codec forgets is noticed ----

void expect_same(const Error& a, const Error& b) {
  RC_ASSERT(a.code == b.code);
  RC_ASSERT(a.message == b.message);
  RC_ASSERT(a.where.file == b.where.file);
  RC_ASSERT(a.where.line == b.where.line);
  RC_ASSERT(a.where.column == b.where.column);
  RC_ASSERT(a.stack == b.stack);
}

void expect_same(const Hostcall& a, const Hostcall& b) {
  RC_ASSERT(a.number == b.number);
  RC_ASSERT(a.opcode == b.opcode);
  RC_ASSERT(a.arguments == b.arguments);
  RC_ASSERT(a.cause == b.cause);
}

void expect_same(const Answer& a, const Answer& b) {
  RC_ASSERT(a.request == b.request);
  RC_ASSERT(a.value.has_value() == b.value.has_value());
  if (a.value) {
    RC_ASSERT(*a.value == *b.value);
  } else {
    expect_same(a.value.error(), b.value.error());
  }
}

void expect_same(const Report& a, const Report& b) { expect_same(a.error, b.error); }

void expect_same(const Stopped& a, const Stopped& b) {
  RC_ASSERT(a.error.has_value() == b.error.has_value());
  if (a.error) expect_same(*a.error, *b.error);
}

void expect_same(const Reply& a, const Reply& b) {
  RC_ASSERT(a.number == b.number);
  RC_ASSERT(a.outcome.status == b.outcome.status);
  RC_ASSERT(a.outcome.value == b.outcome.value);
  RC_ASSERT(a.outcome.message == b.outcome.message);
  if (a.outcome.status != Status::kOk) RC_ASSERT(a.outcome.code == b.outcome.code);
}

void expect_same(const Request& a, const Request& b) {
  RC_ASSERT(a.id == b.id);
  RC_ASSERT(a.kind == b.kind);
  RC_ASSERT(a.payload == b.payload);
}

void expect_same(const Cancel& a, const Cancel& b) { RC_ASSERT(a.request == b.request); }
void expect_same(const Stop&, const Stop&) {}

template <class Variant>
void expect_same_message(const Variant& a, const Variant& b) {
  RC_ASSERT(a.index() == b.index());
  std::visit(
      [&b](const auto& left) { expect_same(left, std::get<std::decay_t<decltype(left)>>(b)); }, a);
}

RC_GTEST_PROP(CompatCodec, MessagesToTheHostComeBackTheSame, ()) {
  const ToHost message = arbitrary_to_host();
  const auto decoded = decode_to_host(encode(message));
  RC_ASSERT(decoded.has_value());
  expect_same_message(message, *decoded);
}

RC_GTEST_PROP(CompatCodec, MessagesToTheIsolateComeBackTheSame, ()) {
  const ToIsolate message = arbitrary_to_isolate();
  const auto decoded = decode_to_isolate(encode(message));
  RC_ASSERT(decoded.has_value());
  expect_same_message(message, *decoded);
}

TEST(CompatCodec, TheTextIsOneLineOfJsonWithATypeFirst) {
  EXPECT_EQ(encode(ToHost(Hostcall{7, Opcode::kUiNotify, Json{{"text", "a\nb"}}, 3})),
            R"({"type":"hostcall","number":7,"opcode":"ui.notify","arguments":{"text":"a\nb"},)"
            R"("cause":3})");
  EXPECT_EQ(encode(ToHost(Stopped{})), R"({"type":"stopped"})");
  EXPECT_EQ(encode(ToIsolate(Stop{})), R"({"type":"stop"})");
}

// ---- hostile text ----

RC_GTEST_PROP(CompatCodec, EveryTruncationIsRefused, ()) {
  const std::string text = encode(arbitrary_to_host());
  const auto length = *rc::gen::inRange<std::size_t>(0, text.size());
  const auto decoded = decode_to_host(std::string_view(text).substr(0, length));
  RC_ASSERT(!decoded.has_value());
  RC_ASSERT(decoded.error().code == Code::kInvalidArgument);
}

RC_GTEST_PROP(CompatCodec, ADamagedByteNeverBreaksTheDecoder, ()) {
  std::string text = encode(arbitrary_to_host());
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  text[at] = *rc::gen::arbitrary<char>();
  const auto decoded = decode_to_host(text);
  // What still decodes is a message: writing and reading it again changes nothing.
  if (decoded) {
    const auto again = decode_to_host(encode(*decoded));
    RC_ASSERT(again.has_value());
    expect_same_message(*decoded, *again);
  } else {
    RC_ASSERT(decoded.error().code == Code::kInvalidArgument);
    RC_ASSERT(!decoded.error().message.empty());
  }
}

RC_GTEST_PROP(CompatCodec, AMemberTooManyOrTooFewIsRefused, ()) {
  Json json = parse_json_strict(encode(arbitrary_to_host())).value();
  if (*rc::gen::arbitrary<bool>()) {
    json["surplus"] = 1;
  } else {
    const auto at = *rc::gen::inRange<std::size_t>(0, json.size());
    const std::string name = std::next(json.begin(), static_cast<std::ptrdiff_t>(at)).key();
    // "stopped" is the one message that is whole without its error.
    RC_PRE(!(json["type"] == "stopped" && name == "error"));
    json.erase(name);
  }
  RC_ASSERT(!decode_to_host(dump_json(json)).has_value());
}

struct Refused {
  const char* text;
  const char* why;
};

void expect_refused_by_host(const Refused& test) {
  const auto decoded = decode_to_host(test.text);
  ASSERT_FALSE(decoded) << test.text;
  EXPECT_EQ(decoded.error().code, Code::kInvalidArgument);
  EXPECT_THAT(decoded.error().message, HasSubstr(test.why)) << test.text;
}

TEST(CompatCodec, TextThatIsNoMessageIsRefused) {
  for (const Refused& test : std::vector<Refused>{
           {"", "not valid JSON"},
           {"null", "a message is no object"},
           {"[]", "a message is no object"},
           {"{}", "no such type"},
           {R"({"type":5})", "no such type"},
           {R"({"type":"HOSTCALL"})", "no such type of message: \"HOSTCALL\""},
           {R"({"type":"reply","number":1,"status":"ok","value":1})", "no such type"},
           {R"({"type":"stopped"} {"type":"stopped"})", "not valid JSON"},
           {"\xef\xbb\xbf{\"type\":\"stopped\"}", "byte order mark"},
           {R"({"type":"stopped","type":"stopped"})", "\"type\" occurs twice"},
       }) {
    expect_refused_by_host(test);
  }
}

TEST(CompatCodec, AHostcallWithAWrongMemberIsRefused) {
  for (const Refused& test : std::vector<Refused>{
           {R"({"type":"hostcall","number":-1,"opcode":"log.write","arguments":1,"cause":0})",
            "\"number\" that is no whole number from 0 to 18446744073709551615"},
           {R"({"type":"hostcall","number":1.0,"opcode":"log.write","arguments":1,"cause":0})",
            "\"number\" that is no whole number"},
           {R"({"type":"hostcall","number":"1","opcode":"log.write","arguments":1,"cause":0})",
            "\"number\" that is no whole number"},
           {R"({"type":"hostcall","number":18446744073709551616,"opcode":"log.write",)"
            R"("arguments":1,"cause":0})",
            "\"number\" that is no whole number"},
           {R"({"type":"hostcall","number":1e999,"opcode":"log.write","arguments":1,"cause":0})",
            "out of range"},
           {R"({"type":"hostcall","number":1,"opcode":"log.writ","arguments":1,"cause":0})",
            "names no opcode: \"log.writ\""},
           {R"({"type":"hostcall","number":1,"opcode":"log.write ","arguments":1,"cause":0})",
            "names no opcode"},
           {R"({"type":"hostcall","number":1,"opcode":0,"arguments":1,"cause":0})",
            "\"opcode\" that is no string"},
           {R"({"type":"hostcall","number":1,"opcode":"log.write","cause":0})",
            "lacks \"arguments\""},
           {R"({"type":"hostcall","number":1,"opcode":"log.write","arguments":1})",
            "lacks \"cause\""},
           {R"({"type":"hostcall","number":1,"opcode":"log.write","arguments":1,"cause":0,"x":1})",
            "does not belong"},
           {R"({"type":"hostcall","number":1,"opcode":"log.write","arguments":{"a":1,"a":2},)"
            R"("cause":0})",
            "\"a\" occurs twice"},
       }) {
    expect_refused_by_host(test);
  }
}

TEST(CompatCodec, AnErrorWithAWrongMemberIsRefused) {
  for (const Refused& test : std::vector<Refused>{
           {R"({"type":"answer","request":1,"value":1,"error":{"code":"internal","message":"",)"
            R"("file":"","line":0,"column":0,"stack":""}})",
            "does not belong"},
           {R"({"type":"answer","request":1,"error":"no"})", "\"error\" that is no object"},
           {R"({"type":"answer","request":1,"error":null})", "\"error\" that is no object"},
           {R"({"type":"report","error":{"code":"unheard_of","message":"","file":"","line":0,)"
            R"("column":0,"stack":""}})",
            "\"code\" that is no code"},
           {R"({"type":"report","error":{"code":"internal","message":"","file":"","line":-1,)"
            R"("column":0,"stack":""}})",
            "\"line\" that is no whole number from 0 to 2147483647"},
           {R"({"type":"report","error":{"code":"internal","message":"","file":"",)"
            R"("line":2147483648,"column":0,"stack":""}})",
            "\"line\" that is no whole number"},
           {R"({"type":"report","error":{"code":"internal","message":"","file":"","line":0,)"
            R"("column":0,"stack":"","extra":1}})",
            "does not belong"},
           {R"({"type":"report","error":{"code":"internal"}})", "lacks \"message\""},
           {R"({"type":"report"})", "lacks \"error\""},
       }) {
    expect_refused_by_host(test);
  }
}

TEST(CompatCodec, AReplyWithAWrongMemberIsRefused) {
  for (const Refused& test : std::vector<Refused>{
           {R"({"type":"reply","number":1,"status":"fine","value":1})", "no status"},
           {R"({"type":"reply","number":1,"status":"ok"})", "lacks \"value\""},
           {R"({"type":"reply","number":1,"status":"ok","value":1,"code":"internal"})",
            "does not belong"},
           {R"({"type":"reply","number":1,"status":"denied","code":"quota"})", "lacks \"message\""},
           {R"({"type":"reply","number":1,"status":"error","code":"","message":""})", "no code"},
           {R"({"type":"request","id":1,"kind":["load"],"payload":null})",
            "\"kind\" that is no string"},
           {R"({"type":"cancel","request":null})", "\"request\" that is no whole number"},
           {R"({"type":"stop","now":true})", "does not belong"},
           {R"({"type":"hostcall"})", "no such type"},
       }) {
    const auto decoded = decode_to_isolate(test.text);
    ASSERT_FALSE(decoded) << test.text;
    EXPECT_EQ(decoded.error().code, Code::kInvalidArgument);
    EXPECT_THAT(decoded.error().message, HasSubstr(test.why)) << test.text;
  }
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(CompatCodec, PlainDataOfTheUsualDepthFitsAndDeeperIsRefused) {
  const std::size_t depth = JsonLimits{}.depth_max;
  const auto message = [](const std::string& value) {
    return R"({"type":"answer","request":1,"value":)" + value + "}";
  };
  EXPECT_TRUE(decode_to_host(message(nested(depth))));
  const auto deeper = decode_to_host(message(nested(depth + 2)));
  ASSERT_FALSE(deeper);
  EXPECT_THAT(deeper.error().message, HasSubstr("nests deeper"));
  EXPECT_FALSE(decode_to_host(message(std::string(1'000'000, '['))));
}

TEST(CompatCodec, AnObjectWithManyKeysDecodes) {
  // Quadratic work on this text would take minutes; the test's own time limit notices.
  std::string text = R"({"type":"answer","request":1,"value":{)";
  constexpr int kKeys = 300'000;
  for (int i = 0; i < kKeys; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  text.back() = '}';
  text += '}';
  const auto decoded = decode_to_host(text);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(std::get<Answer>(*decoded).value->size(), kKeys);
}

TEST(CompatCodec, WhatJsonCannotCarryIsReplaced) {
  const Json value = {{"bytes", "\xff"}, {"number", std::numeric_limits<double>::infinity()}};
  const auto decoded = decode_to_host(encode(ToHost(Answer{1, value})));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*std::get<Answer>(*decoded).value,
            (Json{{"bytes", "\xef\xbf\xbd"}, {"number", nullptr}}));
}

}  // namespace
}  // namespace isopod::protocol::compat
