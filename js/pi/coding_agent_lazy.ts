// SPDX-License-Identifier: MIT
/** Values of pi's coding agent that load their code when they are first called. */
import { lazyClass } from "./lazy_class";
import { loadBuiltin } from "./platform";

const from = (module: string) => (name: string) => (...args: any[]): any =>
  loadBuiltin(module)[name](...args);
const more = from("isopod:pi/coding_agent_more");
const render = from("isopod:pi/builtin_render");

export const CURRENT_SESSION_VERSION = 3;
export const VIRTUAL_MODEL_STATE_ENTRY = "pi.virtual-model-state";
export const DEFAULT_COMPACTION_SETTINGS = {
  enabled: true, reserveTokens: 16384, keepRecentTokens: 20000,
};
export const SessionManager: any =
  lazyClass("SessionManager", () => loadBuiltin("isopod:pi/coding_agent_more").SessionManager);

export const buildContextEntries = more("buildContextEntries");
export const buildSessionContext = more("buildSessionContext");
export const buildSessionProjection = more("buildSessionProjection");
export const calculateContextTokens = more("calculateContextTokens");
export const collectEntriesForBranchSummary = more("collectEntriesForBranchSummary");
export const convertToLlm = more("convertToLlm");
export const convertToPng = more("convertToPng");
export const copyToClipboard = more("copyToClipboard");
export const createSyntheticSourceInfo = more("createSyntheticSourceInfo");
export const detectSupportedImageMimeTypeFromFile = more("detectSupportedImageMimeTypeFromFile");
export const estimateTokens = more("estimateTokens");
export const findCutPoint = more("findCutPoint");
export const findTurnStartIndex = more("findTurnStartIndex");
export const formatDimensionNote = more("formatDimensionNote");
export const formatSkillsForPrompt = more("formatSkillsForPrompt");
export const getLastAssistantUsage = more("getLastAssistantUsage");
export const getLatestCompactionEntry = more("getLatestCompactionEntry");
export const hasTrustRequiringProjectResources = more("hasTrustRequiringProjectResources");
export const loadProjectContextFiles = more("loadProjectContextFiles");
export const loadSkills = more("loadSkills");
export const loadSkillsFromDir = more("loadSkillsFromDir");
export const migrateSessionEntries = more("migrateSessionEntries");
export const parseSessionEntries = more("parseSessionEntries");
export const parseSkillBlock = more("parseSkillBlock");
export const resizeImage = more("resizeImage");
export const serializeConversation = more("serializeConversation");
export const sessionEntryToContextMessages = more("sessionEntryToContextMessages");
export const shouldCompact = more("shouldCompact");

export const highlightCode = render("highlightCode");
export const renderDiff = render("renderDiff");
export const truncateToVisualLines = render("truncateToVisualLines");
/** The theme is the host's; there is nothing to set up. */
export const initTheme = (): void => {};
/** Credentials are the host's, and no extension sees them. */
export const readStoredCredential = (): undefined => undefined;
