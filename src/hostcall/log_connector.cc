// SPDX-License-Identifier: MIT
#include "hostcall/log_connector.h"

#include "base/text.h"

namespace isopod::hostcall {
namespace {

LogLevel level_from(const std::string& word) {
  if (word == "error") return LogLevel::kError;
  if (word == "warn") return LogLevel::kWarn;
  return word == "debug" ? LogLevel::kDebug : LogLevel::kInfo;
}

}  // namespace

void LogConnector::start(const Caller& caller, const protocol::Hostcall& call,
                         Completion completion) {
  const std::string text = printable(json_string(call.arguments, "text"), Sgr::kKeep);
  sink_.write(level_from(json_string(call.arguments, "level")), caller.extension, text);
  std::move(completion).ok();
}

}  // namespace isopod::hostcall
