// SPDX-License-Identifier: MIT
#include "isolate/native_api.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

#include "base/text.h"
#include "engine/exception.h"
#include "isolate/turn_loop.h"

namespace isopod::isolate {

using engine::Arguments;
using engine::Context;
using engine::PromiseState;
using engine::Value;
using protocol::Outcome;
using protocol::Status;

namespace {

/// Timers further away than this are due then; scripts that pass Infinity mean "soon", as in Node.
constexpr double kDelayMsMax = 2'147'483'647;
/// The largest whole number that scripts count with.
constexpr double kSafeIntegerMax = 9'007'199'254'740'991;

/// The id that a script passes; 0, which is none, for a number that cannot be one.
std::uint64_t id_from(double number) {
  return number >= 1 && number <= kSafeIntegerMax ? static_cast<std::uint64_t>(number) : 0;
}

Result<Hostcalls::Call> read_call(Context& context, const Arguments& arguments) {
  Result<std::string> name = context.to_text(arguments.at(0));
  if (!name) return fail(std::move(name.error()));
  const auto opcode = protocol::opcode_from_name(*name);
  if (!opcode) return fail(Code::kUnsupported, "there is no hostcall named " + *name);
  // Plain data exactly once: everything after this works on the copy.
  Result<std::string> text = context.to_json(arguments.at(1));
  if (!text) return fail(std::move(text.error()));
  Result<Json> plain = parse_json(*text);
  if (!plain) return fail(Code::kNotSerializable, plain.error().message);
  Hostcalls::Call call{*opcode, *std::move(plain)};
  const Value cause = arguments.at(2);
  if (cause.is_number()) {
    Result<double> number = context.to_number(cause);
    if (number) call.cause = id_from(*number);
  }
  return call;
}

/// The engine writes a lone surrogate as three bytes that are no UTF-8; the Encoding Standard wants
/// one U+FFFD for it.
std::string scalar_values(std::string text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    const auto second = static_cast<unsigned char>(text[i + 1]);
    if (first == 0xED && second >= 0xA0) text.replace(i, 3, "\xEF\xBF\xBD");
  }
  return text;
}

Result<> expect_function(const Value& value, const char* what) {
  if (value.is_function()) return {};
  return fail(Code::kInvalidArgument, std::string(what) + " takes a function");
}

}  // namespace

std::span<const NativeApi::Entry> NativeApi::entries() {
  static constexpr std::array kEntries = {
      Entry{"hostcall", 3, &NativeApi::hostcall},
      Entry{"hostcallSync", 3, &NativeApi::hostcall_sync},
      Entry{"setErrorFactory", 1, &NativeApi::set_error_factory},
      Entry{"onRequest", 1, &NativeApi::on_request},
      Entry{"onCancel", 1, &NativeApi::on_cancel},
      Entry{"startTimer", 3, &NativeApi::start_timer},
      Entry{"stopTimer", 1, &NativeApi::stop_timer},
      Entry{"now", 0, &NativeApi::now},
      Entry{"importEntry", 1, &NativeApi::import_entry},
      Entry{"loadBuiltin", 1, &NativeApi::load_builtin},
      Entry{"utf8Encode", 1, &NativeApi::utf8_encode},
      Entry{"utf8Decode", 2, &NativeApi::utf8_decode},
      Entry{"randomFill", 1, &NativeApi::random_fill},
      Entry{"promiseState", 1, &NativeApi::promise_state},
  };
  return kEntries;
}

std::vector<std::string> NativeApi::names() {
  std::vector<std::string> names;
  for (const Entry& entry : entries()) names.emplace_back(entry.name);
  names.emplace_back("info");
  return names;
}

Result<std::vector<Value>> NativeApi::values(Context& context) {
  std::vector<Value> values;
  for (const Entry& entry : entries()) {
    Result<Value> function =
        context.function(entry.name, entry.parameter_count,
                         [this, method = entry.method](Context& in, const Arguments& arguments) {
                           return (this->*method)(in, arguments);
                         });
    if (!function) return fail(std::move(function.error()));
    values.push_back(*std::move(function));
  }
  Result<Value> info = context.from_json(dump_json(loop_.options_.info));
  if (!info) return fail(std::move(info.error()));
  values.push_back(*std::move(info));
  return values;
}

Result<Value> NativeApi::hostcall(Context& context, const Arguments& arguments) {
  Result<Hostcalls::Call> call = read_call(context, arguments);
  if (!call) return fail(std::move(call.error()));
  return loop_.hostcalls_->start(context, *std::move(call));
}

Result<Value> NativeApi::hostcall_sync(Context& context, const Arguments& arguments) {
  Result<Hostcalls::Call> call = read_call(context, arguments);
  if (!call) return fail(std::move(call.error()));
  Result<Outcome> outcome = loop_.hostcalls_->wait(*std::move(call));
  if (!outcome) return fail(std::move(outcome.error()));
  if (outcome->status == Status::kOk) return context.from_json(dump_json(outcome->value));
  Result<Value> error = loop_.hostcalls_->error_for(context, *outcome);
  if (!error) return error;
  return context.thrown(*std::move(error));
}

Result<Value> NativeApi::set_error_factory(Context& context, const Arguments& arguments) {
  if (auto checked = expect_function(arguments.at(0), "setErrorFactory"); !checked)
    return fail(checked.error());
  loop_.hostcalls_->set_error_factory(arguments.at(0));
  return context.undefined();
}

Result<Value> NativeApi::on_request(Context& context, const Arguments& arguments) {
  if (auto checked = expect_function(arguments.at(0), "onRequest"); !checked)
    return fail(checked.error());
  loop_.request_handler_ = arguments.at(0);
  return context.undefined();
}

Result<Value> NativeApi::on_cancel(Context& context, const Arguments& arguments) {
  if (auto checked = expect_function(arguments.at(0), "onCancel"); !checked)
    return fail(checked.error());
  loop_.cancel_handler_ = arguments.at(0);
  return context.undefined();
}

Result<Value> NativeApi::start_timer(Context& context, const Arguments& arguments) {
  if (auto checked = expect_function(arguments.at(0), "startTimer"); !checked)
    return fail(checked.error());
  Result<double> delay = context.to_number(arguments.at(1));
  if (!delay) return fail(std::move(delay.error()));
  // As in Node: what is no number from 1 to the maximum means 1 ms.
  const double ms = *delay >= 1 && *delay <= kDelayMsMax ? *delay : 1;
  const Timers::Spec spec = {
      std::chrono::duration_cast<std::chrono::nanoseconds>(
          std::chrono::duration<double, std::milli>(ms)),
      context.truthy(arguments.at(2)) ? Timers::Repeat::kEvery : Timers::Repeat::kOnce};
  auto id = loop_.timers_.start(arguments.at(0), spec, loop_.options_.clock->monotonic());
  if (!id) return fail(std::move(id.error()));
  return context.number(static_cast<double>(*id));
}

Result<Value> NativeApi::stop_timer(Context& context, const Arguments& arguments) {
  Result<double> id = context.to_number(arguments.at(0));
  if (!id) return fail(std::move(id.error()));
  loop_.timers_.stop(id_from(*id));
  return context.undefined();
}

Result<Value> NativeApi::now(Context& context, const Arguments&) {
  const auto since = loop_.options_.clock->monotonic() - loop_.started_;
  return context.number(std::chrono::duration<double, std::milli>(since).count());
}

Result<Value> NativeApi::import_entry(Context& context, const Arguments& arguments) {
  Result<std::string> path = context.to_text(arguments.at(0));
  if (!path) return fail(std::move(path.error()));
  return loop_.loader_->import_entry(context, *path);
}

Result<Value> NativeApi::load_builtin(Context& context, const Arguments& arguments) {
  Result<std::string> name = context.to_text(arguments.at(0));
  if (!name) return fail(std::move(name.error()));
  return loop_.loader_->import_builtin(context, *name);
}

Result<Value> NativeApi::utf8_encode(Context& context, const Arguments& arguments) {
  Result<std::string> text = context.to_text(arguments.at(0));
  if (!text) return fail(std::move(text.error()));
  const std::string encoded = scalar_values(*std::move(text));
  return context.bytes({reinterpret_cast<const std::uint8_t*>(encoded.data()), encoded.size()});
}

Result<Value> NativeApi::utf8_decode(Context& context, const Arguments& arguments) {
  auto bytes = context.to_bytes(arguments.at(0));
  if (!bytes) return fail(std::move(bytes.error()));
  const std::string_view view(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  if (context.truthy(arguments.at(1)) && !is_utf8(view)) {
    return fail(Code::kInvalidArgument, "The encoded data was not valid for encoding utf-8");
  }
  return context.text(to_utf8(view));
}

Result<Value> NativeApi::random_fill(Context& context, const Arguments& arguments) {
  auto bytes = context.to_bytes(arguments.at(0));
  if (!bytes) return fail(std::move(bytes.error()));
  loop_.options_.random->fill(*bytes);
  if (auto copied = context.copy_into(arguments.at(0), *bytes); !copied)
    return fail(copied.error());
  return context.undefined();
}

Result<Value> NativeApi::promise_state(Context& context, const Arguments& arguments) {
  const Value promise = arguments.at(0);
  if (!promise.is_promise()) return fail(Code::kInvalidArgument, "promiseState takes a promise");
  const PromiseState state = context.promise_state(promise);
  const char* word = state == PromiseState::kPending     ? "pending"
                     : state == PromiseState::kFulfilled ? "fulfilled"
                                                         : "rejected";
  Result<Value> text = context.text(word);
  if (!text) return text;
  std::vector<Value> pair;
  pair.push_back(*std::move(text));
  pair.push_back(state == PromiseState::kPending ? context.undefined()
                                                 : context.promise_result(promise));
  return context.array(std::move(pair));
}

}  // namespace isopod::isolate
