// SPDX-License-Identifier: MIT
/** `pipeline`: streams, iterables and functions in a row, all of which end together. */
import {
  abortError, checkFunction, checkSignal, invalidType, nextTick, nodeError,
} from "./node_errors";
import { Duplex, PassThrough } from "./stream_duplex";
import {
  destroy, finished, isReadable, isReadableStream, isStream,
} from "./stream_finished";
import { destroyedError } from "./stream_base";

type Done = (error?: any, value?: any) => void;
type Finish = (error?: any) => void;

const isPremature = (error: any): boolean => error?.code === "ERR_STREAM_PREMATURE_CLOSE";
const isIterable = (value: any): boolean =>
  typeof value?.[Symbol.asyncIterator] === "function" ||
  typeof value?.[Symbol.iterator] === "function";

/** Destroys a stream that was not done when another part of the row failed. */
function destroyerOf(stream: any, readable: boolean, writable: boolean): Finish {
  let isDone = false;
  stream.on("close", () => { isDone = true; });
  finished(stream, { readable, writable }, (error) => { isDone = !error; });
  return (error) => {
    if (isDone) return;
    isDone = true;
    destroy(stream, error ?? destroyedError("pipe"));
  };
}

/** From a readable stream to a writable one; `finish` is called for each of the two. */
function connect(source: any, target: any, finish: Finish, end: boolean): () => void {
  let hasEnded = false;
  target.on("close", () => {
    if (!hasEnded)
      finish(nodeError(Error, "ERR_STREAM_PREMATURE_CLOSE", "Premature close"));
  });
  source.pipe(target, { end: false });
  if (end) {
    const atEnd = () => {
      hasEnded = true;
      target.end();
    };
    if (source._readableState?.endEmitted) nextTick(atEnd);
    else source.once("end", atEnd);
  } else {
    finish();
  }
  finished(source, { readable: true, writable: false }, (error) => {
    const state = source._readableState;
    if (isPremature(error) && state?.ended && !state.errored && !state.errorEmitted)
      source.once("end", finish).once("error", finish);
    else finish(error);
  });
  return finished(target, { readable: false, writable: true }, finish);
}

/** From an iterable to a writable stream. */
async function pump(source: any, target: any, finish: Finish, end: boolean): Promise<void> {
  let failure: any;
  let wake: (() => void) | undefined;
  const onChange = (error?: any) => {
    failure ??= error;
    wake?.();
    wake = undefined;
  };
  const wait = () => new Promise<void>((resolve, reject) => {
    if (failure) return reject(failure);
    wake = () => (failure ? reject(failure) : resolve());
  });
  const onDrain = () => onChange();
  target.on("drain", onDrain);
  const stop = finished(target, { readable: false }, onChange);
  try {
    if (target.writableNeedDrain) await wait();
    for await (const chunk of source) if (!target.write(chunk)) await wait();
    if (end) {
      target.end();
      await wait();
    }
    finish();
  } catch (error) {
    finish(failure ?? error);
  } finally {
    stop();
    target.off("drain", onDrain);
  }
}

/** One run of a pipeline. */
class Row {
  #pending = 0;
  #error: any;
  #value: any;
  #destroyers: Finish[] = [];
  #atSuccess: (() => void)[] = [];
  #controller: AbortController | undefined;
  #callback: Done;
  #outer: AbortSignal | undefined;
  #onAbort = () => this.#settle(abortError(this.#outer), false);

  constructor(callback: Done, outer: AbortSignal | undefined) {
    this.#callback = callback;
    this.#outer = outer;
    outer?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get #signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  #finish: Finish = (error) => this.#settle(error, --this.#pending === 0);

  #settle(error: any, isLast: boolean): void {
    if (error && (!this.#error || isPremature(this.#error))) this.#error = error;
    if (!this.#error && !isLast) return;
    while (this.#destroyers.length > 0) this.#destroyers.shift()!(this.#error);
    this.#outer?.removeEventListener("abort", this.#onAbort);
    this.#controller?.abort();
    if (!isLast) return;
    if (!this.#error) for (const each of this.#atSuccess) each();
    nextTick(this.#callback, this.#error, this.#value);
  }

  /** Joins part after part; gives the last stream. */
  run(parts: any[], end: boolean): any {
    let current: any;
    for (const [index, part] of parts.entries()) {
      const place = { isFirst: index === 0, isLast: index === parts.length - 1 };
      const ends = !place.isLast || end;
      if (isStream(part)) this.#watch(part, place, ends);
      if (typeof part === "function" && !isStream(part))
        current = this.#call(part, current, place, ends);
      else if (place.isFirst) current = isIterable(part) || isStream(part) ? part
        : (Duplex as any).from(part);
      else current = this.#join(current, part, place.isLast, ends);
    }
    if (this.#outer?.aborted) nextTick(this.#onAbort);
    return current;
  }

  #watch(part: any, place: { isFirst: boolean; isLast: boolean }, ends: boolean): void {
    if (ends) this.#destroyers.push(destroyerOf(part, !place.isLast, !place.isFirst));
    const onError = (error: any) => {
      if (error && error.name !== "AbortError" && !isPremature(error)) this.#finish(error);
    };
    part.on("error", onError);
    if (isReadable(part) && place.isLast)
      this.#atSuccess.push(() => part.removeListener("error", onError));
  }

  #call(part: any, source: any, place: { isFirst: boolean; isLast: boolean }, ends: boolean): any {
    const options = { signal: this.#signal };
    const result = place.isFirst ? part(options) : part(source, options);
    if (!place.isLast || place.isFirst) {
      if (isIterable(result) || isStream(result)) return result;
      throw nodeError(TypeError, "ERR_INVALID_RETURN_VALUE",
        "Expected Iterable, AsyncIterable or Stream to be returned from the " +
          `"${place.isFirst ? "source" : "transform"}" function but got ${
            result === null || result === undefined ? result : `type ${typeof result}`}.`);
    }
    const output = new (PassThrough as any)({ objectMode: true });
    if (typeof result?.then === "function") {
      this.#pending++;
      result.then((value: any) => {
        this.#value = value;
        if (value !== undefined && value !== null) output.write(value);
        if (ends) output.end();
        nextTick(this.#finish);
      }, (error: any) => {
        output.destroy(error);
        nextTick(this.#finish, error);
      });
    } else if (isIterable(result)) {
      this.#pending++;
      pump(result, output, this.#finish, ends);
    } else {
      throw nodeError(TypeError, "ERR_INVALID_RETURN_VALUE",
        "Expected AsyncIterable or Promise to be returned from the \"destination\" function but " +
          `got ${result === null || result === undefined ? result : `type ${typeof result}`}.`);
    }
    this.#destroyers.push(destroyerOf(output, false, true));
    return output;
  }

  #join(source: any, part: any, isLast: boolean, ends: boolean): any {
    if (!isStream(part)) return this.#join(source, (Duplex as any).from(part), isLast, ends);
    if (isReadableStream(source)) {
      this.#pending += 2;
      const stop = connect(source, part, this.#finish, ends);
      if (isReadable(part) && isLast) this.#atSuccess.push(stop);
    } else if (isIterable(source)) {
      this.#pending++;
      pump(source, part, this.#finish, ends);
    } else {
      throw invalidType("val",
        "of type function or an instance of Readable, Iterable, or AsyncIterable", source);
    }
    return part;
  }
}

/** What both forms of `pipeline` do. */
export function runPipeline(given: any[], callback: Done, options: any = {}): any {
  const parts = given.length === 1 && Array.isArray(given[0]) ? given[0] : given;
  if (parts.length < 2) {
    throw nodeError(
      TypeError, "ERR_MISSING_ARGS", 'The "streams" argument must be specified');
  }
  checkSignal(options.signal);
  return new Row(callback, options.signal).run(parts, options.end !== false);
}

export function pipeline(...given: any[]): any {
  const callback = given.pop();
  checkFunction(callback, "streams[stream.length - 1]");
  let isCalled = false;
  return runPipeline(given, (error, value) => {
    if (isCalled) return;
    isCalled = true;
    callback(error, value);
  });
}
