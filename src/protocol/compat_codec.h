// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "isopod/result.h"
#include "protocol/message.h"

/// The codec of the compat lane: one JSON object per message. It shares no code with the fast
/// lane's binary codec, because it is the oracle the fast one is compared with.
///
/// Every object has a "type" and exactly these members besides:
///   to the host     hostcall {number, opcode, arguments, cause}, answer {request, value or error},
///                   report {error}, stopped {} or {error}
///   to the isolate  reply {number, status, value} or {number, status, code, message},
///                   request {id, kind, payload}, cancel {request}, stop {}
/// where error is {code, message, file, line, column, stack}. Numbers are whole and below 2^64.
///
/// JSON cannot carry everything a double or a string can: a number that is not finite travels as
/// null, bytes that are not UTF-8 as U+FFFD.
namespace isopod::protocol::compat {

std::string encode(const ToHost& message);
std::string encode(const ToIsolate& message);

/// Errors: `invalid_argument`, with what is wrong, for text that is no message: not JSON, a key
/// twice, nested deeper than plain data may be, an unknown type, opcode, status or code, a member
/// that lacks, is of the wrong type or does not belong. Text from an isolate is hostile; nothing in
/// it is trusted beyond its shape. Bounding the size of the text is the lane's job.
Result<ToHost> decode_to_host(std::string_view text);
Result<ToIsolate> decode_to_isolate(std::string_view text);

}  // namespace isopod::protocol::compat
