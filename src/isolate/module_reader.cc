// SPDX-License-Identifier: MIT
#include "isolate/module_reader.h"

#include <utility>

namespace isopod::isolate {

Result<Json> ModuleReader::ask(protocol::Opcode opcode, Json arguments) {
  Result<protocol::Outcome> outcome = hostcalls_.wait({opcode, std::move(arguments)});
  if (!outcome) return fail(std::move(outcome.error()));
  if (outcome->status != protocol::Status::kOk) return fail(outcome->code, outcome->message);
  return std::move(outcome->value);
}

Result<std::optional<modules::FoundFile>> ModuleReader::find(
    std::span<const std::string> candidates) {
  Json arguments = {{"candidates", Json::array()}};
  for (const std::string& candidate : candidates) arguments["candidates"].push_back(candidate);
  Result<Json> answer = ask(protocol::Opcode::kModuleResolve, std::move(arguments));
  if (!answer) return fail(std::move(answer.error()));
  if (answer->is_null()) return std::optional<modules::FoundFile>();
  return std::optional(
      modules::FoundFile{answer->value("index", std::size_t{0}), json_string(*answer, "path")});
}

Result<std::string> ModuleReader::read(const std::string& path) {
  Result<Json> answer = ask(protocol::Opcode::kModuleRead, {{"path", path}});
  if (!answer) return fail(std::move(answer.error()));
  return json_string(*answer, "text");
}

}  // namespace isopod::isolate
