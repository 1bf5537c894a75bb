// SPDX-License-Identifier: MIT
#include "cli/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace isopod::cli {
namespace {

std::string_view word_of(Action::Kind kind) {
  switch (kind) {
    case Action::Kind::kCall: return "call";
    case Action::Kind::kCommand: return "command";
    case Action::Kind::kEmit: return "emit";
  }
  return "call";
}

Json figures_document(const HostcallFigures& figures) {
  Json by_code = Json::object();
  for (const auto& [code, count] : figures.by_code) by_code[code] = count;
  return {{"issued", figures.issued},
          {"ok", figures.ok},
          {"error", figures.error},
          {"denied", figures.denied},
          {"timeout", figures.timeout},
          {"cancelled", figures.cancelled},
          {"in_flight", figures.in_flight},
          {"by_lane", {{"fast", figures.fast}, {"compat", figures.compat}}},
          {"by_code", std::move(by_code)}};
}

Json extension_document(const ExtensionInfo& info, const std::string& profile) {
  Json document = {{"id", info.id}, {"path", info.path}, {"ok", info.ok}};
  if (!info.ok) document["error"] = to_json(info.error);
  document.update({{"trust", "unknown"},
                   {"profile", profile},
                   {"placement", "thread"},
                   {"lane", info.lane},
                   {"lane_reason", info.lane_reason},
                   {"load_ms", static_cast<double>(info.load_time.count()) / 1000},
                   {"warm", false},
                   {"bytecode", "off"}});
  return document;
}

/// The first line of a description, for lists.
std::string first_line(const std::string& text) {
  return printable(text.substr(0, text.find('\n')), Sgr::kDrop);
}

}  // namespace

Json to_json(const Error& error) {
  Json document = {{"code", to_string(error.code)}, {"message", error.message}};
  if (const std::string where = error.where.to_string(); !where.empty()) document["where"] = where;
  if (!error.stack.empty()) document["stack"] = error.stack;
  return document;
}

Json run_document(const std::vector<ExtensionInfo>& extensions,
                  const std::vector<ActionResult>& results, Session& session) {
  Json document = {{"extensions", Json::array()}, {"results", Json::array()}};
  for (const ExtensionInfo& info : extensions) {
    document["extensions"].push_back(extension_document(info, session.profile()));
  }
  for (const ActionResult& result : results) {
    Json entry = {
        {"action", word_of(result.action.kind)}, {"name", result.action.name}, {"ok", result.ok}};
    if (result.ok || !result.value.is_null()) entry["value"] = result.value;
    if (!result.ok) entry["error"] = to_json(result.error);
    entry["duration_ms"] = result.duration_ms;
    document["results"].push_back(std::move(entry));
  }
  document["ui"] = session.ui_record();
  document["hostcalls"] = figures_document(session.host().hostcalls());
  return document;
}

std::string describe(const Terminal& terminal, const std::string& what, const Error& error) {
  std::string text = terminal.styled(Style::kRed, what + ":") + " " +
                     printable(error.describe(), Sgr::kDrop) + "\n";
  if (!error.stack.empty()) {
    std::string stack = printable(error.stack, Sgr::kDrop);
    if (!stack.ends_with('\n')) stack += '\n';
    text += terminal.styled(Style::kDim, stack);
  }
  return text;
}

std::string result_text(const Json& value) {
  if (!value.is_object() || !value.contains("content") || !value["content"].is_array())
    return dump_json(value, 2);
  std::string text;
  for (const Json& block : value["content"]) {
    if (!text.empty()) text += '\n';
    const std::string type = json_string(block, "type");
    text += type == "text" ? json_string(block, "text") : "[" + type + "]";
  }
  return text;
}

std::string registrations_text(const Terminal& terminal, const ExtensionInfo& info,
                               const Json& registrations) {
  std::string text = terminal.styled(Style::kBold, info.id) + "  " +
                     terminal.styled(Style::kDim, printable(info.path, Sgr::kDrop)) + "\n";
  const auto list = [&](const char* kind, const char* title, const char* name) {
    if (!registrations.contains(kind)) return;
    for (const Json& item : registrations[kind]) {
      text +=
          fmt::format("  {:<9} {:<20} {}\n", title, printable(json_string(item, name), Sgr::kDrop),
                      first_line(json_string(item, "description")));
    }
  };
  list("tools", "tool", "name");
  list("commands", "command", "name");
  list("flags", "flag", "name");
  list("shortcuts", "shortcut", "key");
  if (registrations.contains("handlers")) {
    for (const auto& [event, count] : registrations["handlers"].items()) {
      text += fmt::format("  {:<9} {:<20} {}\n", "handler", printable(event, Sgr::kDrop),
                          count == 1 ? "" : dump_json(count) + " of them");
    }
  }
  list("providers", "provider", "name");
  return text;
}

}  // namespace isopod::cli
