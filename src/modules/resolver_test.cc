// SPDX-License-Identifier: MIT
#include "modules/resolver.h"

#include <gtest/gtest.h>

#include <array>
#include <map>

#include "modules/paths.h"

namespace isopod::modules {
namespace {

class MapReader final : public SourceReader {
 public:
  std::map<std::string, std::string> files;
  Result<std::optional<FoundFile>> find(std::span<const std::string> candidates) override {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (files.contains(candidates[i])) return std::optional(FoundFile{i, candidates[i]});
    }
    return std::optional<FoundFile>();
  }
  Result<std::string> read(const std::string& path) override { return files.at(path); }
};

constexpr std::array kNoBytes = {std::uint8_t{0}};
constexpr std::array<Builtin, 2> kBuiltins = {Builtin{"node:path", kNoBytes, {}},
                                              Builtin{"isopod:core", kNoBytes, {}}};
constexpr std::array<BuiltinAlias, 1> kAliases = {BuiltinAlias{"path", "node:path"}};

class ResolverTest : public ::testing::Test {
 protected:
  /// What a specifier means in /p/src/main.ts: a path, "builtin NAME", or the error.
  std::string find(std::string_view specifier, Importer importer = Importer::kImport) {
    Resolver resolver(reader_, builtins_);
    const auto found = resolver.resolve({specifier, "/p/src/main.ts", importer});
    if (!found) return std::string(to_string(found.error().code));
    return found->builtin != nullptr ? "builtin " + std::string(found->builtin->name) : found->path;
  }
  void files(std::initializer_list<const char*> paths) {
    for (const char* path : paths) reader_.files[path] = "";
  }
  MapReader reader_;
  BuiltinTable builtins_{kBuiltins, kAliases};
};

TEST_F(ResolverTest, RelativePathsTryExtensionsInOrder) {
  files({"/p/src/a.ts", "/p/src/b.js", "/p/src/b.ts", "/p/c.mjs", "/p/src/data.json"});
  EXPECT_EQ(find("./a"), "/p/src/a.ts");
  EXPECT_EQ(find("./a.ts"), "/p/src/a.ts");
  EXPECT_EQ(find("./a.js"), "/p/src/a.ts");
  EXPECT_EQ(find("./b"), "/p/src/b.js");
  EXPECT_EQ(find("../c"), "/p/c.mjs");
  EXPECT_EQ(find("/p/src/a"), "/p/src/a.ts");
  EXPECT_EQ(find("file:///p/src/a.ts"), "/p/src/a.ts");
  EXPECT_EQ(find("./data.json"), "/p/src/data.json");
  EXPECT_EQ(find("./a.mjs"), "module_not_found");
}

TEST_F(ResolverTest, DirectoriesMeanTheirIndexOrTheirMain) {
  files({"/p/src/dir/index.ts", "/p/src/main-dir/lib/start.js"});
  reader_.files["/p/src/main-dir/package.json"] = R"({"main":"lib/start"})";
  EXPECT_EQ(find("./dir"), "/p/src/dir/index.ts");
  EXPECT_EQ(find("./main-dir"), "/p/src/main-dir/lib/start.js");
  EXPECT_EQ(find("."), "module_not_found");
}

TEST_F(ResolverTest, BuiltInsWinAndInternalNamesDoNotExist) {
  files({"/p/node_modules/path/index.js"});
  EXPECT_EQ(find("path"), "builtin node:path");
  EXPECT_EQ(find("node:path"), "builtin node:path");
  EXPECT_EQ(find("isopod:core"), "module_not_found");
  EXPECT_EQ(find("node:nothing"), "module_not_found");
}

TEST_F(ResolverTest, PackagesAreFoundUpwardWithMainAndExports) {
  files({"/node_modules/up/index.js", "/p/node_modules/ms/lib/ms.js",
         "/p/node_modules/@s/pkg/dist/i.mjs", "/p/node_modules/@s/pkg/dist/r.cjs",
         "/p/node_modules/@s/pkg/dist/f/one.js"});
  reader_.files["/p/node_modules/ms/package.json"] = R"({"main":"./lib/ms"})";
  reader_.files["/p/node_modules/@s/pkg/package.json"] =
      R"({"exports":{".":{"import":"./dist/i.mjs","require":"./dist/r.cjs"},"./f/*":"./dist/f/*.js","./null":null}})";
  EXPECT_EQ(find("ms"), "/p/node_modules/ms/lib/ms.js");
  EXPECT_EQ(find("ms/lib/ms"), "/p/node_modules/ms/lib/ms.js");
  EXPECT_EQ(find("up"), "/node_modules/up/index.js");
  EXPECT_EQ(find("@s/pkg"), "/p/node_modules/@s/pkg/dist/i.mjs");
  EXPECT_EQ(find("@s/pkg", Importer::kRequire), "/p/node_modules/@s/pkg/dist/r.cjs");
  EXPECT_EQ(find("@s/pkg/f/one"), "/p/node_modules/@s/pkg/dist/f/one.js");
  EXPECT_EQ(find("@s/pkg/dist/i.mjs"), "module_not_found");
  EXPECT_EQ(find("@s/pkg/null"), "module_not_found");
  EXPECT_EQ(find("@s"), "module_not_found");
  EXPECT_EQ(find(""), "module_not_found");
}

TEST_F(ResolverTest, PrivateImportsOfThePackage) {
  files({"/p/src/real.ts"});
  reader_.files["/p/package.json"] = R"({"imports":{"#real":"./src/real.ts","#path":"path"}})";
  EXPECT_EQ(find("#real"), "/p/src/real.ts");
  EXPECT_EQ(find("#other"), "module_not_found");
}

TEST_F(ResolverTest, PrivateImportsOfEveryKind) {
  files({"/p/src/import.ts", "/p/src/require.ts", "/p/src/deep/one.ts",
         "/p/node_modules/dep/index.js"});
  reader_.files["/p/package.json"] =
      R"({"imports":{"#path":"path","#dep":"dep","#gone":"./gone.js","#self":"#dep",)"
      R"("#kind":{"import":"./src/import.ts","require":"./src/require.ts"},"#deep/*":"./src/deep/*.ts"}})";
  EXPECT_EQ(find("#path"), "builtin node:path");
  EXPECT_EQ(find("#dep"), "/p/node_modules/dep/index.js");
  EXPECT_EQ(find("#kind"), "/p/src/import.ts");
  EXPECT_EQ(find("#kind", Importer::kRequire), "/p/src/require.ts");
  EXPECT_EQ(find("#deep/one"), "/p/src/deep/one.ts");
  for (const char* none : {"#gone", "#self", "#", "#none"})
    EXPECT_EQ(find(none), "module_not_found") << none;
}

TEST_F(ResolverTest, APackageImportsItselfByNameAsFarAsItExports) {
  files({"/p/src/a.ts", "/p/src/b.ts"});
  reader_.files["/p/package.json"] = R"({"name":"@me/own","exports":{"./a":"./src/a.ts"}})";
  EXPECT_EQ(find("@me/own/a"), "/p/src/a.ts");
  EXPECT_EQ(find("@me/own/b"), "module_not_found");
  EXPECT_EQ(find("@me/own"), "module_not_found");
  EXPECT_EQ(find("@me/other/a"), "module_not_found");
}

TEST_F(ResolverTest, APackageThatExportsNothingIsNotFoundByItsOwnName) {
  files({"/p/src/a.ts"});
  reader_.files["/p/package.json"] = R"({"name":"own","main":"./src/a.ts"})";
  EXPECT_EQ(find("own"), "module_not_found");
  EXPECT_EQ(find("own/src/a"), "module_not_found");
}

TEST_F(ResolverTest, APackageHasNoPrivateNamesOfTheOneAroundIt) {
  files({"/p/src/real.ts"});
  reader_.files["/p/package.json"] = R"({"imports":{"#real":"./src/real.ts"}})";
  Resolver resolver(reader_, builtins_);
  for (const char* base : {"/p/node_modules/x/index.js", "/p/node_modules/x/lib/deep.js"}) {
    const auto found = resolver.resolve({"#real", base, Importer::kImport});
    ASSERT_FALSE(found.has_value()) << base;
    EXPECT_EQ(found.error().code, Code::kModuleNotFound);
  }
  EXPECT_TRUE(resolver.resolve({"#real", "/p/lib/x.js", Importer::kImport}).has_value());
}

TEST_F(ResolverTest, ConditionsNestAndTargetsMayBeMissing) {
  files({"/p/node_modules/c/i.mjs", "/p/node_modules/c/r.cjs", "/p/node_modules/c/d.js",
         "/p/node_modules/c/x/one.js"});
  reader_.files["/p/node_modules/c/package.json"] =
      R"({"exports":{".":{"types":"./t.d.ts","node":{"import":"./i.mjs","require":"./r.cjs"},"default":"./d.js"},)"
      R"("./browser":{"browser":"./b.js","default":"./d.js"},"./list":[null,{"other":"./o.js"},"./d.js"],)"
      R"("./x/*.js":"./x/*.js","./x/secret/*":null,"./gone":"./gone.js","./out":"../../../etc/passwd"}})";
  EXPECT_EQ(find("c"), "/p/node_modules/c/i.mjs");
  EXPECT_EQ(find("c", Importer::kRequire), "/p/node_modules/c/r.cjs");
  EXPECT_EQ(find("c/browser"), "/p/node_modules/c/d.js");
  EXPECT_EQ(find("c/list"), "/p/node_modules/c/d.js");
  EXPECT_EQ(find("c/x/one.js"), "/p/node_modules/c/x/one.js");
  for (const char* none : {"c/x/secret/one.js", "c/gone", "c/out", "c/", "c/none"})
    EXPECT_EQ(find(none), "module_not_found") << none;
}

TEST_F(ResolverTest, PackageFoldersSkipThoseInsideNodeModules) {
  EXPECT_EQ(Resolver::package_folders("/a/node_modules/b"),
            (std::vector<std::string>{"/a/node_modules/b/node_modules", "/a/node_modules",
                                      "/node_modules"}));
}

TEST_F(ResolverTest, ABrokenPackageJsonIsAnErrorWithItsPath) {
  files({"/p/node_modules/broken/index.js"});
  reader_.files["/p/node_modules/broken/package.json"] = "{";
  EXPECT_EQ(find("broken"), "syntax");
}

TEST(PathsTest, JoinIsLexical) {
  EXPECT_EQ(join_path("/a/b", "../c/./d"), "/a/c/d");
  EXPECT_EQ(join_path("/a", "/x//y/"), "/x/y");
  EXPECT_EQ(join_path("/", "../.."), "/");
}

TEST(PathsTest, FileUrlsGoBothWays) {
  for (const std::string path : {"/a b/c.ts", "/ü/%41", "/x?y#z", "/plain-._~/1"}) {
    EXPECT_EQ(path_of_file_url(file_url(path)), path);
  }
  EXPECT_EQ(file_url("/a b"), "file:///a%20b");
  EXPECT_EQ(path_of_file_url("file://host/x"), "");
  EXPECT_EQ(path_of_file_url("file:///a%2"), "");
  EXPECT_EQ(path_of_file_url("http://x/y"), "");
}

TEST(PathsTest, Extensions) {
  EXPECT_EQ(extension_of("/a.b/c"), "");
  EXPECT_EQ(extension_of("/a/.hidden"), "");
  EXPECT_EQ(extension_of("/a/x.d.ts"), ".ts");
}

}  // namespace
}  // namespace isopod::modules
