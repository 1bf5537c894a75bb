// SPDX-License-Identifier: MIT
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`node:perf_hooks.${name}`);

export const performance = globalThis.performance;
export const PerformanceObserver = missing("PerformanceObserver");
export const PerformanceEntry = missing("PerformanceEntry");
export const createHistogram = missing("createHistogram");
export const monitorEventLoopDelay = missing("monitorEventLoopDelay");
export const constants = {};

export default {
  performance, PerformanceObserver, PerformanceEntry, createHistogram, monitorEventLoopDelay,
  constants,
};
