// SPDX-License-Identifier: MIT
/** The parts of pi's coding agent that few extensions use; loaded with the first use of one. */
import { info } from "isopod:native";
import { loadBuiltin } from "./platform";
import { messageTexts } from "./recorded_strings";

export * from "./coding_agent_messages";
export {
  buildContextEntries, buildSessionContext, buildSessionProjection, collectEntriesForBranchSummary,
  findCutPoint, findTurnStartIndex, getLastAssistantUsage, getLatestCompactionEntry,
  sessionEntryToContextMessages,
} from "./coding_agent_context";
export { migrateSessionEntries, parseSessionEntries } from "./coding_agent_session_files";
export { SessionManager } from "./coding_agent_sessions";
export {
  createSyntheticSourceInfo, formatSkillsForPrompt, loadProjectContextFiles, loadSkills,
  loadSkillsFromDir, parseSkillBlock,
} from "./coding_agent_skills";

/** Files of a project that can change what the agent does; a project with one needs trust. */
const kTrustedFiles = [
  "settings.json", "mcp.json", "extensions", "skills", "prompts", "themes", "SYSTEM.md",
  "APPEND_SYSTEM.md",
];

export function hasTrustRequiringProjectResources(cwd: string): boolean {
  const { existsSync } = loadBuiltin("node:fs");
  const { dirname, join, resolve } = loadBuiltin("node:path");
  if (kTrustedFiles.some((name) => existsSync(join(cwd, ".pi", name)))) return true;
  for (let at = resolve(cwd); ; at = dirname(at)) {
    if (existsSync(join(at, ".agents", "skills"))) return true;
    if (dirname(at) === at) return false;
  }
}

const kImageHeaderBytes = 4100;

export async function detectSupportedImageMimeTypeFromFile(path: string): Promise<string | null> {
  const handle = await loadBuiltin("node:fs/promises").open(path, "r");
  try {
    const bytes = new Uint8Array(kImageHeaderBytes);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return loadBuiltin("isopod:pi/builtin_run").detectImageMimeType(bytes.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

const kSideMax = 2000;
const kBase64BytesMax = 4.5 * 1024 * 1024;

/** An image that is small enough as it is; null for others, for nothing here re-encodes images. */
export async function resizeImage(bytes: Uint8Array, mimeType: string, options: any = {}) {
  const { maxWidth = kSideMax, maxHeight = kSideMax, maxBytes = kBase64BytesMax } = options;
  if (!ArrayBuffer.isView(bytes)) return null;
  const size = loadBuiltin("isopod:pi/builtin_run").imageSize(bytes, mimeType);
  if (size === null || size.width > maxWidth || size.height > maxHeight) return null;
  const data: string = loadBuiltin("node:buffer").Buffer
    .from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  if (data.length >= maxBytes) return null;
  const { width, height } = size;
  return {
    data, mimeType, originalWidth: width, originalHeight: height, width, height, wasResized: false,
  };
}

export function formatDimensionNote(image: any): string | undefined {
  if (!image.wasResized) return undefined;
  const { originalWidth, originalHeight, width, height } = image;
  return messageTexts.dimensions(originalWidth, originalHeight, `${width}x${height}`,
    (originalWidth / width).toFixed(2));
}

export const convertToPng = async (data: string, mimeType: string) =>
  mimeType === "image/png" ? { data, mimeType } : null;

/** Programs that take text for the clipboard on their standard input. */
function clipboardPrograms(): [string, string[]][] {
  if (info.platform === "darwin") return [["pbcopy", []]];
  if (info.platform === "win32") return [["clip", []]];
  return [
    ["wl-copy", []], ["xclip", ["-selection", "clipboard"]], ["xsel", ["--clipboard", "--input"]],
  ];
}

export async function copyToClipboard(text: string): Promise<void> {
  const { execFileSync } = loadBuiltin("node:child_process");
  for (const [program, args] of clipboardPrograms()) {
    try {
      execFileSync(program, args, { input: text, stdio: ["pipe", "ignore", "ignore"] });
      return;
    } catch {
      continue;  // Not installed, not allowed, or without a display.
    }
  }
  throw new Error("No program takes text for the clipboard");
}
