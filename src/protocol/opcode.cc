// SPDX-License-Identifier: MIT
#include "protocol/opcode.h"

#include <array>

#include "base/check.h"

namespace isopod::protocol {
namespace {

using enum Opcode;
using C = Capability;

constexpr std::array kTable = {
    OpcodeInfo{kAgentAct, "agent.act", C::kSession,
               "do something to the conversation or the agent"},
    OpcodeInfo{kAgentState, "agent.state", C::kNone, "read what the agent does now"},
    OpcodeInfo{kEnvGet, "env.get", C::kEnv, "read an environment variable"},
    OpcodeInfo{kEnvList, "env.list", C::kEnv, "read all environment variables"},
    OpcodeInfo{kEventsEmit, "events.emit", C::kEvents, "tell other extensions something"},
    OpcodeInfo{kExecEndInput, "exec.end_input", C::kNone, "close a child's standard input"},
    OpcodeInfo{kExecNext, "exec.next", C::kNone, "wait for news of a child"},
    OpcodeInfo{kExecRun, "exec.run", C::kExec, "run a program to its end"},
    OpcodeInfo{kExecSignal, "exec.signal", C::kNone, "signal a child"},
    OpcodeInfo{kExecSpawn, "exec.spawn", C::kExec, "start a program"},
    OpcodeInfo{kExecWrite, "exec.write", C::kNone, "write to a child's standard input"},
    OpcodeInfo{kFsAccess, "fs.access", C::kRead, "check what may be done with a file"},
    OpcodeInfo{kFsChange, "fs.change", C::kWrite, "change a file's mode or times"},
    OpcodeInfo{kFsClose, "fs.close", C::kNone, "close an open file"},
    OpcodeInfo{kFsCopy, "fs.copy", C::kWrite, "copy a file"},
    OpcodeInfo{kFsLink, "fs.link", C::kWrite, "make a hard link"},
    OpcodeInfo{kFsList, "fs.list", C::kRead, "list a directory"},
    OpcodeInfo{kFsMakeDirectory, "fs.make_directory", C::kWrite, "make a directory"},
    OpcodeInfo{kFsMakeTemporary, "fs.make_temporary", C::kWrite, "make a directory of a new name"},
    OpcodeInfo{kFsOpen, "fs.open", C::kRead, "open a file"},
    OpcodeInfo{kFsRead, "fs.read", C::kRead, "read a file"},
    OpcodeInfo{kFsReadLink, "fs.read_link", C::kRead, "read where a link points"},
    OpcodeInfo{kFsRealPath, "fs.real_path", C::kRead, "resolve the links of a path"},
    OpcodeInfo{kFsRemove, "fs.remove", C::kWrite, "remove a file or directory"},
    OpcodeInfo{kFsRename, "fs.rename", C::kWrite, "rename a file or directory"},
    OpcodeInfo{kFsStat, "fs.stat", C::kRead, "read a file's size, times and kind"},
    OpcodeInfo{kFsSymlink, "fs.symlink", C::kWrite, "make a symbolic link"},
    OpcodeInfo{kFsSync, "fs.sync", C::kNone, "flush an open file to the disk"},
    OpcodeInfo{kFsTruncate, "fs.truncate", C::kWrite, "set a file's length"},
    OpcodeInfo{kFsUnwatch, "fs.unwatch", C::kNone, "stop watching"},
    OpcodeInfo{kFsWatch, "fs.watch", C::kRead, "watch a file or directory"},
    OpcodeInfo{kFsWatchNext, "fs.watch_next", C::kNone, "wait for a change"},
    OpcodeInfo{kFsWrite, "fs.write", C::kWrite, "write a file"},
    OpcodeInfo{kHttpCancel, "http.cancel", C::kNone, "give up an HTTP request"},
    OpcodeInfo{kHttpNext, "http.next", C::kNone, "wait for more of an HTTP response"},
    OpcodeInfo{kHttpRequest, "http.request", C::kHttp, "make an HTTP request"},
    OpcodeInfo{kLogWrite, "log.write", C::kLog, "write a line to the log"},
    OpcodeInfo{kModuleResolve, "module.resolve", C::kNone, "find which of some paths exists"},
    OpcodeInfo{kModuleRead, "module.read", C::kNone, "read a source file of the extension"},
    OpcodeInfo{kRegistryUpdate, "registry.update", C::kNone, "tell what the extension registers"},
    OpcodeInfo{kSessionAppendEntry, "session.append_entry", C::kSession, "append a custom entry"},
    OpcodeInfo{kSessionGetEntries, "session.get_entries", C::kSession,
               "read the session's entries"},
    OpcodeInfo{kSessionGetName, "session.get_name", C::kSession, "read the session's name"},
    OpcodeInfo{kSessionInfo, "session.info", C::kSession, "read the session's id, file and leaf"},
    OpcodeInfo{kSessionSetName, "session.set_name", C::kSession, "name the session"},
    OpcodeInfo{kSessionSetLabel, "session.set_label", C::kSession, "bookmark an entry"},
    OpcodeInfo{kToolCall, "tool.call", C::kTool, "call a tool"},
    OpcodeInfo{kToolProgress, "tool.progress", C::kNone, "report a running call's partial result"},
    OpcodeInfo{kUiConfirm, "ui.confirm", C::kUi, "ask the person yes or no"},
    OpcodeInfo{kUiEditor, "ui.editor", C::kUi, "ask the person for a longer text"},
    OpcodeInfo{kUiInput, "ui.input", C::kUi, "ask the person for a line of text"},
    OpcodeInfo{kUiNotify, "ui.notify", C::kUi, "show the person a message"},
    OpcodeInfo{kUiSelect, "ui.select", C::kUi, "ask the person to choose"},
    OpcodeInfo{kUiSet, "ui.set", C::kUi, "set a status, title, widget or editor text"},
};

constexpr bool in_enumeration_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].opcode) != i) return false;
  }
  return true;
}
static_assert(in_enumeration_order(), "kTable and Opcode must list the same opcodes in one order");

}  // namespace

std::span<const OpcodeInfo> opcodes() { return kTable; }

const OpcodeInfo& info(Opcode opcode) {
  const auto index = static_cast<std::size_t>(opcode);
  ISOPOD_CHECK(index < kTable.size(), "an Opcode comes from the table or from opcode_from_name");
  return kTable[index];
}

std::optional<Opcode> opcode_from_name(std::string_view name) {
  for (const OpcodeInfo& entry : kTable) {
    if (entry.name == name) return entry.opcode;
  }
  return std::nullopt;
}

std::string_view connector_of(Opcode opcode) {
  const std::string_view name = info(opcode).name;
  return name.substr(0, name.find('.'));
}

}  // namespace isopod::protocol
