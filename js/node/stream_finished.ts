// SPDX-License-Identifier: MIT
/** When a stream is done, and what is done with it from outside. */
import {
  abortError, checkFunction, checkSignal, invalidType, isSignal, nextTick, nodeError,
} from "./node_errors";

type Done = (error?: any) => void;

export const isStream = (value: any): boolean => Boolean(value) &&
  (value._readableState || value._writableState ||
   (typeof value.write === "function" && typeof value.on === "function") ||
   (typeof value.pipe === "function" && typeof value.on === "function"));
export const isReadableStream = (value: any): boolean => Boolean(value) &&
  typeof value.pipe === "function" && typeof value.on === "function" &&
  (!value._writableState || value._readableState?.readable !== false) &&
  (!value._writableState || Boolean(value._readableState));
export const isWritableStream = (value: any): boolean => Boolean(value) &&
  typeof value.write === "function" && typeof value.on === "function" &&
  (!value._readableState || value._writableState?.writable !== false);

export const isDestroyed = (stream: any): boolean | null => (!isStream(stream) ? null : Boolean(
  stream.destroyed || stream._readableState?.destroyed || stream._writableState?.destroyed));
export const isErrored = (stream: any): boolean =>
  Boolean(stream?.errored ?? stream?._readableState?.errored ?? stream?._writableState?.errored);
export const isDisturbed = (stream: any): boolean =>
  Boolean(
    stream?._readableState?.dataEmitted || stream?.readableDidRead || stream?.readableAborted);
export const isReadable = (stream: any): boolean | null =>
  (typeof stream?.readable !== "boolean" ? null
    : !isDestroyed(stream) && stream.readable && !stream._readableState?.endEmitted);
export const isWritable = (stream: any): boolean | null =>
  (typeof stream?.writable !== "boolean" ? null
    : !isDestroyed(stream) && stream.writable && !stream._writableState?.ending);

const prematureClose = () =>
  nodeError(Error, "ERR_STREAM_PREMATURE_CLOSE", "Premature close");

const isFullyEnded = (stream: any): boolean => Boolean(stream._readableState?.endEmitted ||
  (stream._readableState?.ended && stream._readableState.length === 0));
const isFullyFinished = (stream: any): boolean => Boolean(stream._writableState?.finished ||
  (stream._writableState?.ended && stream._writableState.length === 0));

function emitsClose(stream: any): boolean {
  const half = stream._writableState ?? stream._readableState;
  return Boolean(half) && half.autoDestroy && half.emitClose && !half.closed;
}

interface Watch {
  readable: boolean;
  writable: boolean;
  ended: boolean;
  finished: boolean;
}

/** What is known at the time of "close": an error, or that a half was not done. */
function closeError(stream: any, watch: Watch): any {
  const errored = stream._writableState?.errored ?? stream._readableState?.errored;
  if (errored && typeof errored !== "boolean") return errored;
  if (watch.readable && !watch.ended && stream._readableState && !isFullyEnded(stream))
    return prematureClose();
  if (watch.writable && !watch.finished && stream._writableState && !isFullyFinished(stream))
    return prematureClose();
  return undefined;
}

/** Whether the stream was done before anybody asked, so that no event will tell. */
function isDoneAlready(stream: any, watch: Watch, willClose: boolean): boolean {
  const input = stream._readableState;
  const output = stream._writableState;
  if (stream.closed || input?.closed || output?.closed) return true;
  if (output?.errorEmitted || input?.errorEmitted) return !willClose;
  if (!watch.readable && (!willClose || isReadable(stream)) &&
      (watch.finished || isWritable(stream) === false)) return true;
  return !watch.writable && (!willClose || isWritable(stream)) &&
    (watch.ended || isReadable(stream) === false);
}

function listen(stream: any, watch: Watch, callback: Done, reportErrors: boolean): () => void {
  let willClose = emitsClose(stream) && isReadableStream(stream) === watch.readable &&
    isWritableStream(stream) === watch.writable;
  const onFinish = () => {
    watch.finished = true;
    if (stream.destroyed) willClose = false;
    if (willClose && (!stream.writable || watch.readable)) return;
    if (!watch.readable || watch.ended) callback();
  };
  const onEnd = () => {
    watch.ended = true;
    if (stream.destroyed) willClose = false;
    if (willClose && (!stream.readable || watch.writable)) return;
    if (!watch.writable || watch.finished) callback();
  };
  const onError = (error: any) => callback(error);
  const onClose = () => callback(closeError(stream, watch));
  stream.on("end", onEnd);
  stream.on("finish", onFinish);
  if (reportErrors) stream.on("error", onError);
  stream.on("close", onClose);
  if (isDoneAlready(stream, watch, willClose)) nextTick(onClose);
  return () => {
    stream.removeListener("end", onEnd);
    stream.removeListener("finish", onFinish);
    stream.removeListener("error", onError);
    stream.removeListener("close", onClose);
  };
}

/** Calls back once: when the stream ended, finished, failed or closed too early. */
export function finished(stream: any, options: any, callback?: Done): () => void {
  if (callback === undefined) [options, callback] = [{}, options];
  options ??= {};
  if (typeof options !== "object") throw invalidType("options", "of type object", options);
  checkFunction(callback, "callback");
  checkSignal(options.signal);
  if (!isStream(stream) || typeof stream.on !== "function") {
    throw invalidType(
      "stream", "an instance of ReadableStream, WritableStream, or Stream", stream);
  }
  const watch = {
    readable: options.readable ?? isReadableStream(stream),
    writable: options.writable ?? isWritableStream(stream),
    ended: isFullyEnded(stream) && Boolean(stream._readableState?.endEmitted),
    finished: Boolean(stream._writableState?.finished),
  };
  let isCalled = false;
  const { signal } = options;
  const call = (error?: any) => {
    if (isCalled) return;
    isCalled = true;
    signal?.removeEventListener("abort", onAbort);
    callback.call(stream, ...(error === undefined ? [] : [error]));
  };
  const stop = listen(stream, watch, call, options.error !== false);
  const onAbort = () => {
    stop();
    call(abortError(signal));
  };
  if (signal?.aborted) nextTick(onAbort);
  else signal?.addEventListener("abort", onAbort, { once: true });
  return () => {
    isCalled = true;
    signal?.removeEventListener("abort", onAbort);
    stop();
  };
}

export function destroy(stream: any, error?: any): any {
  if (!stream || isDestroyed(stream)) return stream;
  const cause = error ?? (isFullyEnded(stream) || isFullyFinished(stream) ? undefined
    : abortError());
  if (typeof stream.destroy === "function") stream.destroy(cause);
  else if (typeof stream.close === "function") stream.close();
  return stream;
}

/** Destroys the stream when the signal is aborted. */
export function addAbortSignal(signal: AbortSignal, stream: any): any {
  if (!isSignal(signal))
    throw invalidType("signal", "an instance of AbortSignal", signal);
  if (!isStream(stream)) {
    throw invalidType(
      "stream", "an instance of ReadableStream, WritableStream, or Stream", stream);
  }
  const onAbort = () => stream.destroy(abortError(signal));
  if (signal.aborted) {
    onAbort();
  } else {
    signal.addEventListener("abort", onAbort, { once: true });
    finished(stream, () => signal.removeEventListener("abort", onAbort));
  }
  return stream;
}
