// SPDX-License-Identifier: MIT
/** `@earendil-works/pi-coding-agent`: what needs neither an agent nor a terminal. */
import { info } from "isopod:native";
import { theme } from "isopod:pi/theme";
import { createBus } from "./bus";
import { lazyClass } from "./lazy_class";
import { loadBuiltin } from "./platform";

export * from "./coding_agent_lazy";
export * from "./coding_agent_missing";
export * from "./coding_agent_tools";
export { parseFrontmatter, stripFrontmatter } from "./frontmatter";
export {
  DEFAULT_MAX_BYTES, DEFAULT_MAX_LINES, formatReadLineRange, formatSize, truncateHead,
  truncateLine, truncateTail,
} from "./truncate";
export { withFileMutationQueue } from "./file_queue";
export { getLanguageFromPath } from "./languages";
export { Theme } from "isopod:pi/theme";

export const CONFIG_DIR_NAME = ".pi";
/** The version whose interface this is. */
export const VERSION = "1.5.2";

export const getAgentDir = (): string => info.agentDir;
export const defineTool = <T>(tool: T): T => tool;
export const createEventBus = createBus;

export const isToolCallEventType = (toolName: string, event: any): boolean =>
  event.toolName === toolName;
const isResultOf = (toolName: string) => (event: any): boolean => event.toolName === toolName;
export const isBashToolResult = isResultOf("bash");
export const isEditToolResult = isResultOf("edit");
export const isFindToolResult = isResultOf("find");
export const isGrepToolResult = isResultOf("grep");
export const isLsToolResult = isResultOf("ls");
export const isPowerShellToolResult = isResultOf("powershell");
export const isReadToolResult = isResultOf("read");
export const isWriteToolResult = isResultOf("write");

// ---- terminal interface; what needs pi-tui loads it when it is used ----

const tui = () => loadBuiltin("@earendil-works/pi-tui");
const components = () => loadBuiltin("isopod:pi/components");

export const CustomEditor: any = lazyClass("CustomEditor", () => components().CustomEditor);
export const BorderedLoader: any = lazyClass("BorderedLoader", () => components().BorderedLoader);
export const DynamicBorder: any = lazyClass("DynamicBorder", () => components().DynamicBorder);

/** Key names as people of this platform know them. */
const showKeys = (keys: string): string =>
  info.platform === "darwin" ? keys.replace(/(^|[+/])alt(?=$|[+/])/gi, "$1option") : keys;

export const keyText = (keybinding: string): string =>
  showKeys(tui().getKeybindings().getKeys(keybinding).join("/"));
export const rawKeyHint = (key: string, description: string): string =>
  theme.fg("dim", showKeys(key)) + theme.fg("muted", ` ${description}`);
export const keyHint = (keybinding: string, description: string): string =>
  theme.fg("dim", keyText(keybinding)) + theme.fg("muted", ` ${description}`);

const colored = (token: string) => (text: string) => theme.fg(token, text);

export const getSelectListTheme = () => ({
  selectedPrefix: colored("accent"), selectedText: colored("accent"),
  description: colored("muted"), scrollInfo: colored("muted"), noMatch: colored("muted"),
});

export const getSettingsListTheme = () => ({
  label: (text: string, selected: boolean) => (selected ? theme.fg("accent", text) : text),
  value: (text: string, selected: boolean) => theme.fg(selected ? "accent" : "muted", text),
  description: colored("dim"),
  cursor: theme.fg("accent", "→ "),
  hint: colored("dim"),
});

export const getMarkdownTheme = () => ({
  heading: colored("mdHeading"), link: colored("mdLink"), linkUrl: colored("mdLinkUrl"),
  code: colored("mdCode"), codeBlock: colored("mdCodeBlock"),
  codeBlockBorder: colored("mdCodeBlockBorder"), quote: colored("mdQuote"),
  quoteBorder: colored("mdQuoteBorder"), hr: colored("mdHr"), listBullet: colored("mdListBullet"),
  bold: theme.bold, italic: theme.italic, underline: theme.underline,
  strikethrough: theme.strikethrough,
});
