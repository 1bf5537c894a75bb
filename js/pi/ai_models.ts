// SPDX-License-Identifier: MIT
export {
  AI_TELEMETRY_SCHEMA, ModelsError, calculateCost, clampThinkingLevel, createModels, createProvider,
  getModelType, getSupportedThinkingLevels, hasApi, isModelType, modelsAreEqual,
} from "@earendil-works/pi-ai";
