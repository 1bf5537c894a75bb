// SPDX-License-Identifier: MIT
#include "base/text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace isopod {
namespace {

using namespace std::string_literals;

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// ---- an oracle: the definition of UTF-8 by code point, nothing like the table in text.cc ----

std::string encode(std::uint32_t c) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xc0 | (c >> 6)), byte(0x80 | (c & 0x3f))};
  if (c < 0x10000) {
    return {byte(0xe0 | (c >> 12)), byte(0x80 | ((c >> 6) & 0x3f)), byte(0x80 | (c & 0x3f))};
  }
  return {byte(0xf0 | (c >> 18)), byte(0x80 | ((c >> 12) & 0x3f)), byte(0x80 | ((c >> 6) & 0x3f)),
          byte(0x80 | (c & 0x3f))};
}

TEST(Utf8, EveryCodePointIsWellFormedExceptSurrogates) {
  for (std::uint32_t c = 0; c < 0x120000; ++c) {
    const bool is_character = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
    ASSERT_EQ(is_utf8(encode(c)), is_character) << std::hex << c;
  }
}

RC_GTEST_PROP(Utf8, TheResultOfToUtf8IsWellFormedAndStable, ()) {
  const auto bytes = *rc::gen::container<std::string>(rc::gen::oneOf(
      rc::gen::arbitrary<char>(), rc::gen::element('\xc0', '\xc3', '\xe0', '\xed', '\xa0', '\x80',
                                                   '\xf0', '\xf4', '\x90', '\xbf')));
  const std::string text = to_utf8(bytes);
  RC_ASSERT(is_utf8(text));
  RC_ASSERT(to_utf8(text) == text);
  RC_ASSERT((text == bytes) == is_utf8(bytes));
}

TEST(Utf8, EachMaximalIllFormedPartBecomesOneReplacement) {
  struct Case {
    std::string bytes;
    int replacements;
    std::string rest;
  };
  // The first four rows are the examples of the Unicode Standard, section 3.9.
  const std::vector<Case> cases = {
      {"\xc0\xaf\xe0\x80\xbf\xf0\x81\x82", 8, "A"},
      {"\xed\xa0\x80\xed\xbf\xbf\xed\xaf", 8, "A"},
      {"\xf4\x91\x92\x93\xff", 5, "A"},
      {"\xe1\x80\xe2\xf0\x91\x92\xf1\xbf", 4, "A"},
      {"\x80", 1, ""},
      {"\xe2\x82", 1, ""},
      {"\xf0\x9f\x90", 1, "x"},
      {"\xff\xfe", 2, "\xc3\xa9"},
  };
  for (const Case& test : cases) {
    std::string expected;
    for (int i = 0; i < test.replacements; ++i) expected += kReplacement;
    EXPECT_EQ(to_utf8(test.bytes + test.rest), expected + test.rest);
    EXPECT_FALSE(is_utf8(test.bytes));
  }
}

TEST(Utf8, NulIsACharacterLikeAnyOther) {
  EXPECT_TRUE(is_utf8("a\0b"s));
  EXPECT_EQ(to_utf8("a\0b"s), "a\0b"s);
}

TEST(NearestName, FindsWhatThePersonMeant) {
  constexpr std::array<std::string_view, 6> kNames = {"read", "write",   "exec",
                                                      "http", "session", "events"};
  struct Case {
    std::string_view name;
    std::string_view nearest;
  };
  for (const Case& test : std::vector<Case>{
           {"read", "read"},
           {"raed", "read"},
           {"READ", "read"},
           {"reads", "read"},
           {"wrte", "write"},
           {"exce", "exec"},
           {"htpt", "http"},
           {"sesion", "session"},
           {"event", "events"},
           {"zebra", ""},
           {"", ""},
           {"r", ""},
           {"exit", ""},
           {"readwrite", ""},
       }) {
    EXPECT_EQ(nearest_name(test.name, kNames), test.nearest) << test.name;
  }
}

TEST(NearestName, OfEquallyNearNamesTheFirst) {
  constexpr std::array<std::string_view, 2> kNames = {"abcx", "abcy"};
  EXPECT_EQ(nearest_name("abcz", kNames), "abcx");
}

TEST(NearestName, VeryLongNamesHaveNone) {
  const std::string longest(128, 'a');
  const std::string longer(129, 'a');
  EXPECT_EQ(nearest_name(longest, std::array<std::string_view, 1>{longest}), longest);
  EXPECT_EQ(nearest_name(longer, std::array<std::string_view, 1>{longer}), "");
  EXPECT_EQ(nearest_name("a", {}), "");
}

TEST(Printable, EscapesWhatDrivesATerminal) {
  struct Case {
    std::string text;
    std::string shown;
  };
  for (const Case& test : std::vector<Case>{
           {"plain\n\ttext", "plain\n\ttext"},
           {"caf\xc3\xa9 \xf0\x9f\x90\x9a", "caf\xc3\xa9 \xf0\x9f\x90\x9a"},
           {"over\rwrite", "over\\x0dwrite"},
           {"\x1b]0;title\x07", "\\x1b]0;title\\x07"},
           {"\x1b[2J", "\\x1b[2J"},
           {"\x1b[31;", "\\x1b[31;"},
           {"\x1b[?25h", "\\x1b[?25h"},
           {"nul\0"s, "nul\\x00"},
           {"\x7f", "\\x7f"},
           {"\xc2\x9b"
            "31m",
            "\\x9b31m"},
           {"\x9b"
            "31m",
            std::string(kReplacement) + "31m"},
           {"\xc2\xa0", "\xc2\xa0"},
       }) {
    EXPECT_EQ(printable(test.text, Sgr::kKeep), test.shown);
    EXPECT_EQ(printable(test.text, Sgr::kDrop), test.shown);
  }
}

TEST(Printable, ColoursPassOnlyWhenAsked) {
  const std::string text = "\x1b[1;31mred\x1b[m\x1b[0m";
  EXPECT_EQ(printable(text, Sgr::kKeep), text);
  EXPECT_EQ(printable(text, Sgr::kDrop), "red");
}

RC_GTEST_PROP(Printable, TheResultHoldsNoControlCharacters, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::oneOf(
      rc::gen::arbitrary<char>(), rc::gen::element('\x1b', '[', 'm', '1', ';', '\xc2', '\x9b')));
  const std::string shown = printable(text, Sgr::kDrop);
  RC_ASSERT(is_utf8(shown));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto byte = static_cast<unsigned char>(shown[i]);
    RC_ASSERT(byte >= 0x20 || byte == '\n' || byte == '\t');
    RC_ASSERT(byte != 0x7f);
    if (byte == 0xc2) RC_ASSERT(static_cast<unsigned char>(shown.at(i + 1)) > 0x9f);
  }
}

}  // namespace
}  // namespace isopod
