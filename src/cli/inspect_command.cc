// SPDX-License-Identifier: MIT
#include "cli/inspect_command.h"

#include <memory>
#include <string>
#include <utility>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/report.h"
#include "cli/session.h"

namespace isopod::cli {
namespace {

constexpr int kIndent = 2;

std::string joined(const Json& list) {
  std::string text;
  for (const Json& item : list) {
    text += (text.empty() ? "" : ", ") + printable(item.get<std::string>(), Sgr::kDrop);
  }
  return text;
}

/// The lines about capabilities, for people.
std::string capability_lines(const Json& looked) {
  const Json& capabilities = looked["capabilities"];
  const std::string needs = joined(capabilities["inferred"]);
  std::string text = "needs: " + (needs.empty() ? "no capability" : needs) + "\n";
  if (!capabilities["missing"].empty()) {
    text += "missing here: " + joined(capabilities["missing"]) + "\n";
  }
  if (!looked["notes"].empty()) {
    text += "cannot be seen from outside: it " + joined(looked["notes"]) + "\n";
  }
  return text;
}

/// What looking at the files tells; nothing when they cannot be read as code.
Result<Json> look(Session& session, const std::string& path) {
  const Result<std::string> text = session.host().inspect_statically(path);
  return text ? parse_json(*text) : fail(text.error());
}

int refuse(Session& session, const std::string& name, const Error& error) {
  session.err().write(describe(session.err(), printable(name, Sgr::kDrop), error));
  return error.code == Code::kDenied ? kRefused : kFailed;
}

int inspect_static(Session& session, const Invocation& invocation) {
  const std::string& path = invocation.extensions[0];
  const Result<Json> looked = look(session, path);
  const bool json = invocation.format == OutputFormat::kJson;
  if (!looked) {
    if (json) {
      session.out().write(
          dump_json({{"extension", path}, {"ok", false}, {"error", to_json(looked.error())}},
                    kIndent) +
          "\n");
    }
    return refuse(session, path, looked.error());
  }
  Json document = {{"ok", true}, {"error", nullptr}};
  document.update(*looked);
  session.out().write(json ? dump_json(document, kIndent) + "\n" : capability_lines(*looked));
  return kSuccess;
}

Result<Json> document_of(Session& session, const ExtensionInfo& info) {
  Json document = {{"extension", info.path}, {"id", info.id}, {"ok", info.ok}, {"error", nullptr}};
  if (!info.ok) {
    document["error"] = to_json(info.error);
    return document;
  }
  const Result<std::string> text = session.host().registrations(info.id);
  Result<Json> registrations = text ? parse_json(*text) : fail(text.error());
  if (!registrations) return registrations;
  for (const auto& [name, value] : registrations->items()) {
    if (!document.contains(name)) document[name] = value;
  }
  return document;
}

}  // namespace

Result<int> inspect(const Invocation& invocation) {
  auto started = Session::start(invocation, Session::Person::kAbsent);
  if (!started) return fail(std::move(started.error()));
  Session& session = **started;
  if (invocation.inspect == Invocation::Inspect::kStatic) {
    return inspect_static(session, invocation);
  }
  const ExtensionInfo info = session.host().load(invocation.extensions[0]);
  Result<Json> document = document_of(session, info);
  if (!document) return fail(std::move(document.error()));
  const Result<Json> looked = look(session, invocation.extensions[0]);
  if (looked) (*document)["capabilities"] = (*looked)["capabilities"];
  session.host().shutdown();
  if (invocation.format == OutputFormat::kJson) {
    session.out().write(dump_json(*document, kIndent) + "\n");
  } else if (info.ok) {
    session.out().write(registrations_text(session.out(), info, *document));
    if (looked) session.out().write(capability_lines(*looked));
  }
  return info.ok ? kSuccess : refuse(session, info.id, info.error);
}

}  // namespace isopod::cli
