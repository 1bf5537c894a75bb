// SPDX-License-Identifier: MIT
/** What pi's model layer exports and this version does not do: importable, throws when called. */
import { unsupportedFunction } from "isopod:core";

const missing = (name: string) => unsupportedFunction(`@earendil-works/pi-ai.${name}`);

export const AI_TELEMETRY_SCHEMA = missing("AI_TELEMETRY_SCHEMA");
export const PI_ATTRIBUTION = missing("PI_ATTRIBUTION");
export const cleanupSessionResources = missing("cleanupSessionResources");
export const createFauxCore = missing("createFauxCore");
export const createModels = missing("createModels");
export const createProvider = missing("createProvider");
export const defaultProviderAuthContext = missing("defaultProviderAuthContext");
export const envApiKeyAuth = missing("envApiKeyAuth");
export const evaluateCacheWarming = missing("evaluateCacheWarming");
export const fauxProvider = missing("fauxProvider");
export const formatUserAgent = missing("formatUserAgent");
export const generateImages = missing("generateImages");
export const generateImagesOpenRouter = missing("generateImagesOpenRouter");
export const getAttributionHeaders = missing("getAttributionHeaders");
export const getCacheWarmingDelayMs = missing("getCacheWarmingDelayMs");
export const getCacheWarmingRequestOptions = missing("getCacheWarmingRequestOptions");
export const getClientVersion = missing("getClientVersion");
export const getIdentityHeaders = missing("getIdentityHeaders");
export const getImagesApiProvider = missing("getImagesApiProvider");
export const getOpenCodeSessionHeaders = missing("getOpenCodeSessionHeaders");
export const getPromptCacheTtlMs = missing("getPromptCacheTtlMs");
export const isCacheWarmingReplayable = missing("isCacheWarmingReplayable");
export const isRecoverableLength = missing("isRecoverableLength");
export const lazyApi = missing("lazyApi");
export const lazyOAuth = missing("lazyOAuth");
export const lazyStream = missing("lazyStream");
export const mergeClientIdentity = missing("mergeClientIdentity");
export const registerBuiltInImagesApiProviders = missing("registerBuiltInImagesApiProviders");
export const registerFauxProvider = missing("registerFauxProvider");
export const registerImagesApiProvider = missing("registerImagesApiProvider");
export const registerSessionResourceCleanup = missing("registerSessionResourceCleanup");
export const resolveTranscriptTools = missing("resolveTranscriptTools");
export const retryAssistantCall = missing("retryAssistantCall");
export const retryDelayMs = missing("retryDelayMs");
export const setBedrockProviderLoader = missing("setBedrockProviderLoader");
export const setBedrockProviderModule = missing("setBedrockProviderModule");
export const withClientIdentity = missing("withClientIdentity");
