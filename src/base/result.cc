// SPDX-License-Identifier: MIT
#include "isopod/result.h"

#include <array>

namespace isopod {
namespace {

struct Word {
  Code code;
  std::string_view word;
};

constexpr std::array kWords = {
    Word{Code::kInvalidArgument, "invalid_argument"},
    Word{Code::kNotFound, "not_found"},
    Word{Code::kUnreadable, "unreadable"},
    Word{Code::kIo, "io"},
    Word{Code::kNoEntry, "no_entry"},
    Word{Code::kSyntax, "syntax"},
    Word{Code::kUnsupported, "unsupported"},
    Word{Code::kModuleNotFound, "module_not_found"},
    Word{Code::kNoFactory, "no_factory"},
    Word{Code::kLoadFailed, "load_failed"},
    Word{Code::kException, "exception"},
    Word{Code::kTimeout, "timeout"},
    Word{Code::kMemory, "memory"},
    Word{Code::kStackOverflow, "stack_overflow"},
    Word{Code::kPayloadTooLarge, "payload_too_large"},
    Word{Code::kNotSerializable, "not_serializable"},
    Word{Code::kDenied, "denied"},
    Word{Code::kBackpressure, "backpressure"},
    Word{Code::kQuota, "quota"},
    Word{Code::kShuttingDown, "shutting_down"},
    Word{Code::kCancelled, "cancelled"},
    Word{Code::kDeadlock, "deadlock"},
    Word{Code::kFaulted, "faulted"},
    Word{Code::kBadSettings, "bad_settings"},
    Word{Code::kUsage, "usage"},
    Word{Code::kInternal, "internal"},
};

}  // namespace

std::string_view to_string(Code code) {
  for (const Word& entry : kWords) {
    if (entry.code == code) return entry.word;
  }
  return "internal";
}

Code code_from_string(std::string_view word) {
  for (const Word& entry : kWords) {
    if (entry.word == word) return entry.code;
  }
  return Code::kInternal;
}

std::string Location::to_string() const {
  if (file.empty()) return {};
  std::string text = file;
  if (line > 0) {
    text += ':' + std::to_string(line);
    if (column > 0) text += ':' + std::to_string(column);
  }
  return text;
}

std::string Error::describe() const {
  const std::string place = where.to_string();
  if (place.empty() || message.find(place) != std::string::npos) return message;
  return message + " (" + place + ")";
}

}  // namespace isopod
