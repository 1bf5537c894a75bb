// SPDX-License-Identifier: MIT
#include "protocol/compat_codec.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "base/json_strict.h"

namespace isopod::protocol::compat {
namespace {

/// A message holds its plain data one or two levels down, so that data of the depth every other
/// parser takes still fits.
constexpr JsonLimits kLimits = {.depth_max = JsonLimits{}.depth_max + 2};

// ---- encoding ----

Json encode_error(const Error& error) {
  return Json{{"code", to_string(error.code)},
              {"message", error.message},
              {"file", error.where.file},
              {"line", std::max(error.where.line, 0)},
              {"column", std::max(error.where.column, 0)},
              {"stack", error.stack}};
}

Json to_json(const Hostcall& call) {
  return Json{{"type", "hostcall"},
              {"number", call.number},
              {"opcode", info(call.opcode).name},
              {"arguments", call.arguments},
              {"cause", call.cause}};
}

Json to_json(const Answer& answer) {
  Json json = {{"type", "answer"}, {"request", answer.request}};
  if (answer.value) {
    json["value"] = *answer.value;
  } else {
    json["error"] = encode_error(answer.value.error());
  }
  return json;
}

Json to_json(const Report& report) {
  return Json{{"type", "report"}, {"error", encode_error(report.error)}};
}

Json to_json(const Stopped& stopped) {
  Json json = {{"type", "stopped"}};
  if (stopped.error) json["error"] = encode_error(*stopped.error);
  return json;
}

Json to_json(const Reply& reply) {
  const Outcome& outcome = reply.outcome;
  Json json = {{"type", "reply"}, {"number", reply.number}, {"status", to_string(outcome.status)}};
  if (outcome.status == Status::kOk) {
    json["value"] = outcome.value;
  } else {
    json["code"] = to_string(outcome.code);
    json["message"] = outcome.message;
  }
  return json;
}

Json to_json(const Request& request) {
  return Json{{"type", "request"},
              {"id", request.id},
              {"kind", request.kind},
              {"payload", request.payload}};
}

Json to_json(const Cancel& cancel) { return Json{{"type", "cancel"}, {"request", cancel.request}}; }

Json to_json(const Stop&) { return Json{{"type", "stop"}}; }

// ---- decoding ----

/// Takes the members of one object by name. The first problem sticks; `finish` reports it, or a
/// member that nobody took.
class Fields {
 public:
  Fields(Json& object, std::string_view what) : object_(object), what_(what) {
    if (!object_.is_object()) problem_ = "is no object";
  }

  [[nodiscard]] bool has(const char* name) const {
    return object_.is_object() && object_.contains(name);
  }

  Json take(const char* name) {
    Json* const found = find(name);
    return found != nullptr ? std::move(*found) : Json(nullptr);
  }

  std::string text(const char* name) {
    Json* const found = find(name);
    if (found == nullptr) return {};
    if (!found->is_string()) {
      complain("has a \"" + std::string(name) + "\" that is no string");
      return {};
    }
    return std::move(found->get_ref<std::string&>());
  }

  std::uint64_t number(const char* name,
                       std::uint64_t max = std::numeric_limits<std::uint64_t>::max()) {
    Json* const found = find(name);
    if (found == nullptr) return 0;
    const auto* const value = found->get_ptr<Json::number_unsigned_t*>();
    if (value == nullptr || *value > max) {
      complain("has a \"" + std::string(name) + "\" that is no whole number from 0 to " +
               std::to_string(max));
      return 0;
    }
    return *value;
  }

  Code code(const char* name) {
    const std::string word = text(name);
    const Code code = code_from_string(word);
    // Unknown words read as `internal`, so only the round trip tells them apart.
    if (to_string(code) != word) complain("has a \"" + std::string(name) + "\" that is no code");
    return code;
  }

  Error error(const char* name) {
    Json* const found = find(name);
    if (found == nullptr) return {};
    constexpr std::uint64_t kIntMax = std::numeric_limits<int>::max();
    Fields fields(*found, name);
    Error error;
    error.code = fields.code("code");
    error.message = fields.text("message");
    error.where.file = fields.text("file");
    error.where.line = static_cast<int>(fields.number("line", kIntMax));
    error.where.column = static_cast<int>(fields.number("column", kIntMax));
    error.stack = fields.text("stack");
    if (const auto problem = fields.problem()) {
      complain("has an \"" + std::string(name) + "\" that " + *problem);
    }
    return error;
  }

  void complain(std::string problem) {
    if (!problem_) problem_ = std::move(problem);
  }

  /// `message` when everything was in order and every member was taken.
  template <class Variant, class Message>
  Result<Variant> finish(Message message) {
    if (const auto found = problem()) {
      return fail(Code::kInvalidArgument, "a message \"" + std::string(what_) + "\" " + *found);
    }
    return Variant(std::move(message));
  }

 private:
  Json* find(const char* name) {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(name);
    if (found == object_.end()) {
      complain("lacks \"" + std::string(name) + "\"");
      return nullptr;
    }
    ++taken_;
    return &*found;
  }

  /// What is wrong, or nothing. Each reader takes a member once and keys are unique, so counting
  /// finds members that do not belong.
  [[nodiscard]] std::optional<std::string> problem() const {
    if (!problem_ && object_.size() != taken_) return "has a member that does not belong to it";
    return problem_;
  }

  Json& object_;
  std::string_view what_;
  std::optional<std::string> problem_;
  std::size_t taken_ = 0;
};

Result<ToHost> decode_hostcall(Fields& fields) {
  Hostcall call;
  call.number = fields.number("number");
  const std::string name = fields.text("opcode");
  const auto opcode = opcode_from_name(name);
  if (opcode) {
    call.opcode = *opcode;
  } else {
    constexpr std::size_t kShownBytesMax = 64;
    fields.complain("names no opcode: \"" + name.substr(0, kShownBytesMax) + "\"");
  }
  call.arguments = fields.take("arguments");
  call.cause = fields.number("cause");
  return fields.finish<ToHost>(std::move(call));
}

Result<ToHost> decode_answer(Fields& fields) {
  Answer answer;
  answer.request = fields.number("request");
  if (fields.has("error")) {
    answer.value = fail(fields.error("error"));
  } else {
    answer.value = fields.take("value");
  }
  return fields.finish<ToHost>(std::move(answer));
}

Result<ToHost> decode_stopped(Fields& fields) {
  Stopped stopped;
  if (fields.has("error")) stopped.error = fields.error("error");
  return fields.finish<ToHost>(std::move(stopped));
}

Result<ToIsolate> decode_reply(Fields& fields) {
  Reply reply;
  reply.number = fields.number("number");
  const auto status = status_from_string(fields.text("status"));
  if (!status) fields.complain("has a \"status\" that is no status");
  reply.outcome.status = status.value_or(Status::kError);
  if (reply.outcome.status == Status::kOk) {
    reply.outcome = Outcome::ok(fields.take("value"));
  } else {
    reply.outcome.code = fields.code("code");
    reply.outcome.message = fields.text("message");
  }
  return fields.finish<ToIsolate>(std::move(reply));
}

Result<ToIsolate> decode_request(Fields& fields) {
  Request request;
  request.id = fields.number("id");
  request.kind = fields.text("kind");
  request.payload = fields.take("payload");
  return fields.finish<ToIsolate>(std::move(request));
}

tl::unexpected<Error> unknown_type(const std::string& type) {
  constexpr std::size_t kShownBytesMax = 64;
  return fail(Code::kInvalidArgument,
              "no such type of message: \"" + type.substr(0, kShownBytesMax) + "\"");
}

Result<Json> parse_message(std::string_view text) {
  auto json = parse_json_strict(text, kLimits);
  if (!json) return fail(std::move(json.error()));
  if (!json->is_object()) return fail(Code::kInvalidArgument, "a message is no object");
  return json;
}

}  // namespace

std::string encode(const ToHost& message) {
  return dump_json(std::visit([](const auto& kind) { return to_json(kind); }, message));
}

std::string encode(const ToIsolate& message) {
  return dump_json(std::visit([](const auto& kind) { return to_json(kind); }, message));
}

Result<ToHost> decode_to_host(std::string_view text) {
  auto json = parse_message(text);
  if (!json) return fail(std::move(json.error()));
  const std::string type = json_string(*json, "type");
  Fields fields(*json, type);
  static_cast<void>(fields.take("type"));
  if (type == "hostcall") return decode_hostcall(fields);
  if (type == "answer") return decode_answer(fields);
  if (type == "report") {
    Report report{fields.error("error")};
    return fields.finish<ToHost>(std::move(report));
  }
  if (type == "stopped") return decode_stopped(fields);
  return unknown_type(type);
}

Result<ToIsolate> decode_to_isolate(std::string_view text) {
  auto json = parse_message(text);
  if (!json) return fail(std::move(json.error()));
  const std::string type = json_string(*json, "type");
  Fields fields(*json, type);
  static_cast<void>(fields.take("type"));
  if (type == "reply") return decode_reply(fields);
  if (type == "request") return decode_request(fields);
  if (type == "cancel") {
    Cancel cancel{fields.number("request")};
    return fields.finish<ToIsolate>(cancel);
  }
  if (type == "stop") return fields.finish<ToIsolate>(Stop{});
  return unknown_type(type);
}

}  // namespace isopod::protocol::compat
