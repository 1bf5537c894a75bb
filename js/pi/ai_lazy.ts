// SPDX-License-Identifier: MIT
/** Values of pi's model layer that load their code when they are first used. */
import { lazyClass } from "./lazy_class";
import { loadBuiltin } from "./platform";

const module = () => loadBuiltin("isopod:pi/ai_more");
const more = (name: string) => (...args: any[]): any => module()[name](...args);
const classOf = (name: string): any => lazyClass(name, () => module()[name]);
/** The built-in APIs: importable, and each call ends with an error that no model runs here. */
const noModel = (model: any, _context: any, _options?: any) => module().noModelStream(model);
const api = () => ({
  stream: (model: any, _context: any, _options: any) => module().noModelStream(model),
  streamSimple: (model: any, _context: any, _options: any) => module().noModelStream(model),
});

export const InMemoryCredentialStore = classOf("InMemoryCredentialStore");
export const InMemoryModelsStore = classOf("InMemoryModelsStore");
export const ModelsError = classOf("ModelsError");
export const StreamingJsonParser = classOf("StreamingJsonParser");
export const ToolCallArgumentsStream = classOf("ToolCallArgumentsStream");

export const appendAssistantMessageDiagnostic = more("appendAssistantMessageDiagnostic");
export const clampThinkingLevel = more("clampThinkingLevel");
export const collapseSystemMessages = more("collapseSystemMessages");
export const complete = more("complete");
export const completeSimple = more("completeSimple");
export const createAssistantMessageDiagnostic = more("createAssistantMessageDiagnostic");
export const createInitialSystemMessage = more("createInitialSystemMessage");
export const declarationsEqual = more("declarationsEqual");
export const extractDiagnosticError = more("extractDiagnosticError");
export const fauxAssistantMessage = more("fauxAssistantMessage");
export const fauxText = more("fauxText");
export const fauxThinking = more("fauxThinking");
export const fauxToolCall = more("fauxToolCall");
export const formatThrownValue = more("formatThrownValue");
export const getApiProvider = more("getApiProvider");
export const getApiProviders = more("getApiProviders");
export const getCurrentSystemMessage = more("getCurrentSystemMessage");
export const getCurrentSystemPrompt = more("getCurrentSystemPrompt");
export const getCurrentTools = more("getCurrentTools");
export const getDeclaredTools = more("getDeclaredTools");
export const getInitialSystemMessage = more("getInitialSystemMessage");
export const getOverflowPatterns = more("getOverflowPatterns");
export const getSupportedThinkingLevels = more("getSupportedThinkingLevels");
export const getSystemMessageText = more("getSystemMessageText");
export const getToolStateChanges = more("getToolStateChanges");
export const hasNonAdditiveToolChanges = more("hasNonAdditiveToolChanges");
export const hasToolRedefinitions = more("hasToolRedefinitions");
export const isContextOverflow = more("isContextOverflow");
export const isRetryableAssistantError = more("isRetryableAssistantError");
export const normalizeContext = more("normalizeContext");
export const parseJsonWithRepair = more("parseJsonWithRepair");
export const parseStreamingJson = more("parseStreamingJson");
export const parseToolCallArguments = more("parseToolCallArguments");
export const registerApiProvider = more("registerApiProvider");
export const registerBuiltInApiProviders = more("registerBuiltInApiProviders");
export const renderSystemMessageUpdate = more("renderSystemMessageUpdate");
export const repairJson = more("repairJson");
export const resetApiProviders = more("resetApiProviders");
export const resolveTranscript = more("resolveTranscript");
export const stream = more("stream");
export const streamSimple = more("streamSimple");
export const toToolDeclaration = more("toToolDeclaration");
export const unregisterApiProviders = more("unregisterApiProviders");
export const withoutInitialSystemMessage = more("withoutInitialSystemMessage");

export const anthropicMessagesApi = () => api();
export const azureOpenAIResponsesApi = () => api();
export const bedrockConverseStreamApi = () => api();
export const googleGenerativeAIApi = () => api();
export const googleVertexApi = () => api();
export const mistralConversationsApi = () => api();
export const openAICodexResponsesApi = () => api();
export const openAICompletionsApi = () => api();
export const openAIResponsesApi = () => api();
export const piMessagesApi = () => api();
export const streamAnthropic = noModel;
export const streamSimpleAnthropic = noModel;
export const streamAzureOpenAIResponses = noModel;
export const streamSimpleAzureOpenAIResponses = noModel;
export const streamGoogle = noModel;
export const streamSimpleGoogle = noModel;
export const streamGoogleVertex = noModel;
export const streamSimpleGoogleVertex = noModel;
export const streamMistral = noModel;
export const streamSimpleMistral = noModel;
export const streamOpenAICodexResponses = noModel;
export const streamSimpleOpenAICodexResponses = noModel;
export const streamOpenAICompletions = noModel;
export const streamSimpleOpenAICompletions = noModel;
export const streamOpenAIResponses = noModel;
export const streamSimpleOpenAIResponses = noModel;

/** No models come with this host. */
export const getProviders = (): string[] => [];
export const getModels = (_provider: string): any[] => [];
export const getModel = (_provider: string, _id: string): undefined => undefined;
export const getImageProviders = (): string[] => [];
export const getImageModels = (_provider: string): any[] => [];
export const getImageModel = (_provider: string, _id: string): undefined => undefined;
/** Credentials are the host's, and no extension sees them. */
export const getEnvApiKey = (_provider: string): undefined => undefined;
export const findEnvKeys = (_provider: string): undefined => undefined;

export const getModelType = (model: any): string => model.type ?? "chat";
export const isModelType = (model: any, type: string): boolean => getModelType(model) === type;
export const hasApi = (model: any, api: string): boolean => model.api === api;

export const ANTHROPIC_API_KEY_ENV = "ANTHROPIC_API_KEY";
export const ANTHROPIC_AUTH_TOKEN_ENV = "ANTHROPIC_AUTH_TOKEN";
export const ANTHROPIC_FEDERATION_RULE_ID_ENV = "ANTHROPIC_FEDERATION_RULE_ID";
export const ANTHROPIC_IDENTITY_TOKEN_FILE_ENV = "ANTHROPIC_IDENTITY_TOKEN_FILE";
export const ANTHROPIC_OAUTH_TOKEN_ENV = "ANTHROPIC_OAUTH_TOKEN";
export const ANTHROPIC_ORGANIZATION_ID_ENV = "ANTHROPIC_ORGANIZATION_ID";
export const ANTHROPIC_SERVICE_ACCOUNT_ID_ENV = "ANTHROPIC_SERVICE_ACCOUNT_ID";
export const ANTHROPIC_WORKSPACE_ID_ENV = "ANTHROPIC_WORKSPACE_ID";
export const CACHE_WARMING_IDLE_CONTINUATION_PROBABILITY = 0.15;
export const CACHE_WARMING_MAX_AGE_MS = 3_600_000;
export const CACHE_WARMING_MAX_IDLE_AGE_MS = 1_800_000;
export const CACHE_WARMING_MINIMUM_EXPECTED_SAVINGS = 0.05;
export const DEFAULT_MAX_AGENT_RETRY_DELAY_MS = 60_000;
