// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "protocol/capability.h"

namespace isopod::protocol {

/// Every operation an isolate can ask of its host. The one table behind policy, dispatch, codecs,
/// help and docs is in opcode.cc; a new operation is one line there and one here. docs/hostcalls.md
/// has the arguments and values of each.
enum class Opcode : std::uint16_t {
  kAgentAct,
  kAgentState,
  kEnvGet,
  kEnvList,
  kEventsEmit,
  kExecEndInput,
  kExecNext,
  kExecRun,
  kExecSignal,
  kExecSpawn,
  kExecWrite,
  kFsAccess,
  kFsChange,
  kFsClose,
  kFsCopy,
  kFsLink,
  kFsList,
  kFsMakeDirectory,
  kFsMakeTemporary,
  kFsOpen,
  kFsRead,
  kFsReadLink,
  kFsRealPath,
  kFsRemove,
  kFsRename,
  kFsStat,
  kFsSymlink,
  kFsSync,
  kFsTruncate,
  kFsUnwatch,
  kFsWatch,
  kFsWatchNext,
  kFsWrite,
  kHttpCancel,
  kHttpNext,
  kHttpRequest,
  kLogWrite,
  kModuleResolve,
  kModuleRead,
  kRegistryUpdate,
  kSessionAppendEntry,
  kSessionGetEntries,
  kSessionGetName,
  kSessionInfo,
  kSessionSetName,
  kSessionSetLabel,
  kToolCall,
  kToolProgress,
  kUiConfirm,
  kUiEditor,
  kUiInput,
  kUiNotify,
  kUiSelect,
  kUiSet,
};

struct OpcodeInfo {
  Opcode opcode;
  std::string_view name;     ///< "namespace.operation", stable
  Capability capability;     ///< what policy must grant
  std::string_view summary;  ///< one line for people
};

/// All opcodes, in the order of the enumeration.
std::span<const OpcodeInfo> opcodes();

const OpcodeInfo& info(Opcode opcode);

/// The opcode of an exact name, or nothing.
std::optional<Opcode> opcode_from_name(std::string_view name);

/// The part of an opcode's name before the dot: which connector carries it out.
std::string_view connector_of(Opcode opcode);

}  // namespace isopod::protocol
