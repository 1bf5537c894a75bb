// SPDX-License-Identifier: MIT
#pragma once

#include <quickjs.h>

#include "isopod/result.h"

namespace isopod::engine {

class Context;

/// The one place where JavaScript exceptions become `Error` and back.
///
/// The message is the `message` of an Error object, or the text of whatever else was thrown. The
/// place is the first stack frame in a file. The code tells a fault of the runtime (`timeout`,
/// `memory`) and an exhausted stack from an ordinary exception; an Error whose `name` is
/// "HostcallError" keeps the code it carries.

/// Takes the pending exception of the context.
Error take_exception(Context& context);

/// Describes a thrown value or rejection reason; borrows it.
Error describe_thrown(Context& context, JSValueConst thrown);

/// Makes `error` the pending exception and returns JS_EXCEPTION, for native functions to return.
JSValue throw_error(Context& context, const Error& error);

/// The Error object that `throw_error` throws; one reference for the caller.
JSValue make_error_object(Context& context, const Error& error);

}  // namespace isopod::engine
