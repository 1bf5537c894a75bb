// SPDX-License-Identifier: MIT
#include "policy/decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace isopod::policy {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using enum Verdict;

Rules rules_with(Profile profile) {
  Rules rules;
  rules.profile = profile;
  rules.project = "/project";
  return rules;
}

Question about(Capability capability, std::string_view target = {}, std::string_view address = {}) {
  return {.extension = "ext", .capability = capability, .target = target, .address = address};
}

// ---- the whole matrix of profiles, without any rule ----

struct MatrixRow {
  Capability capability;
  const char* target;
  const char* address;
  Verdict safe;
  Verdict balanced;
  Verdict permissive;
};

const std::vector<MatrixRow>& matrix() {
  static const std::vector<MatrixRow> rows = {
      {Capability::kNone, "", "", kAllow, kAllow, kAllow},
      {Capability::kRead, "/project", "", kAllow, kAllow, kAllow},
      {Capability::kRead, "/project/a/../b", "", kAllow, kAllow, kAllow},
      {Capability::kRead, "/project/../etc", "", kDeny, kDeny, kAllow},
      {Capability::kRead, "/projects", "", kDeny, kDeny, kAllow},
      {Capability::kRead, "/", "", kDeny, kDeny, kAllow},
      {Capability::kRead, "", "", kDeny, kDeny, kAllow},
      {Capability::kRead, "relative", "", kDeny, kDeny, kDeny},
      {Capability::kWrite, "/project/a", "", kDeny, kAllow, kAllow},
      {Capability::kWrite, "/etc/passwd", "", kDeny, kDeny, kAllow},
      {Capability::kWrite, "", "", kDeny, kDeny, kAllow},
      {Capability::kExec, "git", "", kDeny, kAsk, kAllow},
      {Capability::kExec, "/usr/bin/git", "", kDeny, kAsk, kAllow},
      {Capability::kExec, "./git", "", kDeny, kDeny, kDeny},
      {Capability::kExec, "..", "", kDeny, kDeny, kDeny},
      {Capability::kExec, "", "", kDeny, kAsk, kAllow},
      {Capability::kHttp, "example.com:443", "", kDeny, kAllow, kAllow},
      {Capability::kHttp, "example.com:443", "93.184.215.14", kDeny, kAllow, kAllow},
      {Capability::kHttp, "example.com:443", "10.0.0.1", kDeny, kDeny, kAllow},
      {Capability::kHttp, "example.com:443", "::ffff:127.0.0.1", kDeny, kDeny, kAllow},
      {Capability::kHttp, "example.com:443", "nonsense", kDeny, kDeny, kDeny},
      {Capability::kHttp, "8.8.8.8", "", kDeny, kAllow, kAllow},
      {Capability::kHttp, "8.8.8.8", "10.0.0.1", kDeny, kDeny, kDeny},
      {Capability::kHttp, "169.254.169.254", "", kDeny, kDeny, kAllow},
      {Capability::kHttp, "[::1]:80", "", kDeny, kDeny, kAllow},
      {Capability::kHttp, "localhost:3000", "", kDeny, kDeny, kAllow},
      {Capability::kHttp, "https://example.com", "", kDeny, kDeny, kDeny},
      {Capability::kHttp, "127.1", "", kDeny, kDeny, kDeny},
      {Capability::kHttp, "", "", kDeny, kAllow, kAllow},
      {Capability::kHttp, "", "10.0.0.1", kDeny, kDeny, kDeny},
      {Capability::kEnv, "HOME", "", kDeny, kAsk, kAllow},
      {Capability::kEnv, "", "", kDeny, kAsk, kAllow},
      {Capability::kTool, "", "", kDeny, kAllow, kAllow},
      {Capability::kTool, "override", "", kDeny, kDeny, kAllow},
      {Capability::kTool, "bash", "", kDeny, kDeny, kDeny},
      {Capability::kSession, "", "", kAllow, kAllow, kAllow},
      {Capability::kUi, "", "", kAllow, kAllow, kAllow},
      {Capability::kEvents, "", "", kAllow, kAllow, kAllow},
      {Capability::kLog, "", "", kAllow, kAllow, kAllow},
      {Capability::kLog, "whatever", "", kAllow, kAllow, kAllow},
  };
  return rows;
}

TEST(Decision, ProfilesDecideAsTheTableSays) {
  for (const MatrixRow& row : matrix()) {
    const Question question = about(row.capability, row.target, row.address);
    const auto where =
        std::string(protocol::to_string(row.capability)) + " " + row.target + " " + row.address;
    EXPECT_EQ(decide(rules_with(Profile::kSafe), question).verdict, row.safe) << where;
    EXPECT_EQ(decide(rules_with(Profile::kBalanced), question).verdict, row.balanced) << where;
    EXPECT_EQ(decide(rules_with(Profile::kPermissive), question).verdict, row.permissive) << where;
  }
}

TEST(Decision, TheMatrixCoversEveryCapability) {
  for (const Capability capability : protocol::kCapabilities) {
    EXPECT_TRUE(std::any_of(matrix().begin(), matrix().end(), [capability](const MatrixRow& row) {
      return row.capability == capability;
    })) << protocol::to_string(capability);
  }
}

TEST(Decision, WithoutAProjectNothingIsInIt) {
  for (const char* project : {"", "project", "."}) {
    Rules rules = rules_with(Profile::kBalanced);
    rules.project = project;
    EXPECT_EQ(decide(rules, about(Capability::kRead, "/project/a")).verdict, kDeny) << project;
    EXPECT_EQ(decide(rules, about(Capability::kWrite, "/")).verdict, kDeny) << project;
  }
}

TEST(Decision, AnExtensionMayHaveItsOwnProfile) {
  Rules rules = rules_with(Profile::kPermissive);
  rules.extensions["ext"].profile = Profile::kSafe;
  EXPECT_EQ(decide(rules, about(Capability::kExec, "git")).verdict, kDeny);
  EXPECT_EQ(decide(rules, {"other", Capability::kExec, "git"}).verdict, kAllow);
}

// ---- precedence ----

TEST(Decision, TheFirstLayerThatSpeaksDecides) {
  const Grant git{Capability::kExec, "git"};
  Rules rules = rules_with(Profile::kSafe);
  const Question question = about(Capability::kExec, "git");
  EXPECT_EQ(decide(rules, question).rule, Rule::kDefaultDeny);
  rules.profile = Profile::kBalanced;
  EXPECT_EQ(decide(rules, question).verdict, kAsk);
  EXPECT_EQ(decide(rules, question).rule, Rule::kProfile);
  rules.grants = {git};
  EXPECT_EQ(decide(rules, question).verdict, kAllow);
  EXPECT_EQ(decide(rules, question).rule, Rule::kGrant);
  rules.denies = {git};
  EXPECT_EQ(decide(rules, question).verdict, kDeny);
  EXPECT_EQ(decide(rules, question).rule, Rule::kGlobalDeny);
  rules.extensions["ext"].grants = {git};
  EXPECT_EQ(decide(rules, question).rule, Rule::kGlobalDeny);
  rules.extensions["ext"].denies = {git};
  EXPECT_EQ(decide(rules, question).rule, Rule::kExtensionDeny);
  rules.profile = Profile::kPermissive;
  EXPECT_EQ(decide(rules, question).verdict, kDeny);
}

TEST(Decision, RulesOfOneExtensionDoNotTouchAnother) {
  Rules rules = rules_with(Profile::kSafe);
  rules.extensions["other"].grants = {{Capability::kExec, ""}};
  rules.extensions["other"].denies = {{Capability::kLog, ""}};
  EXPECT_EQ(decide(rules, about(Capability::kExec, "git")).verdict, kDeny);
  EXPECT_EQ(decide(rules, about(Capability::kLog)).verdict, kAllow);
  EXPECT_EQ(decide(rules, {"other", Capability::kExec, "git"}).verdict, kAllow);
  EXPECT_EQ(decide(rules, {"other", Capability::kLog, ""}).verdict, kDeny);
}

TEST(Decision, NothingCanDenyWhatNeedsNoCapability) {
  Rules rules = rules_with(Profile::kSafe);
  for (const Capability capability : protocol::kCapabilities)
    rules.denies.push_back({capability, ""});
  EXPECT_EQ(decide(rules, about(Capability::kNone, "x")).verdict, kAllow);
}

// ---- scopes ----

struct ScopeRow {
  const char* grant;
  Capability capability;
  const char* target;
  const char* address;
  bool is_granted;
};

TEST(Decision, AGrantCoversExactlyItsScope) {
  for (const ScopeRow& row : std::vector<ScopeRow>{
           {"read", Capability::kRead, "/etc/passwd", "", true},
           {"read", Capability::kWrite, "/etc/passwd", "", false},
           {"read:/etc", Capability::kRead, "/etc/passwd", "", true},
           {"read:/etc", Capability::kRead, "/etcetera", "", false},
           {"read:/etc", Capability::kRead, "/etc/../root", "", false},
           {"read:/etc", Capability::kRead, "", "", false},
           {"write:/tmp/x", Capability::kWrite, "/tmp/x/y", "", true},
           {"write:/tmp/x", Capability::kWrite, "/tmp", "", false},
           {"exec:git", Capability::kExec, "git", "", true},
           {"exec:git", Capability::kExec, "git2", "", false},
           {"exec:git", Capability::kExec, "GIT", "", false},
           {"exec:git", Capability::kExec, "/tmp/git", "", false},
           {"exec:/usr/bin/git", Capability::kExec, "/usr/bin/git", "", true},
           {"exec:/usr/bin/git", Capability::kExec, "/usr/bin/../bin/git", "", true},
           {"exec:/usr/bin/git", Capability::kExec, "git", "", false},
           {"exec:git", Capability::kExec, "", "", false},
           {"exec", Capability::kExec, "anything", "", true},
           {"http", Capability::kHttp, "example.com:80", "", true},
           {"http", Capability::kHttp, "example.com:80", "8.8.8.8", true},
           {"http", Capability::kHttp, "example.com:80", "10.0.0.1", false},
           {"http", Capability::kHttp, "10.0.0.1", "", false},
           {"http", Capability::kHttp, "localhost", "", false},
           {"http:example.com", Capability::kHttp, "EXAMPLE.com:8080", "", true},
           {"http:example.com", Capability::kHttp, "www.example.com", "", false},
           {"http:example.com", Capability::kHttp, "example.com.evil.net", "", false},
           {"http:example.com:443", Capability::kHttp, "example.com:443", "", true},
           {"http:example.com:443", Capability::kHttp, "example.com:80", "", false},
           {"http:example.com:443", Capability::kHttp, "example.com", "", false},
           {"http:example.com", Capability::kHttp, "example.com:80", "192.168.0.1", false},
           {"http:192.168.0.1", Capability::kHttp, "192.168.0.1:80", "", true},
           {"http:192.168.0.1", Capability::kHttp, "192.168.0.1:80", "192.168.0.1", true},
           {"http:192.168.0.1", Capability::kHttp, "192.168.0.2:80", "", false},
           {"http:192.168.0.1", Capability::kHttp, "router.lan:80", "192.168.0.1", true},
           {"http:192.168.0.1", Capability::kHttp, "router.lan:80", "192.168.0.2", false},
           {"http:192.168.0.1:81", Capability::kHttp, "router.lan:80", "192.168.0.1", false},
           {"http:[::1]", Capability::kHttp, "[0:0::1]:80", "", true},
           {"http:localhost:3000", Capability::kHttp, "localhost:3000", "", true},
           {"http:localhost:3000", Capability::kHttp, "localhost:3000", "127.0.0.1", true},
           {"http:localhost:3000", Capability::kHttp, "localhost:3000", "10.0.0.1", false},
           {"http:localhost:3000", Capability::kHttp, "localhost:3001", "127.0.0.1", false},
           {"http:localhost", Capability::kHttp, "evil.com:80", "127.0.0.1", false},
           {"env", Capability::kEnv, "HOME", "", true},
           {"tool", Capability::kTool, "", "", true},
           {"tool", Capability::kTool, "override", "", false},
           {"tool:override", Capability::kTool, "override", "", true},
           {"tool:override", Capability::kTool, "", "", false},
       }) {
    Rules rules = rules_with(Profile::kSafe);
    rules.grants = parse_grants(row.grant).value();
    const Decision decision = decide(rules, about(row.capability, row.target, row.address));
    EXPECT_EQ(decision.verdict == kAllow, row.is_granted)
        << row.grant << " for " << row.target << " " << row.address;
  }
}

TEST(Decision, ADenyTouchesEverythingThatMayBeMeant) {
  struct Row {
    Grant deny;
    Capability capability;
    const char* target;
    const char* address;
    bool is_denied;
  };
  for (const Row& row : std::vector<Row>{
           {{Capability::kRead, "/a/b"}, Capability::kRead, "/a/b/c", "", true},
           {{Capability::kRead, "/a/b"}, Capability::kRead, "/a/bc", "", false},
           {{Capability::kRead, "/a/b"}, Capability::kRead, "/a", "", false},
           {{Capability::kRead, "/a/b"}, Capability::kRead, "", "", true},
           {{Capability::kRead, "a/b"}, Capability::kRead, "/z", "", true},
           {{Capability::kWrite, "/a/b"}, Capability::kWrite, "/a/b", "", true},
           {{Capability::kWrite, "/a/b"}, Capability::kWrite, "/a", "", true},
           {{Capability::kWrite, "/a/b"}, Capability::kWrite, "/a/c", "", false},
           {{Capability::kExec, "rm"}, Capability::kExec, "rm", "", true},
           {{Capability::kExec, "rm"}, Capability::kExec, "/bin/rm", "", true},
           {{Capability::kExec, "rm"}, Capability::kExec, "/bin/rm2", "", false},
           {{Capability::kExec, "/bin/rm"}, Capability::kExec, "rm", "", true},
           {{Capability::kExec, "/bin/rm"}, Capability::kExec, "/usr/bin/rm", "", false},
           {{Capability::kExec, "./rm"}, Capability::kExec, "ls", "", true},
           {{Capability::kHttp, "evil.com"}, Capability::kHttp, "EVIL.com:80", "", true},
           {{Capability::kHttp, "evil.com:80"}, Capability::kHttp, "evil.com", "", true},
           {{Capability::kHttp, "evil.com:80"}, Capability::kHttp, "evil.com:81", "", false},
           {{Capability::kHttp, "8.8.8.8"}, Capability::kHttp, "dns.com:53", "8.8.8.8", true},
           {{Capability::kHttp, "8.8.8.8"}, Capability::kHttp, "dns.com:53", "8.8.4.4", false},
           {{Capability::kHttp, "8.8.8.8"}, Capability::kHttp, "dns.com:53", "", false},
           {{Capability::kHttp, "localhost"}, Capability::kHttp, "x.com:1", "127.0.0.2", true},
           {{Capability::kHttp, "a b"}, Capability::kHttp, "x.com", "", true},
           {{Capability::kHttp, "evil.com"}, Capability::kHttp, "", "", true},
           {{Capability::kTool, "override"}, Capability::kTool, "override", "", true},
           {{Capability::kTool, "override"}, Capability::kTool, "", "", false},
           {{Capability::kTool, ""}, Capability::kTool, "override", "", true},
           {{Capability::kTool, "odd"}, Capability::kTool, "", "", true},
           {{Capability::kLog, "odd"}, Capability::kLog, "", "", true},
           {{Capability::kLog, ""}, Capability::kUi, "", "", false},
       }) {
    Rules rules = rules_with(Profile::kPermissive);
    rules.denies = {row.deny};
    EXPECT_EQ(decide(rules, about(row.capability, row.target, row.address)).verdict == kDeny,
              row.is_denied)
        << to_string(row.deny) << " for " << row.target << " " << row.address;
  }
}

// ---- texts ----

TEST(Decision, ADenialSaysWhatWouldGrantIt) {
  const Decision decision = decide(rules_with(Profile::kSafe), about(Capability::kExec, "git"));
  EXPECT_EQ(decision.remedy, "--allow exec:git");
  EXPECT_EQ(decision.sentence,
            "exec of \"git\" is not allowed in the profile \"safe\"; to allow it for one run, add "
            "--allow exec:git");
  EXPECT_EQ(to_string(decision.rule), "default_deny");
}

TEST(Decision, AnAskThatNobodyCanAnswerIsADenial) {
  const Decision asked = decide(rules_with(Profile::kBalanced), about(Capability::kEnv, "HOME"));
  EXPECT_EQ(asked.verdict, kAsk);
  EXPECT_EQ(asked.remedy, "--allow env");
  const Decision refused = without_person(asked);
  EXPECT_EQ(refused.verdict, kDeny);
  EXPECT_EQ(refused.rule, Rule::kUnanswered);
  EXPECT_THAT(refused.sentence, HasSubstr("nobody to ask"));
  EXPECT_THAT(refused.sentence, HasSubstr("--allow env"));
  const Decision allowed =
      without_person(decide(rules_with(Profile::kSafe), about(Capability::kUi)));
  EXPECT_EQ(allowed.verdict, kAllow);
}

TEST(Decision, ADenyRuleIsNamedAndHasNoRemedy) {
  Rules rules = rules_with(Profile::kPermissive);
  rules.denies = {{Capability::kRead, "/secret"}};
  const Decision decision = decide(rules, about(Capability::kRead, "/secret/key"));
  EXPECT_THAT(decision.sentence, HasSubstr("\"read:/secret\""));
  EXPECT_THAT(decision.sentence, HasSubstr("wins over every grant"));
  EXPECT_THAT(decision.remedy, IsEmpty());
}

TEST(Decision, AllowedQuestionsAreExplainedOnlyOnRequest) {
  const Rules rules = rules_with(Profile::kSafe);
  EXPECT_THAT(decide(rules, about(Capability::kUi)).sentence, IsEmpty());
  EXPECT_EQ(explain(rules, about(Capability::kUi)).sentence,
            "ui is allowed in the profile \"safe\"");
  EXPECT_EQ(explain(rules, about(Capability::kNone)).sentence, "this needs no capability");
}

TEST(Decision, RemediesAreReadyForAShell) {
  struct Row {
    Capability capability;
    std::string target;
    std::string address;
    std::string remedy;
  };
  for (const Row& row : std::vector<Row>{
           {Capability::kWrite, "/a b/it's", "", "--allow 'write:/a b/it'\\''s'"},
           {Capability::kWrite, "/a/x,y/z", "", "--allow write:/a"},
           {Capability::kWrite, "/a\x1b/b", "", "--allow write:/"},
           {Capability::kExec, "a,b", "", "--allow exec"},
           {Capability::kExec, "$(id)", "", "--allow 'exec:$(id)'"},
           {Capability::kHttp, "10.0.0.1:80", "", "--allow http:10.0.0.1:80"},
           {Capability::kHttp, "x.com:80", "10.0.0.1", "--allow http:10.0.0.1:80"},
           {Capability::kHttp, "x.com:80", "::1", "--allow 'http:[::1]:80'"},
           {Capability::kTool, "override", "", "--allow tool:override"},
           {Capability::kRead, "", "", "--allow read"},
           {Capability::kRead, "relative", "", ""},
       }) {
    const Question question = about(row.capability, row.target, row.address);
    EXPECT_EQ(decide(rules_with(Profile::kSafe), question).remedy, row.remedy) << row.target;
  }
}

// ---- properties ----

std::string arbitrary_path() {
  const auto parts = *rc::gen::resize(
      4, rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
             "a", "b", "ab", "..", "project", "x,y", "it's", "\x1b[2J", "new\nline", "")));
  std::string path = *rc::gen::element<std::string>("/", "/", "/project", "/project/", "");
  for (const std::string& part : parts) path += "/" + part;
  return path;
}

std::string arbitrary_target(Capability capability) {
  switch (capability) {
    case Capability::kRead:
    case Capability::kWrite:
      return *rc::gen::oneOf(rc::gen::just(""s), rc::gen::exec(arbitrary_path));
    case Capability::kExec:
      return *rc::gen::element<std::string>("", "git", "rm", "/bin/rm", "/usr/bin/../bin/git",
                                            "./x", "a,b", "a b", "..");
    case Capability::kHttp:
      return *rc::gen::element<std::string>("", "a.com", "A.com:80", "a.com:443", "b.com",
                                            "localhost:80", "10.0.0.1", "10.0.0.1:80", "8.8.8.8",
                                            "[::1]:80", "127.1", "x y");
    case Capability::kTool: return *rc::gen::element<std::string>("", "override", "bash");
    default: return *rc::gen::element<std::string>("", "HOME");
  }
}

std::string arbitrary_address(Capability capability) {
  if (capability != Capability::kHttp) return {};
  return *rc::gen::element<std::string>("", "", "8.8.8.8", "10.0.0.1", "127.0.0.1", "::1", "bad");
}

/// Those with a scope come up more often.
Capability arbitrary_capability() {
  return *rc::gen::weightedOneOf<Capability>(
      {{1, rc::gen::elementOf(protocol::kCapabilities)},
       {4, rc::gen::element(Capability::kRead, Capability::kWrite, Capability::kExec,
                            Capability::kHttp, Capability::kTool)}});
}

/// Mostly about that capability, because a rule about another one has nothing to say.
Grant arbitrary_rule(Capability capability) {
  if (*rc::gen::inRange(0, 5) == 0) capability = arbitrary_capability();
  return {capability, arbitrary_target(capability)};
}

std::vector<Grant> arbitrary_rules(Capability capability) {
  std::vector<Grant> rules;
  const int count = *rc::gen::inRange(0, 3);
  for (int i = 0; i < count; ++i) rules.push_back(arbitrary_rule(capability));
  return rules;
}

Rules arbitrary_snapshot(Capability capability) {
  Rules rules = rules_with(*rc::gen::elementOf(kProfiles));
  rules.denies = arbitrary_rules(capability);
  rules.grants = arbitrary_rules(capability);
  rules.extensions["ext"].denies = arbitrary_rules(capability);
  rules.extensions["ext"].grants = arbitrary_rules(capability);
  if (*rc::gen::arbitrary<bool>()) rules.extensions["ext"].profile = *rc::gen::elementOf(kProfiles);
  return rules;
}

struct OwnedQuestion {
  Capability capability = arbitrary_capability();
  std::string target = arbitrary_target(capability);
  std::string address = arbitrary_address(capability);

  [[nodiscard]] Question view() const { return about(capability, target, address); }
};

/// One of the lists of rules that can apply to "ext".
std::vector<Grant>& list_of(Rules& rules, bool is_global, bool is_deny) {
  ExtensionRules& own = rules.extensions["ext"];
  if (is_deny) return is_global ? rules.denies : own.denies;
  return is_global ? rules.grants : own.grants;
}

RC_GTEST_PROP(Decision, AnotherDenyNeverLoosens, ()) {
  const OwnedQuestion question;
  Rules rules = arbitrary_snapshot(question.capability);
  const Verdict before = decide(rules, question.view()).verdict;
  list_of(rules, *rc::gen::arbitrary<bool>(), true).push_back(arbitrary_rule(question.capability));
  const Verdict after = decide(rules, question.view()).verdict;
  RC_ASSERT(after == before || after == kDeny);
}

RC_GTEST_PROP(Decision, AnotherGrantNeverTightens, ()) {
  const OwnedQuestion question;
  Rules rules = arbitrary_snapshot(question.capability);
  const Verdict before = decide(rules, question.view()).verdict;
  list_of(rules, *rc::gen::arbitrary<bool>(), false).push_back(arbitrary_rule(question.capability));
  const Verdict after = decide(rules, question.view()).verdict;
  RC_ASSERT(after == before || after == kAllow);
}

RC_GTEST_PROP(Decision, AWiderProfileNeverTightens, ()) {
  const OwnedQuestion question;
  Rules rules = arbitrary_snapshot(question.capability);
  rules.extensions["ext"].profile.reset();
  const auto freedom = [&rules, &question](Profile profile) {
    rules.profile = profile;
    return -static_cast<int>(decide(rules, question.view()).verdict);
  };
  RC_ASSERT(freedom(Profile::kSafe) <= freedom(Profile::kBalanced));
  RC_ASSERT(freedom(Profile::kBalanced) <= freedom(Profile::kPermissive));
}

RC_GTEST_PROP(Decision, WhatAGrantCoversADenyOfTheSameScopeTouches, ()) {
  const OwnedQuestion question;
  const Grant rule = arbitrary_rule(question.capability);
  Rules granted = rules_with(Profile::kSafe);
  granted.project.clear();
  Rules denied = granted;
  granted.grants = {rule};
  denied.denies = {rule};
  if (decide(granted, question.view()).rule != Rule::kGrant) return;
  RC_ASSERT(decide(denied, question.view()).rule == Rule::kGlobalDeny);
}

/// What a shell makes of one word as `shell_word` writes it.
std::string unquoted(const std::string& word) {
  if (!word.starts_with('\'')) return word;
  std::string text = word.substr(1, word.size() - 2);
  for (std::size_t at = 0; (at = text.find("'\\''", at)) != std::string::npos; ++at) {
    text.replace(at, 4, "'");
  }
  return text;
}

RC_GTEST_PROP(Decision, TheRemedyIsReadableAndHelps, ()) {
  const OwnedQuestion question;
  Rules rules = rules_with(*rc::gen::elementOf(kProfiles));
  rules.grants = arbitrary_rules(question.capability);
  const Decision decision = decide(rules, question.view());
  if (decision.remedy.empty()) return;
  const std::string prefix = "--allow ";
  RC_ASSERT(decision.remedy.starts_with(prefix));
  const auto grants = parse_grants(unquoted(decision.remedy.substr(prefix.size())));
  RC_ASSERT(grants.has_value());
  rules.grants.insert(rules.grants.end(), grants->begin(), grants->end());
  RC_ASSERT(decide(rules, question.view()).verdict == kAllow);
}

RC_GTEST_PROP(Decision, SentencesAreSafeForATerminalAndAlwaysThere, ()) {
  const OwnedQuestion question;
  const Rules rules = arbitrary_snapshot(question.capability);
  const Decision decision = without_person(explain(rules, question.view()));
  RC_ASSERT(!decision.sentence.empty());
  RC_ASSERT(decision.sentence.find('\x1b') == std::string::npos);
  RC_ASSERT(decision.remedy.find('\x1b') == std::string::npos);
  RC_ASSERT(decide(rules, question.view()).verdict == explain(rules, question.view()).verdict);
}

}  // namespace
}  // namespace isopod::policy
