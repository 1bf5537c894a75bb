// SPDX-License-Identifier: MIT
/**
 * The first module of every isolate: installs the globals and connects the host's requests to the
 * code that answers them. Small on purpose; everything else is loaded when it is first needed.
 */
import { loadBuiltin, onCancel, onRequest, setErrorFactory } from "isopod:native";
import { installGlobals } from "./globals";
import { cancelRequest, HostcallError } from "./support";

export * from "./support";
export * from "./timers";

setErrorFactory((outcome) => new HostcallError(outcome));
installGlobals();

let runtime: any;
onRequest((kind, payload, id) => {
  runtime ??= loadBuiltin("isopod:pi/runtime");
  return runtime.answer(kind, payload, id);
});
onCancel((id) => {
  cancelRequest(id, new DOMException("This operation was aborted", "AbortError"));
});
