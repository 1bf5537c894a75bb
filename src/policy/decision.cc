// SPDX-License-Identifier: MIT
#include "policy/decision.h"

#include <cstddef>
#include <utility>

#include "base/text.h"
#include "policy/coverage.h"
#include "policy/path_scope.h"

namespace isopod::policy {
namespace {

struct Judgment {
  Verdict verdict;
  Rule rule;
  const Grant* matched = nullptr;  ///< the deny rule or grant, in the `Rules`
};

const ExtensionRules* rules_of(const Rules& rules, std::string_view extension) {
  const auto found = rules.extensions.find(extension);
  return found != rules.extensions.end() ? &found->second : nullptr;
}

Profile profile_of(const Rules& rules, std::string_view extension) {
  const ExtensionRules* const own = rules_of(rules, extension);
  return own != nullptr ? own->profile.value_or(rules.profile) : rules.profile;
}

const Grant* first_touching(const std::vector<Grant>& denies, const Target& target) {
  for (const Grant& deny : denies) {
    if (deny_touches(deny, target)) return &deny;
  }
  return nullptr;
}

const Grant* first_covering(const std::vector<Grant>& grants, const Target& target) {
  for (const Grant& grant : grants) {
    if (grant_covers(grant, target)) return &grant;
  }
  return nullptr;
}

bool is_in_project(const Rules& rules, const Target& target) {
  return !target.is_whole && path_scope_covers(rules.project, target.text);
}

/// What the profile says, where `kDeny` means that it says nothing.
Verdict by_profile(Profile profile, const Rules& rules, const Target& target) {
  const auto allow_if = [](bool condition) { return condition ? Verdict::kAllow : Verdict::kDeny; };
  if (profile == Profile::kPermissive) return Verdict::kAllow;
  const bool is_balanced = profile == Profile::kBalanced;
  switch (target.capability) {
    case Capability::kRead: return allow_if(is_in_project(rules, target));
    case Capability::kWrite: return allow_if(is_balanced && is_in_project(rules, target));
    case Capability::kHttp: return allow_if(is_balanced && !target.is_private());
    case Capability::kTool: return allow_if(is_balanced && target.text != kToolOverride);
    case Capability::kExec:
    case Capability::kEnv: return is_balanced ? Verdict::kAsk : Verdict::kDeny;
    case Capability::kSession:
    case Capability::kUi:
    case Capability::kEvents:
    case Capability::kLog: return Verdict::kAllow;
    case Capability::kNone: break;
  }
  return Verdict::kDeny;
}

Judgment judge(const Rules& rules, const Question& question) {
  if (question.capability == Capability::kNone) return {Verdict::kAllow, Rule::kUngated};
  const auto target = read_target(question.capability, question.target, question.address);
  if (!target) return {Verdict::kDeny, Rule::kInvalidTarget};
  const ExtensionRules* const own = rules_of(rules, question.extension);
  if (own != nullptr) {
    if (const Grant* const deny = first_touching(own->denies, *target); deny != nullptr) {
      return {Verdict::kDeny, Rule::kExtensionDeny, deny};
    }
  }
  if (const Grant* const deny = first_touching(rules.denies, *target); deny != nullptr) {
    return {Verdict::kDeny, Rule::kGlobalDeny, deny};
  }
  const Grant* grant = own != nullptr ? first_covering(own->grants, *target) : nullptr;
  if (grant == nullptr) grant = first_covering(rules.grants, *target);
  if (grant != nullptr) return {Verdict::kAllow, Rule::kGrant, grant};
  const Verdict verdict = by_profile(profile_of(rules, question.extension), rules, *target);
  return {verdict, verdict == Verdict::kDeny ? Rule::kDefaultDeny : Rule::kProfile};
}

// ---- texts ----

std::string quoted(std::string_view text) {
  constexpr std::size_t kShownBytesMax = 200;
  std::string shown = printable(text.substr(0, kShownBytesMax), Sgr::kDrop);
  if (text.size() > kShownBytesMax) shown += "...";
  return '"' + shown + '"';
}

/// What was asked, such as: exec of "git".
std::string subject(const Question& question) {
  std::string text(protocol::to_string(question.capability));
  if (question.capability == Capability::kTool) {
    return question.target.empty() ? "calling other tools" : "replacing an existing tool";
  }
  if (!question.target.empty()) {
    text += question.capability == Capability::kHttp ? " to " : " of ";
    text += quoted(question.target);
  }
  if (!question.address.empty()) text += " at " + quoted(question.address);
  return text;
}

/// Single quotes where a shell would read something else than the text.
std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=";
  if (text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

/// Whether a grant list and a terminal can carry the text as it is.
bool is_writable_scope(std::string_view text) {
  return text.find_first_of(",\n\t") == std::string_view::npos && is_utf8(text) &&
         printable(text, Sgr::kDrop) == text;
}

std::string http_scope(const Question& question, const Target& target) {
  if (question.address.empty() || !target.is_private()) return std::string(question.target);
  std::string scope(question.address);
  if (scope.find(':') != std::string::npos && scope.front() != '[') scope = "[" + scope + "]";
  if (target.endpoint->port != 0) scope += ":" + std::to_string(target.endpoint->port);
  return scope;
}

/// The narrowest scope that grants the question and that can be written; empty for all of it.
std::string remedy_scope(const Question& question, const Target& target) {
  if (question.capability == Capability::kHttp) return http_scope(question, target);
  if (question.capability == Capability::kTool) return target.text;
  if (target.is_whole) return {};
  std::string scope = target.text;
  if (question.capability == Capability::kExec) return is_writable_scope(scope) ? scope : "";
  while (!is_writable_scope(scope)) {
    const std::size_t slash = scope.rfind('/');
    scope = slash == 0 ? "/" : scope.substr(0, slash);
  }
  return scope;
}

std::string remedy_for(const Question& question) {
  const auto target = read_target(question.capability, question.target, question.address);
  if (!target) return {};
  return "--allow " +
         shell_word(to_string(Grant{question.capability, remedy_scope(question, *target)}));
}

std::string sentence_for(const Rules& rules, const Question& question, const Judgment& judgment) {
  const std::string what = subject(question);
  const std::string rule = judgment.matched != nullptr ? quoted(to_string(*judgment.matched)) : "";
  const std::string profile = quoted(to_string(profile_of(rules, question.extension)));
  switch (judgment.rule) {
    case Rule::kUngated: return "this needs no capability";
    case Rule::kInvalidTarget:
      return what +
             " is refused: the target is malformed (a path must be absolute, a program a "
             "bare name or an absolute path, a host HOST or HOST:PORT)";
    case Rule::kExtensionDeny:
      return what + " is denied to extension " + quoted(question.extension) + " by the rule " +
             rule + "; a deny rule wins over every grant";
    case Rule::kGlobalDeny:
      return what + " is denied to every extension by the rule " + rule +
             "; a deny rule wins over every grant";
    case Rule::kGrant: return what + " is granted by " + rule;
    case Rule::kProfile:
      if (judgment.verdict == Verdict::kAllow)
        return what + " is allowed in the profile " + profile;
      return what + " needs a person's yes in the profile " + profile;
    case Rule::kDefaultDeny: return what + " is not allowed in the profile " + profile;
    case Rule::kUnanswered: break;
  }
  return what + " was not answered";
}

Decision described(const Rules& rules, const Question& question, const Judgment& judgment) {
  Decision decision{judgment.verdict, judgment.rule, sentence_for(rules, question, judgment), {}};
  const bool can_be_granted =
      judgment.verdict == Verdict::kAsk || judgment.rule == Rule::kDefaultDeny;
  if (!can_be_granted) return decision;
  decision.remedy = remedy_for(question);
  if (judgment.verdict == Verdict::kDeny) {
    decision.sentence += "; to allow it for one run, add " + decision.remedy;
  }
  return decision;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllow: return "allow";
    case Verdict::kAsk: return "ask";
    case Verdict::kDeny: return "deny";
  }
  return "deny";
}

std::string_view to_string(Rule rule) {
  switch (rule) {
    case Rule::kUngated: return "ungated";
    case Rule::kInvalidTarget: return "invalid_target";
    case Rule::kExtensionDeny: return "extension_deny";
    case Rule::kGlobalDeny: return "global_deny";
    case Rule::kGrant: return "grant";
    case Rule::kProfile: return "profile";
    case Rule::kDefaultDeny: return "default_deny";
    case Rule::kUnanswered: return "unanswered";
  }
  return "default_deny";
}

Decision decide(const Rules& rules, const Question& question) {
  const Judgment judgment = judge(rules, question);
  if (judgment.verdict == Verdict::kAllow) return {judgment.verdict, judgment.rule, {}, {}};
  return described(rules, question, judgment);
}

Decision explain(const Rules& rules, const Question& question) {
  return described(rules, question, judge(rules, question));
}

Decision without_person(Decision decision) {
  if (decision.verdict != Verdict::kAsk) return decision;
  decision.verdict = Verdict::kDeny;
  decision.rule = Rule::kUnanswered;
  decision.sentence +=
      ", and there is nobody to ask; to allow it for one run, add " + decision.remedy;
  return decision;
}

}  // namespace isopod::policy
