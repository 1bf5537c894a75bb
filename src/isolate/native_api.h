// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "engine/context.h"

namespace isopod::isolate {

class TurnLoop;

/// The functions of the module "isopod:native", through which the prelude reaches the isolate.
/// js/native.d.ts is their contract. Only built-in modules can import it.
class NativeApi {
 public:
  static constexpr const char* kModuleName = "isopod:native";
  static std::vector<std::string> names();

  explicit NativeApi(TurnLoop& loop) : loop_(loop) {}
  /// One value per name, in the order of `names`.
  Result<std::vector<engine::Value>> values(engine::Context& context);

 private:
  using Method = Result<engine::Value> (NativeApi::*)(engine::Context&, const engine::Arguments&);
  struct Entry {
    const char* name;
    int parameter_count;
    Method method;
  };
  static std::span<const Entry> entries();

  Result<engine::Value> hostcall(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> hostcall_sync(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> set_error_factory(engine::Context& context,
                                          const engine::Arguments& arguments);
  Result<engine::Value> on_request(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> on_cancel(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> start_timer(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> stop_timer(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> now(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> import_entry(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> load_builtin(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> utf8_encode(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> utf8_decode(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> random_fill(engine::Context& context, const engine::Arguments& arguments);
  Result<engine::Value> promise_state(engine::Context& context, const engine::Arguments& arguments);

  TurnLoop& loop_;
};

}  // namespace isopod::isolate
