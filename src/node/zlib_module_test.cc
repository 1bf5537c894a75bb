// SPDX-License-Identifier: MIT
#include "node/zlib_module.h"

#include <gtest/gtest.h>

#include <string>

#include "engine_fixture.h"

namespace isopod::node {
namespace {

/// A script that may use the module's functions as members of `native`.
class ZlibModuleTest : public engine::testing::EngineTest {
 protected:
  void SetUp() override { open({}); }
  void open(engine::RuntimeOptions options) {
    TearDown();
    start(options);
    engine::Context& context = *context_;
    auto native = make_object(context, zlib_entries());
    ASSERT_TRUE(native.has_value());
    ASSERT_TRUE(context.set(context.global(), "native", *std::move(native)).has_value());
    json(
        "globalThis.open = (kind, dictionary) => native.newStream(kind, 0, 15, 8, 0, dictionary);"
        "globalThis.text = (t) => Uint8Array.from(t, (c) => c.charCodeAt(0)); 0");
  }
};

TEST_F(ZlibModuleTest, DataGoesThereAndBack) {
  EXPECT_EQ(json("const out = []; for (const [write, read] of [['gzip', 'gunzip'],"
                 " ['deflate', 'inflate'], ['deflateRaw', 'inflateRaw'], ['gzip', 'unzip']]) {"
                 "  const [packed, used, status] = open(write).work(text('hello'), 4);"
                 "  const result = open(read).work(packed, 4);"
                 "  out.push([used, status, String.fromCharCode(...result[0]), result[2]]); } out"),
            R"([[5,1,"hello",1],[5,1,"hello",1],[5,1,"hello",1],[5,1,"hello",1]])");
}

TEST_F(ZlibModuleTest, ErrorsAreStatusAndWords) {
  EXPECT_EQ(json("open('gunzip').work(text('abcdef'), 4).slice(2)"),
            R"([-3,"incorrect header check"])");
  EXPECT_EQ(json("native.crc32(text('hello'), 0)"), "907060870");
  EXPECT_EQ(json("native.crc32(text('lo'), native.crc32(text('hel'), 0))"), "907060870");
}

TEST_F(ZlibModuleTest, DictionariesReachTheStreams) {
  EXPECT_EQ(
      json("const words = text('hello world'), [packed] = open('deflate', words).work(words, 4);"
           "[open('inflate').work(packed, 4)[3], open('inflate', text('other')).work(packed, 4)[3],"
           " String.fromCharCode(...open('inflate', words).work(packed, 4)[0])]"),
      R"(["Missing dictionary","Bad dictionary","hello world"])");
}

TEST_F(ZlibModuleTest, ABombComesOutInPortions) {
  EXPECT_EQ(
      json("const pack = open('deflate'); let packed = []; const zeros = new Uint8Array(65536);"
           "for (let i = 0; i < 100; i++) packed.push(...pack.work(zeros, 0)[0]);"
           "packed.push(...pack.work(text(''), 4)[0]); packed = Uint8Array.from(packed);"
           "const stream = open('inflate'); let at = 0, most = 0, sum = 0, step;"
           "do { step = stream.work(packed.subarray(at), 0); at += step[1]; sum += step[0].length;"
           "  most = Math.max(most, step[0].length); } while (step[2] === 0); [most, sum]"),
      "[65536,6553600]");
}

TEST_F(ZlibModuleTest, ArgumentsOfAnyKindAreErrors) {
  for (const char* call :
       {"native.newStream()", "native.newStream('none', 0, 15, 8, 0)",
        "native.newStream('gzip', 11, 15, 8, 0)", "native.newStream('gzip', 0, 16, 8, 0)",
        "native.newStream('gzip', 0, 15, 10, 0)", "native.newStream('gzip', 0, 15, 8, 5)",
        "native.newStream('gzip', 0, 15, 8, 0, 'text')", "native.newStream('gzip', '0', 15, 8, 0)",
        "open('gzip').work()", "open('gzip').work('text', 0)", "open('gzip').work(text(''), 6)",
        "open('gzip').work(text(''), -1)", "native.crc32('x', 0)", "native.crc32(text(''), -1)",
        "(() => { const s = open('gzip'); s.close(); s.close();"
        " s.work(text(''), 0); })()"}) {
    EXPECT_EQ(error(call).code, Code::kInvalidArgument) << call;
  }
}

TEST_F(ZlibModuleTest, TheMemoryOfOpenStreamsIsBounded) {
  open({.heap_bytes_max = std::size_t{32} << 20});
  const Error thrown = error("{ const kept = []; for (;;) kept.push(open('gzip')); }");
  EXPECT_EQ(thrown.code, Code::kQuota);
  // Dropped streams make room, closed ones at once; the kept ones are out of reach by now.
  EXPECT_EQ(json("for (let i = 0; i < 200; i++) { const a = open('gzip'); a.self = a; }"
                 "for (let i = 0; i < 200; i++) open('gzip').close(); 'fine'"),
            "\"fine\"");
  EXPECT_EQ(json("native.outputMax()"), std::to_string(std::size_t{8} << 20));
}

}  // namespace
}  // namespace isopod::node
