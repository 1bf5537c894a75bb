// SPDX-License-Identifier: MIT
#include "policy/path_scope.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace isopod::policy {
namespace {

using namespace std::string_literals;

TEST(NormalizePath, ResolvesWithoutLooking) {
  struct Case {
    std::string path;
    std::string normal;
  };
  for (const Case& test : std::vector<Case>{
           {"/", "/"},
           {"//", "/"},
           {"/.", "/"},
           {"/..", "/"},
           {"/../../etc", "/etc"},
           {"/a/b/", "/a/b"},
           {"/a//b", "/a/b"},
           {"/a/./b", "/a/b"},
           {"/a/b/../c", "/a/c"},
           {"/a/b/../../../c", "/c"},
           {"/a/...", "/a/..."},
           {"/a/..b", "/a/..b"},
           {"/a/b..", "/a/b.."},
           {"/a/ ../b", "/a/ ../b"},
       }) {
    EXPECT_EQ(normalize_path(test.path), test.normal) << test.path;
  }
}

TEST(NormalizePath, RefusesRelativePathsAndNul) {
  for (const std::string& path : {""s, "."s, "a"s, "a/b"s, "./a"s, "../a"s, "~/a"s, "/a\0/b"s}) {
    EXPECT_EQ(normalize_path(path), std::nullopt) << path;
  }
}

TEST(PathScope, ComparesComponentsNotPrefixes) {
  struct Case {
    const char* scope;
    const char* path;
    bool covers;
  };
  for (const Case& test : std::vector<Case>{
           {"/a/b", "/a/b", true},
           {"/a/b", "/a/b/c", true},
           {"/a/b", "/a/b/c/d", true},
           {"/a/b", "/a/bc", false},
           {"/a/b", "/a", false},
           {"/a/b", "/", false},
           {"/a/b/", "/a/b/c", true},
           {"/a/x/../b", "/a/b/c", true},
           {"/", "/", true},
           {"/", "/anything", true},
           {"a/b", "/a/b", false},
           {"", "/a", false},
       }) {
    EXPECT_EQ(path_scope_covers(test.scope, test.path), test.covers)
        << test.scope << " " << test.path;
  }
}

// ---- the same, said as naively as possible ----

std::vector<std::string> components(const std::string& path) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : path + "/") {
    if (c != '/') {
      part += c;
      continue;
    }
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
    part.clear();
  }
  return parts;
}

bool covers_naively(const std::string& scope, const std::string& path) {
  const auto outer = components(scope);
  const auto inner = components(path);
  if (inner.size() < outer.size()) return false;
  for (std::size_t i = 0; i < outer.size(); ++i) {
    if (outer[i] != inner[i]) return false;
  }
  return true;
}

rc::Gen<std::string> absolute_path() {
  const auto component = rc::gen::element<std::string>("a", "b", "ab", ".", "..", "", "...", "a.");
  return rc::gen::map(rc::gen::resize(6, rc::gen::container<std::vector<std::string>>(component)),
                      [](const std::vector<std::string>& parts) {
                        std::string path;
                        for (const std::string& part : parts) path += "/" + part;
                        return path.empty() ? "/" : path;
                      });
}

RC_GTEST_PROP(PathScope, AgreesWithTheNaiveOracle, ()) {
  const std::string scope = *absolute_path();
  const std::string path = *absolute_path();
  const auto normal = normalize_path(path);
  RC_ASSERT(normal.has_value());
  RC_ASSERT(path_scope_covers(scope, *normal) == covers_naively(scope, path));
}

RC_GTEST_PROP(NormalizePath, IsIdempotentAndHoldsNoDots, ()) {
  const auto normal = normalize_path(*absolute_path());
  RC_ASSERT(normal.has_value());
  RC_ASSERT(normalize_path(*normal) == normal);
  const std::string bounded = *normal + "/";
  RC_ASSERT(bounded.find("/../") == std::string::npos);
  RC_ASSERT(bounded.find("/./") == std::string::npos);
  RC_ASSERT(normal->find("//") == std::string::npos);
}

}  // namespace
}  // namespace isopod::policy
