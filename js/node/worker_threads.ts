// SPDX-License-Identifier: MIT
/**
 * Worker threads. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:worker_threads.${name}`);

export const BroadcastChannel = missing("BroadcastChannel");
export const MessageChannel = missing("MessageChannel");
export const MessagePort = missing("MessagePort");
export const SHARE_ENV = missing("SHARE_ENV");
export const Worker = missing("Worker");
export const getEnvironmentData = missing("getEnvironmentData");
export const markAsUntransferable = missing("markAsUntransferable");
export const moveMessagePortToContext = missing("moveMessagePortToContext");
export const postMessageToThread = missing("postMessageToThread");
export const receiveMessageOnPort = missing("receiveMessageOnPort");
export const resourceLimits = missing("resourceLimits");
export const setEnvironmentData = missing("setEnvironmentData");
export const isMainThread = true;
export const parentPort = null;
export const workerData = null;
export const threadId = 0;

export default {
  BroadcastChannel, MessageChannel, MessagePort, SHARE_ENV, Worker, getEnvironmentData,
  markAsUntransferable, moveMessagePortToContext, postMessageToThread, receiveMessageOnPort,
  resourceLimits, setEnvironmentData, isMainThread, parentPort, workerData, threadId,
};
