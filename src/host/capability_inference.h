// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <vector>

#include "typescript/strip.h"
#include "typescript/survey.h"

namespace isopod::host {

/// One file of an extension, as far as reading tells.
struct SurveyedFile {
  typescript::ModuleShape shape;
  typescript::Survey survey;
};

/// The capabilities that code visibly needs, as grants are written ("exec:git", "read"), sorted;
/// a capability without a scope stands for all its scopes. An estimate for a person to look at,
/// never a decision: code can hide what it does, and only policy stops it. Pure.
std::set<std::string> infer_capabilities(const std::vector<SurveyedFile>& files);

}  // namespace isopod::host
