// SPDX-License-Identifier: MIT
#include "cli/run_command.h"

#include <chrono>
#include <utility>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/report.h"
#include "cli/session.h"
#include "cli/watch.h"
#include "host/tool_call.h"
#include "settings/describe.h"

namespace isopod::cli {
namespace {

constexpr int kIndent = 2;

Result<Json> carry_out(Host& host, const Action& action) {
  Result<std::string> text = std::string("null");
  if (action.kind == Action::Kind::kCall) text = host.call_tool(action.name, action.json);
  if (action.kind == Action::Kind::kEmit) text = host.emit(action.name, action.json);
  if (action.kind == Action::Kind::kCommand) {
    if (Result<> ran = host.run_command(action.name); !ran) return fail(std::move(ran.error()));
  }
  if (!text) return fail(std::move(text.error()));
  return parse_json(*text);
}

ActionResult perform(Host& host, const Action& action) {
  ActionResult result{.action = action};
  const auto before = std::chrono::steady_clock::now();
  Result<Json> value = carry_out(host, action);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - before;
  result.duration_ms = took.count();
  if (!value) {
    result.error = std::move(value.error());
    return result;
  }
  result.value = *std::move(value);
  result.ok = !(action.kind == Action::Kind::kCall && host::says_error(result.value));
  if (!result.ok) result.error = {Code::kException, result_text(result.value), {}, {}};
  return result;
}

void print_results(Session& session, const std::vector<ActionResult>& results) {
  for (const ActionResult& result : results) {
    if (!result.ok) {
      session.err().write(
          describe(session.err(), printable(result.action.name, Sgr::kDrop), result.error));
    } else if (result.action.kind == Action::Kind::kCall) {
      session.out().write(printable(result_text(result.value), Sgr::kKeep) + "\n");
    } else if (result.action.kind == Action::Kind::kEmit) {
      session.out().write(printable(dump_json(result.value, kIndent), Sgr::kDrop) + "\n");
    }
  }
}

void print_registrations(Session& session, const std::vector<ExtensionInfo>& extensions) {
  for (const ExtensionInfo& info : extensions) {
    if (!info.ok) continue;
    const Result<std::string> text = session.host().registrations(info.id);
    const Result<Json> registrations = text ? parse_json(*text) : fail(text.error());
    if (registrations) session.out().write(registrations_text(session.out(), info, *registrations));
  }
  if (extensions.empty()) session.err().write("No extension to load. Name one: isopod run FILE\n");
}

/// Fires session_start, as an agent does once everything is loaded; what its handlers throw is
/// shown.
void start_session(Session& session) {
  const Result<std::string> text =
      session.host().emit("session_start", R"({"type":"session_start","reason":"startup"})");
  const Result<Json> value = text ? parse_json(*text) : fail(text.error());
  if (!value) return;
  for (const Json& error : (*value)["errors"]) {
    session.err().write(describe(
        session.err(), json_string(error, "extension") + " session_start",
        {Code::kException, json_string(error, "message"), {}, json_string(error, "stack")}));
  }
}

int exit_code_of(const std::vector<ExtensionInfo>& extensions,
                 const std::vector<ActionResult>& results) {
  int code = kSuccess;
  for (const ExtensionInfo& info : extensions) {
    if (info.ok) continue;
    if (info.error.code == Code::kDenied) return kRefused;
    code = kFailed;
  }
  for (const ActionResult& result : results) {
    if (!result.ok) code = kFailed;
  }
  return code;
}

Result<int> run_once(const Invocation& invocation, std::vector<ExtensionInfo>& extensions) {
  for (const Action& action : invocation.actions) {
    Result<Json> parsed = parse_json(action.json);
    if (!parsed) {
      return fail(Code::kUsage,
                  "the JSON given for " + action.name + " is " + parsed.error().message);
    }
  }
  auto started = Session::start(invocation, Session::Person::kAsked);
  if (!started) return fail(std::move(started.error()));
  Session& session = **started;
  if (Result<> loaded = session.load_extensions(invocation); !loaded)
    return fail(std::move(loaded.error()));
  Host& host = session.host();
  extensions = host.extensions();
  for (const ExtensionInfo& info : extensions) {
    if (!info.ok)
      session.err().write(describe(session.err(), printable(info.id, Sgr::kDrop), info.error));
  }
  start_session(session);
  std::vector<ActionResult> results;
  for (const Action& action : invocation.actions) results.push_back(perform(host, action));
  host.shutdown();
  if (invocation.format == OutputFormat::kJson) {
    session.out().write(dump_json(run_document(extensions, results, session), kIndent) + "\n");
  } else {
    print_results(session, results);
    if (invocation.actions.empty()) print_registrations(session, extensions);
  }
  return exit_code_of(extensions, results);
}

/// The folders whose files a change may be in.
std::vector<std::string> folders_of(const std::vector<ExtensionInfo>& extensions) {
  std::vector<std::string> folders;
  for (const ExtensionInfo& info : extensions) {
    const std::size_t slash = info.path.rfind('/');
    folders.push_back(slash == std::string::npos ? "." : info.path.substr(0, slash + 1));
  }
  return folders;
}

}  // namespace

Result<int> run(const Invocation& invocation) {
  for (;;) {
    std::vector<ExtensionInfo> extensions;
    Result<int> code = run_once(invocation, extensions);
    if (!code || invocation.repeat == Invocation::Repeat::kOnce) return code;
    const Terminal err(Terminal::Stream::kErr, invocation.colour);
    err.write(err.styled(Style::kDim, "isopod: waiting for a change; Ctrl-C ends") + "\n");
    wait_for_change(folders_of(extensions));
  }
}

Result<int> show_settings(const Invocation& invocation) {
  const Terminal out(Terminal::Stream::kOut, invocation.colour);
  if (invocation.settings_view == Invocation::SettingsView::kSchema) {
    out.write(dump_json(settings::schema(), kIndent) + "\n");
    return kSuccess;
  }
  Result<std::unique_ptr<Workspace>> workspace = Workspace::find(invocation);
  if (!workspace) return fail(std::move(workspace.error()));
  Json list = Json::array();
  std::string lines;
  for (const settings::Effective& effective : (*workspace)->settings().effective()) {
    const Json entry = settings::to_json(effective);
    lines += effective.name + " = " + printable(dump_json(entry["value"]), Sgr::kDrop) + "  " +
             out.styled(Style::kDim, "(" + json_string(entry["origin"], "layer") + ")") + "\n";
    list.push_back(entry);
  }
  const bool json = invocation.format == OutputFormat::kJson;
  out.write(json ? dump_json({{"settings", list}}, kIndent) + "\n" : lines);
  const Terminal err(Terminal::Stream::kErr, invocation.colour);
  for (const std::string& warning : (*workspace)->settings().warnings())
    err.write("isopod: " + warning + "\n");
  return kSuccess;
}

}  // namespace isopod::cli
