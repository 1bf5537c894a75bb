// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/grants.h"
#include "policy/profile.h"
#include "protocol/capability.h"

/// Whether an extension may do something: a pure function over an immutable snapshot of rules,
/// without I/O and without a clock. The first of these that speaks decides: a deny rule for the
/// extension, a global deny rule, a grant, the profile; when none does, the answer is no.
namespace isopod::policy {

/// Rules for one extension.
struct ExtensionRules {
  std::optional<Profile> profile = {};  ///< instead of the global one
  std::vector<Grant> denies = {};
  std::vector<Grant> grants = {};
};

/// Everything a decision depends on. Made once and shared as `const`; a change makes a new one.
struct Rules {
  Profile profile = Profile::kBalanced;
  std::string project = {};        ///< absolute; empty: nothing is in the project
  std::vector<Grant> denies = {};  ///< for every extension
  std::vector<Grant> grants = {};  ///< for every extension
  std::map<std::string, ExtensionRules, std::less<>> extensions = {};  ///< by extension id
};

/// What is asked. A parameter: the texts must outlive the call only.
struct Question {
  std::string_view extension;
  Capability capability = Capability::kNone;

  /// What it is about; empty asks for all of the capability.
  ///   read, write  an absolute path
  ///   exec         a program's bare name, or its absolute path
  ///   http         HOST or HOST:PORT; empty asks for public hosts
  ///   tool         "override" to replace an existing tool; empty to call one
  ///   others       anything, it does not matter
  std::string_view target = {};

  /// For http, once it is known: the address that the host resolved to. Ask again with it before
  /// the connection is used, because a public name may lead to a private address.
  std::string_view address = {};
};

enum class Verdict { kAllow, kAsk, kDeny };
std::string_view to_string(Verdict verdict);

/// Which rule decided. The words of `to_string` are stable.
enum class Rule {
  kUngated,        ///< needs no capability
  kInvalidTarget,  ///< a target of the wrong form, such as a relative path
  kExtensionDeny,  ///< a deny rule for this extension
  kGlobalDeny,     ///< a deny rule for all
  kGrant,          ///< `--allow` or an acknowledgement
  kProfile,        ///< what the profile allows, or asks about
  kDefaultDeny,    ///< nothing allows it
  kUnanswered,     ///< the profile asks, and nobody is there to answer
};
std::string_view to_string(Rule rule);

struct Decision {
  Verdict verdict = Verdict::kDeny;
  Rule rule = Rule::kDefaultDeny;
  std::string sentence = {};  ///< why, and what to do, for a person; safe for a terminal
  std::string remedy = {};    ///< the option that would grant it, ready for a shell; or empty
};

/// Decides. An allowed question costs no sentence: both texts stay empty.
Decision decide(const Rules& rules, const Question& question);

/// The same decision, with the sentence also when allowed.
Decision explain(const Rules& rules, const Question& question);

/// What becomes of a decision when nobody can be asked: `kAsk` turns into `kDeny`.
Decision without_person(Decision decision);

}  // namespace isopod::policy
