// SPDX-License-Identifier: MIT
#include "node/crypto_module.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "engine_fixture.h"
#include "node/native_modules.h"

namespace isopod::node {
namespace {

using engine::testing::StepClock;
using ::testing::HasSubstr;

/// A script that may use the module's functions as members of `native`, and `hex`.
class CryptoModuleTest : public engine::testing::EngineTest {
 protected:
  void SetUp() override { open({}); }
  void open(engine::RuntimeOptions options) {
    TearDown();
    start(options);
    engine::Context& context = *context_;
    auto native = make_object(context, crypto_entries());
    ASSERT_TRUE(native.has_value());
    ASSERT_TRUE(context.set(context.global(), "native", *std::move(native)).has_value());
    json(
        "globalThis.hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, "
        "'0')).join('');"
        "globalThis.text = (t) => Uint8Array.from(t, (c) => c.charCodeAt(0)); 0");
  }
};

TEST_F(CryptoModuleTest, TheModulesAreInternalAndTheirNamesDiffer) {
  std::set<std::string> names;
  for (const isolate::NativeModule& module : native_modules()) {
    EXPECT_TRUE(module.name.starts_with("isopod:native/")) << module.name;
    EXPECT_TRUE(names.insert(module.name).second) << module.name;
    EXPECT_FALSE(module.exports.empty());
    auto values = module.initialize(*context_);
    ASSERT_TRUE(values.has_value());
    EXPECT_EQ(values->size(), module.exports.size());
  }
}

TEST_F(CryptoModuleTest, DigestsRunInPortionsAndAreCopied) {
  EXPECT_EQ(json("const a = native.newDigest('md5'); a.update(text('ab')); const b = a.copy();"
                 "a.update(text('c')); b.update(text('c'));"
                 "[hex(a.finish()), hex(b.finish()), hex(native.digest('md5', text('abc')))]"),
            R"(["900150983cd24fb0d6963f7d28e17f72","900150983cd24fb0d6963f7d28e17f72",)"
            R"("900150983cd24fb0d6963f7d28e17f72"])");
  EXPECT_EQ(json("native.digestNames().includes('sha256')"), "true");
}

TEST_F(CryptoModuleTest, AFinishedHashSaysSo) {
  for (const char* use : {"a.update(text(''))", "a.finish()", "a.copy()"}) {
    const Error thrown =
        error(std::string("{ const a = native.newDigest('md5'); a.finish(); ") + use + " }");
    EXPECT_EQ(thrown.code, Code::kInvalidArgument) << use;
    EXPECT_EQ(thrown.message, "this hash is finished") << use;
  }
  EXPECT_EQ(error("{ const a = native.newHmac('md5', text('')); a.finish(); a.finish(); }").message,
            "this hash is finished");
}

TEST_F(CryptoModuleTest, ArgumentsOfAnyKindAreErrors) {
  const char* bad[] = {"undefined", "null", "1",        "'text'",
                       "{}",        "[]",   "Symbol()", "new DataView(new ArrayBuffer(1))"};
  for (const std::string value : bad) {
    for (const char* before : {"newDigest('md5').update(", "newHmac('md5', ", "digest('md5', ",
                               "newPbkdf2('md5', text(''), ", "newDigest("}) {
      error("native." + (before + value) + ", 1, 1)");
    }
  }
  for (const char* numbers :
       {"0, 1", "-1, 1", "1.5, 1", "NaN, 1", "'1', 1", "1, -1", "1, 1e9", "1e10, 1"}) {
    const Error thrown =
        error("native.newPbkdf2('md5', text(''), text(''), " + std::string(numbers) + ")");
    EXPECT_EQ(thrown.code, Code::kInvalidArgument) << numbers;
  }
  EXPECT_EQ(error("native.digest('none', text(''))").code, Code::kNotFound);
}

TEST_F(CryptoModuleTest, KeysAreDerivedInPortions) {
  EXPECT_EQ(json("const work = native.newPbkdf2('sha1', text('password'), text('salt'), 4096, 20);"
                 "let calls = 0, key; while (!(key = work())) calls++; [calls, hex(key)]"),
            R"([4,"4b007901b765489abead49d926f721d065a429c1"])");
}

TEST_F(CryptoModuleTest, ScryptGetsNoMoreMemoryThanTheHeapMayHave) {
  open({.heap_bytes_max = std::size_t{16} << 20});
  EXPECT_EQ(
      json("hex(native.scrypt(text('password'), text('NaCl'), 1024, 8, 1, 4, 2 ** 30))").size(),
      std::string_view("\"12345678\"").size());
  // 32 MiB.
  EXPECT_EQ(error("native.scrypt(text('p'), text('s'), 32768, 8, 1, 4, 2 ** 30)").message,
            "memory limit exceeded");
  EXPECT_EQ(error("native.scrypt(text('p'), text('s'), 2, 1, 1, 2 ** 24 + 1, 2 ** 30)").message,
            "the key is too long");
}

TEST_F(CryptoModuleTest, WorkWithoutEndMeetsTheDeadline) {
  StepClock clock(std::chrono::milliseconds(1));
  open({.clock = &clock});
  runtime_->set_deadline(clock.monotonic() + std::chrono::milliseconds(50));
  // Far fewer calls than the engine makes before it looks by itself.
  const Error thrown = error(
      "const work = native.newPbkdf2('md5', text(''), text(''), 2e9, 20);"
      "for (let i = 0; i < 200; i++) work(); 'never stopped'");
  EXPECT_EQ(thrown.code, Code::kTimeout);
  EXPECT_EQ(runtime_->fault(), engine::Fault::kTimeout);
}

TEST_F(CryptoModuleTest, WhatIsDroppedIsCollected) {
  json(
      "for (let i = 0; i < 1000; i++) { const a = native.newDigest('sha512'); a.self = a; "
      "a.copy(); } 0");
  runtime_->collect_garbage();
  const std::size_t before = runtime_->heap_bytes();
  json(
      "for (let i = 0; i < 5000; i++) { const a = native.newDigest('sha512'); a.self = a; "
      "a.copy(); } 0");
  runtime_->collect_garbage();
  EXPECT_LT(runtime_->heap_bytes(), before + (std::size_t{64} << 10));
}

}  // namespace
}  // namespace isopod::node
