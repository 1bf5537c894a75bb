// SPDX-License-Identifier: MIT
/**
 * Asynchronous context. Importable, so that an extension loads; whatever is called says by its name that it is
 * not there.
 */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:async_hooks.${name}`);

export const AsyncLocalStorage = missing("AsyncLocalStorage");
export const AsyncResource = missing("AsyncResource");
export const asyncWrapProviders = missing("asyncWrapProviders");
export const createHook = missing("createHook");
export const executionAsyncId = missing("executionAsyncId");
export const executionAsyncResource = missing("executionAsyncResource");
export const triggerAsyncId = missing("triggerAsyncId");

export default {
  AsyncLocalStorage, AsyncResource, asyncWrapProviders, createHook, executionAsyncId,
  executionAsyncResource, triggerAsyncId,
};
