// SPDX-License-Identifier: MIT
#include "hostcall/env_connector.h"

#include <unistd.h>

#include <string_view>

#include "base/text.h"

namespace isopod::hostcall {

using protocol::Opcode;

EnvConnector::Variables EnvConnector::of_process() {
  Variables variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    // Of a name that is there twice the first counts, as for getenv.
    variables.emplace(to_utf8(text.substr(0, equals)), to_utf8(text.substr(equals + 1)));
  }
  return variables;
}

void EnvConnector::start(const Caller&, const protocol::Hostcall& call, Completion completion) {
  if (call.opcode == Opcode::kEnvList) {
    Json list = Json::object();
    for (const auto& [name, value] : variables_) list[name] = value;
    return std::move(completion).ok(std::move(list));
  }
  const Json& arguments = call.arguments;
  const bool is_named =
      arguments.is_object() && arguments.contains("name") && arguments.at("name").is_string();
  if (!is_named) {
    return std::move(completion)
        .failed({Code::kInvalidArgument, "env.get takes the name of a variable", {}, {}});
  }
  const auto found = variables_.find(json_string(arguments, "name"));
  std::move(completion).ok(found == variables_.end() ? Json(nullptr) : Json(found->second));
}

}  // namespace isopod::hostcall
