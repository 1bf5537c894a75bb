// SPDX-License-Identifier: MIT
#include "protocol/opcode.h"

#include <array>

#include "base/check.h"

namespace isopod::protocol {
namespace {

using enum Opcode;
using C = Capability;

constexpr std::array kTable = {
    OpcodeInfo{kLogWrite, "log.write", C::kLog, "write a line to the log"},
    OpcodeInfo{kModuleResolve, "module.resolve", C::kNone, "find which of some paths exists"},
    OpcodeInfo{kModuleRead, "module.read", C::kNone, "read a source file of the extension"},
    OpcodeInfo{kRegistryUpdate, "registry.update", C::kNone, "tell what the extension registers"},
    OpcodeInfo{kSessionAppendEntry, "session.append_entry", C::kSession, "append a custom entry"},
    OpcodeInfo{kSessionGetEntries, "session.get_entries", C::kSession,
               "read the session's entries"},
    OpcodeInfo{kSessionGetName, "session.get_name", C::kSession, "read the session's name"},
    OpcodeInfo{kSessionSetName, "session.set_name", C::kSession, "name the session"},
    OpcodeInfo{kSessionSetLabel, "session.set_label", C::kSession, "bookmark an entry"},
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
