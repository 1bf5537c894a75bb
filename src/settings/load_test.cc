// SPDX-License-Identifier: MIT
#include "settings/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "os/files.h"

namespace isopod::settings {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LoadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::move(*os::TemporaryDirectory::make("isopod-settings-"));
    sources_.home = SettingsFile{directory_->path() + "/home.json"};
    sources_.project = SettingsFile{directory_->path() + "/project.json"};
  }

  void home(const std::string& text) const { std::ofstream(sources_.home->path) << text; }
  void project(const std::string& text) const { std::ofstream(sources_.project->path) << text; }

  [[nodiscard]] Settings loaded() const {
    auto settings = load(sources_);
    EXPECT_TRUE(settings.has_value()) << settings.error().message;
    return settings.has_value() ? *settings : Settings();
  }

  [[nodiscard]] Error refused() const {
    const auto settings = load(sources_);
    EXPECT_FALSE(settings.has_value());
    return settings.has_value() ? Error{} : settings.error();
  }

  std::unique_ptr<os::TemporaryDirectory> directory_;
  Sources sources_;
};

TEST_F(LoadTest, WithoutAnySourceThereAreTheDefaults) {
  const Settings settings = loaded();
  EXPECT_EQ(settings.integer(Key::kHeapMb), 256);
  EXPECT_EQ(settings.word(Key::kPolicy), "balanced");
  EXPECT_EQ(settings.word(Key::kPlacement), "thread");
  EXPECT_FALSE(settings.flag(Key::kCompat));
  EXPECT_THAT(settings.paths(Key::kPaths), IsEmpty());
  EXPECT_THAT(settings.warnings(), IsEmpty());
  EXPECT_EQ(settings.effective().size(), table().size());
  for (const Effective& entry : settings.effective()) {
    EXPECT_EQ(entry.origin.layer, Layer::kDefault) << entry.name;
  }
}

TEST_F(LoadTest, EachLayerWinsOverTheOnesBelow) {
  home(
      "{\"ext.limits.heap_mb\": 200,\n\"ext.limits.timers\": 200,\n\"ext.limits.children\": 20,\n"
      "\"ext.limits.pending\": 200}");
  project(R"({"ext.limits.timers": 100, "ext.limits.children": 10, "ext.limits.pending": 100})");
  sources_.environment = {{"ISOPOD_EXT_LIMITS_CHILDREN", "30"},
                          {"ISOPOD_EXT_LIMITS_PENDING", "300"}};
  sources_.flags = {{"ext.limits.pending", "400", "--pending"}};
  const Settings settings = loaded();
  EXPECT_EQ(settings.integer(Key::kHeapMb), 200);
  EXPECT_EQ(settings.origin(Key::kHeapMb).layer, Layer::kHome);
  EXPECT_EQ(settings.origin(Key::kHeapMb).place, sources_.home->path + ":1");
  EXPECT_EQ(settings.integer(Key::kTimers), 100);
  EXPECT_EQ(settings.origin(Key::kTimers).layer, Layer::kProject);
  EXPECT_EQ(settings.integer(Key::kChildren), 30);
  EXPECT_EQ(settings.origin(Key::kChildren).layer, Layer::kEnvironment);
  EXPECT_EQ(settings.origin(Key::kChildren).place, "ISOPOD_EXT_LIMITS_CHILDREN");
  EXPECT_EQ(settings.integer(Key::kPending), 400);
  EXPECT_EQ(settings.origin(Key::kPending).layer, Layer::kFlag);
  EXPECT_EQ(settings.origin(Key::kPending).place, "--pending");
  EXPECT_THAT(settings.warnings(), IsEmpty());
}

TEST_F(LoadTest, AProjectThatLoosensIsIgnoredWithAWarning) {
  home(R"({"ext.policy": "safe", "ext.compat": true, "ext.limits.heap_mb": 100})");
  project(
      "{\"ext.policy\": \"permissive\",\n\"ext.compat\": false,\n\"ext.limits.heap_mb\": 101,\n"
      "\"ext.paths\": [\"evil\"],\n\"log.level\": \"debug\",\n\"ext.placement\": \"process\"}");
  const Settings settings = loaded();
  EXPECT_EQ(settings.word(Key::kPolicy), "safe");
  EXPECT_TRUE(settings.flag(Key::kCompat));
  EXPECT_EQ(settings.integer(Key::kHeapMb), 100);
  EXPECT_THAT(settings.paths(Key::kPaths), IsEmpty());
  EXPECT_EQ(settings.word(Key::kLogLevel), "warn");
  EXPECT_EQ(settings.word(Key::kPlacement), "process");
  const std::string& file = sources_.project->path;
  EXPECT_THAT(settings.warnings(),
              ElementsAre(file + ":1: ext.policy is ignored: a project may only make it stricter",
                          file + ":2: ext.compat is ignored: a project may only make it true",
                          file + ":3: ext.limits.heap_mb is ignored: a project may only lower it",
                          file + ":4: ext.paths is ignored: only the user can set it",
                          file + ":5: log.level is ignored: only the user can set it"));
}

TEST_F(LoadTest, AProjectThatRepeatsWhatHoldsIsFine) {
  home(R"({"log.level": "info"})");
  project(R"({"log.level": "info", "ext.limits.heap_mb": 256})");
  const Settings settings = loaded();
  EXPECT_THAT(settings.warnings(), IsEmpty());
  EXPECT_EQ(settings.origin(Key::kLogLevel).layer, Layer::kHome);
}

TEST_F(LoadTest, AnExtensionHasItsOwnValues) {
  home(R"({"ext": {"limits": {"heap_mb": 128, "timers": 9},
                   "extensions": {"a": {"limits": {"heap_mb": 512}, "compat": true}}}})");
  const Settings settings = loaded();
  EXPECT_EQ(settings.integer(Key::kHeapMb, "a"), 512);
  EXPECT_EQ(settings.integer(Key::kHeapMb, "b"), 128);
  EXPECT_EQ(settings.integer(Key::kTimers, "a"), 9);
  EXPECT_TRUE(settings.flag(Key::kCompat, "a"));
  EXPECT_FALSE(settings.flag(Key::kCompat, "b"));
  const auto effective = settings.effective();
  ASSERT_EQ(effective.size(), table().size() + 2);
  EXPECT_EQ(effective[table().size()].name, "ext.extensions.a.compat");
  EXPECT_EQ(effective[table().size() + 1].name, "ext.extensions.a.limits.heap_mb");
}

TEST_F(LoadTest, AGeneralForceHoldsForEveryExtension) {
  home(R"({"ext.compat": true, "ext.extensions.a.compat": false})");
  EXPECT_TRUE(loaded().flag(Key::kCompat, "a"));
}

TEST_F(LoadTest, AProjectMayTightenOneExtensionButNotLoosenIt) {
  home(R"({"ext.extensions.a.limits.heap_mb": 512, "ext.extensions.b.limits.heap_mb": 64})");
  project(R"({"ext.extensions": {"a": {"limits.heap_mb": 300}, "b": {"limits.heap_mb": 100},
                                 "c": {"limits.heap_mb": 100}, "d": {"limits.heap_mb": 300}}})");
  const Settings settings = loaded();
  EXPECT_EQ(settings.integer(Key::kHeapMb, "a"), 300);
  EXPECT_EQ(settings.integer(Key::kHeapMb, "b"), 64);
  EXPECT_EQ(settings.integer(Key::kHeapMb, "c"), 100);
  EXPECT_EQ(settings.integer(Key::kHeapMb, "d"), 256);
  EXPECT_EQ(settings.warnings().size(), 2U);
}

TEST_F(LoadTest, AProjectsValueForOneExtensionNeverLoosensWhatTheUserSaysElsewhere) {
  project(R"({"ext.extensions": {"a": {"limits.heap_mb": 100}}})");
  sources_.environment = {{"ISOPOD_EXT_LIMITS_HEAP_MB", "32"}};
  const Settings settings = loaded();
  EXPECT_EQ(settings.integer(Key::kHeapMb, "a"), 32);
  EXPECT_THAT(settings.warnings(), ElementsAre(HasSubstr("a project may only lower it")));
}

TEST_F(LoadTest, AFlagForOneExtensionWinsOverTheProject) {
  project(R"({"ext.extensions": {"a": {"limits.heap_mb": 100}}})");
  sources_.flags = {{"ext.extensions.a.limits.heap_mb", "200", "--set"}};
  EXPECT_EQ(loaded().integer(Key::kHeapMb, "a"), 200);
}

TEST_F(LoadTest, PathsInAFileAreRelativeToIt) {
  home(R"({"ext.paths": ["x", "/y", "~/z", "~other"]})");
  sources_.environment = {{"HOME", "/users/me"}};
  EXPECT_THAT(
      loaded().paths(Key::kPaths),
      ElementsAre(directory_->path() + "/x", "/y", "/users/me/z", directory_->path() + "/~other"));
  sources_.environment = {{"HOME", "/users/me"}, {"ISOPOD_EXT_PATHS", "x:/y:~/z"}};
  EXPECT_THAT(loaded().paths(Key::kPaths), ElementsAre("x", "/y", "/users/me/z"));
}

TEST_F(LoadTest, VariablesThatAreWrongOrUnknown) {
  sources_.environment = {{"ISOPOD_EXT_LIMITS_HEAP_MB", ""},
                          {"ISOPOD_EXT_LIMITS_HEAPMB", "1"},
                          {"ISOPOD_HOME", "/h"},
                          {"EXT_COMPAT", "1"}};
  const Settings settings = loaded();
  EXPECT_EQ(settings.integer(Key::kHeapMb), 256);
  EXPECT_THAT(
      settings.warnings(),
      ElementsAre("the environment variable ISOPOD_EXT_LIMITS_HEAPMB is no setting; did you "
                  "mean ISOPOD_EXT_LIMITS_HEAP_MB?"));
  sources_.environment = {{"ISOPOD_LOG_LEVEL", "loud"}};
  const Error error = refused();
  EXPECT_EQ(error.code, Code::kBadSettings);
  EXPECT_EQ(
      error.message,
      "the environment variable ISOPOD_LOG_LEVEL is wrong: log.level must be error, warn, info "
      "or debug, but is \"loud\"");
}

TEST_F(LoadTest, WrongFlagsAreWrongUsage) {
  sources_.flags = {{"ext.policy", "free", "--extension-policy"}};
  EXPECT_EQ(refused().code, Code::kUsage);
  EXPECT_THAT(refused().message, HasSubstr("--extension-policy: ext.policy must be safe"));
  sources_.flags = {{"ext.polici", "safe", "--set"}};
  EXPECT_EQ(refused().code, Code::kUsage);
  EXPECT_THAT(refused().message, HasSubstr("did you mean ext.policy?"));
}

TEST_F(LoadTest, ABrokenFileOfEitherLayerIsAnError) {
  home("{");
  EXPECT_EQ(refused().code, Code::kBadSettings);
  EXPECT_THAT(refused().message, HasSubstr("home.json:1:2"));
  home("{}");
  project("");
  EXPECT_EQ(refused().code, Code::kBadSettings);
  EXPECT_THAT(refused().message, HasSubstr("project.json"));
}

TEST_F(LoadTest, ARequiredFileMustExist) {
  sources_.home->presence = SettingsFile::Presence::kRequired;
  EXPECT_EQ(refused().code, Code::kBadSettings);
  EXPECT_THAT(refused().message, HasSubstr("there is no settings file"));
  home("{}");
  EXPECT_THAT(loaded().warnings(), IsEmpty());
}

TEST_F(LoadTest, UnknownKeysWarn) {
  home(R"({"ext.limts.heap_mb": 1})");
  EXPECT_THAT(loaded().warnings(), ElementsAre(HasSubstr("did you mean ext.limits.heap_mb?")));
}

TEST_F(LoadTest, EffectiveValuesAreJsonWithTheirOrigin) {
  sources_.environment = {{"ISOPOD_EXT_COMPAT", "1"}};
  const auto effective = loaded().effective();
  const auto& compat = effective[static_cast<std::size_t>(Key::kCompat)];
  EXPECT_EQ(dump_json(to_json(compat)),
            R"({"key":"ext.compat","value":true,)"
            R"("origin":{"layer":"environment","place":"ISOPOD_EXT_COMPAT"}})");
}

using SettingsDeathTest = LoadTest;

TEST_F(SettingsDeathTest, ReadingASettingAsAnotherTypeIsABug) {
  const Settings settings;
  EXPECT_DEATH(static_cast<void>(settings.flag(Key::kHeapMb)),
               "read as the type the table gives it");
}

}  // namespace
}  // namespace isopod::settings
