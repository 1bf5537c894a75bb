// SPDX-License-Identifier: MIT
/** `readable.pipe` and `unpipe`. */
import { loadBuiltin } from "isopod:native";
import { nextTick } from "./node_errors";
import { errorOrDestroy } from "./stream_base";

/** A writer that was full has room again; the source flows when no other is full. */
function releaseWriters(source: any, target: any): void {
  const state = source._readableState;
  state.awaitDrainWriters.delete(target);
  if (state.awaitDrainWriters.size === 0 && source.listenerCount("data") > 0) source.resume();
}

// What is written to the log is never at its end.
function isLog(target: any): boolean {
  const process = loadBuiltin("node:process");
  return target === process.stdout || target === process.stderr;
}

export function pipe(this: any, target: any, options?: any): any {
  const state = this._readableState;
  state.pipes.push(target);
  let isCleaned = false;
  let onDrain: (() => void) | undefined;

  const stop = () => { this.unpipe(target); };
  const pauseForTarget = () => {
    if (!isCleaned) {
      if (state.pipes.includes(target)) state.awaitDrainWriters.add(target);
      this.pause();
    }
    if (onDrain === undefined) {
      onDrain = () => releaseWriters(this, target);
      target.on("drain", onDrain);
    }
  };
  const onData = (chunk: any) => { if (target.write(chunk) === false) pauseForTarget(); };
  const onEnd = () => { target.end(); };
  const onError = (error: any) => {
    stop();
    target.removeListener("error", onError);
    if (target.listenerCount("error") > 0) return;
    const half = target._writableState ?? target._readableState;
    if (half && !half.errorEmitted) errorOrDestroy(target, error);
    else target.emit("error", error);
  };
  const onClose = () => {
    target.removeListener("finish", onFinish);
    stop();
  };
  const onFinish = () => {
    target.removeListener("close", onClose);
    stop();
  };
  const atEnd = options?.end === false || isLog(target) ? stop : onEnd;
  const cleanUp = () => {
    target.removeListener("close", onClose);
    target.removeListener("finish", onFinish);
    if (onDrain !== undefined) target.removeListener("drain", onDrain);
    target.removeListener("error", onError);
    target.removeListener("unpipe", onUnpipe);
    this.removeListener("end", atEnd);
    this.removeListener("data", onData);
    isCleaned = true;
    const half = target._writableState;
    if (onDrain !== undefined && state.awaitDrainWriters.size > 0 && (!half || half.needDrain))
      onDrain();
  };
  const onUnpipe = (source: any, info: any) => {
    if (source !== this || !info || info.hasUnpiped) return;
    info.hasUnpiped = true;
    cleanUp();
  };

  if (state.endEmitted) nextTick(atEnd);
  else this.once("end", atEnd);
  target.on("unpipe", onUnpipe);
  this.on("data", onData);
  target.prependListener("error", onError);
  target.once("close", onClose);
  target.once("finish", onFinish);
  target.emit("pipe", this);
  if (target.writableNeedDrain === true) pauseForTarget();
  else if (!state.flowing) this.resume();
  return target;
}

export function unpipe(this: any, target?: any): any {
  const state = this._readableState;
  if (state.pipes.length === 0) return this;
  if (!target) {
    const targets = state.pipes;
    state.pipes = [];
    this.pause();
    for (const each of targets) each.emit("unpipe", this, { hasUnpiped: false });
    return this;
  }
  const index = state.pipes.indexOf(target);
  if (index < 0) return this;
  state.pipes.splice(index, 1);
  if (state.pipes.length === 0) this.pause();
  target.emit("unpipe", this, { hasUnpiped: false });
  return this;
}
