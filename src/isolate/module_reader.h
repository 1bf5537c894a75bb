// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "isolate/hostcalls.h"
#include "modules/source_reader.h"

namespace isopod::isolate {

/// Source files over the `module.*` hostcalls: the isolate names paths, the host decides, opens,
/// reads.
class ModuleReader final : public modules::SourceReader {
 public:
  explicit ModuleReader(Hostcalls& hostcalls) : hostcalls_(hostcalls) {}

  Result<std::optional<modules::FoundFile>> find(std::span<const std::string> candidates) override;
  Result<std::string> read(const std::string& path) override;

 private:
  Result<Json> ask(protocol::Opcode opcode, Json arguments);

  Hostcalls& hostcalls_;
};

}  // namespace isopod::isolate
