// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "isopod/host.h"

namespace isopod::cli {

/// How an action ended.
struct ActionResult {
  Action action;
  bool ok = false;
  Json value = nullptr;
  Error error = {};
  double duration_ms = 0;
};

/// The document that `run --json` prints.
Json run_document(const std::vector<ExtensionInfo>& extensions,
                  const std::vector<ActionResult>& results, Session& session);

Json to_json(const Error& error);

/// An error for a person: what happened, where, the extension's own stack.
std::string describe(const Terminal& terminal, const std::string& what, const Error& error);

/// A tool's result as text: its text blocks, a line for each image.
std::string result_text(const Json& value);

/// What an extension registers, for a person.
std::string registrations_text(const Terminal& terminal, const ExtensionInfo& info,
                               const Json& registrations);

}  // namespace isopod::cli
