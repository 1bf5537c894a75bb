// SPDX-License-Identifier: MIT
/** Skills and project instructions: files for the model that are found by where they are. */
import { basename, dirname, join, resolve } from "node:path";
import { info } from "isopod:native";
import { parseFrontmatter } from "./frontmatter";
import { loadBuiltin } from "./platform";
import { messageTexts } from "./recorded_strings";

const fs = () => loadBuiltin("node:fs");

const kNameLengthMax = 64;
const kDescriptionLengthMax = 1024;
const kDepthMax = 20;
const kContextFiles = ["AGENTS.md", "CLAUDE.md"];

export function createSyntheticSourceInfo(path: string, options: any): any {
  const { source, scope = "temporary", origin = "top-level", baseDir } = options;
  return { path, source, scope, origin, ...(baseDir !== undefined && { baseDir }) };
}

const escape = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;")
  .replace(/>/g, "&gt;").replace(/"/g, "&quot;").replace(/'/g, "&apos;");

/** The skills' names, descriptions and places for the system prompt. */
export function formatSkillsForPrompt(skills: any[]): string {
  const shown = skills.filter((skill) => !skill.disableModelInvocation);
  if (shown.length === 0) return "";
  const lines = shown.flatMap(({ name, description, filePath }) => [
    "  <skill>", `    <name>${escape(name)}</name>`,
    `    <description>${escape(description)}</description>`,
    `    <location>${escape(filePath)}</location>`, "  </skill>",
  ]);
  return `\n\n${[messageTexts.skills, "", "<available_skills>", ...lines, "</available_skills>"]
    .join("\n")}`;
}

const kSkillBlock =
  /^<skill name="([^"]+)" location="([^"]+)">\n([\s\S]*?)\n<\/skill>(?:\n\n([\s\S]+))?$/;

/** The parts of a message that begins with a skill, or null. */
export function parseSkillBlock(text: string): any {
  const match = kSkillBlock.exec(text);
  if (match === null) return null;
  const [, name, location, content, userMessage] = match;
  return { name, location, content, userMessage: userMessage?.trim() || undefined };
}

function problemsOf(name: string, description: unknown): string[] {
  const problems: string[] = [];
  if (typeof description !== "string" || description.trim() === "") {
    problems.push("description is required");
  } else if (description.length > kDescriptionLengthMax) {
    problems.push(
      `description exceeds ${kDescriptionLengthMax} characters (${description.length})`);
  }
  if (name.length > kNameLengthMax) {
    problems.push(`name exceeds ${kNameLengthMax} characters (${name.length})`);
  }
  if (!/^[a-z0-9-]+$/.test(name)) {
    problems.push(
      "name contains invalid characters (must be lowercase a-z, 0-9, hyphens only)");
  }
  if (/^-|-$/.test(name)) problems.push("name must not start or end with a hyphen");
  if (name.includes("--")) problems.push("name must not contain consecutive hyphens");
  return problems;
}

interface Loaded {
  skills: any[];
  diagnostics: any[];
}

function loadSkill(path: string, source: string, loaded: Loaded): void {
  try {
    const { frontmatter } = parseFrontmatter(fs().readFileSync(path, "utf8"));
    const baseDir = dirname(path);
    const name = String(frontmatter.name ?? basename(baseDir));
    const { description } = frontmatter;
    for (const message of problemsOf(name, description)) {
      loaded.diagnostics.push({ type: "warning", message, path });
    }
    if (typeof description !== "string" || description.trim() === "") return;
    const scope = source === "user" || source === "project" ? source : "temporary";
    loaded.skills.push({
      name, description, filePath: path, baseDir,
      sourceInfo: createSyntheticSourceInfo(path, { source: "local", scope, baseDir }),
      disableModelInvocation: frontmatter["disable-model-invocation"] === true,
    });
  } catch (error: any) {
    loaded.diagnostics.push({ type: "warning", message: error?.message ?? String(error), path });
  }
}

/** A folder with SKILL.md is one skill; Markdown files directly in the first folder are skills. */
function loadFolder(folder: string, source: string, loaded: Loaded, depth: number): void {
  if (depth > kDepthMax || !fs().existsSync(folder)) return;
  const own = join(folder, "SKILL.md");
  if (fs().existsSync(own)) return loadSkill(own, source, loaded);
  const entries = fs().readdirSync(folder, { withFileTypes: true });
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    const stat = entry.isSymbolicLink() ? fs().statSync(path, { throwIfNoEntry: false }) : entry;
    if (stat?.isDirectory()) loadFolder(path, source, loaded, depth + 1);
    else if (depth === 0 && stat?.isFile() && entry.name.endsWith(".md")) {
      loadSkill(path, source, loaded);
    }
  }
}

export function loadSkillsFromDir({ dir, source }: { dir: string; source: string }): Loaded {
  const loaded: Loaded = { skills: [], diagnostics: [] };
  loadFolder(dir, source, loaded, 0);
  return loaded;
}

/** The user's skills, the project's and those of given paths; the first of a name counts. */
export function loadSkills(options: any = {}): Loaded {
  const { cwd = info.cwd, agentDir = info.agentDir, skillPaths = [], includeDefaults = true } =
    options;
  const loaded: Loaded = { skills: [], diagnostics: [] };
  if (includeDefaults) {
    loadFolder(join(agentDir, "skills"), "user", loaded, 0);
    loadFolder(join(cwd, ".pi", "skills"), "project", loaded, 0);
  }
  for (const path of skillPaths) {
    const absolute = resolve(cwd, path);
    const stat = fs().statSync(absolute, { throwIfNoEntry: false });
    if (stat?.isFile()) loadSkill(absolute, "path", loaded);
    else loadFolder(absolute, "path", loaded, 0);
  }
  const byName = new Map<string, any>();
  for (const skill of loaded.skills) if (!byName.has(skill.name)) byName.set(skill.name, skill);
  return { skills: [...byName.values()], diagnostics: loaded.diagnostics };
}

/** Instructions of the user and of each folder from the root to `cwd`. */
export function loadProjectContextFiles(options: any = {}): { path: string; content: string }[] {
  const { cwd = info.cwd, agentDir = info.agentDir } = options;
  const folders: string[] = [];
  for (let at = resolve(cwd); ; at = dirname(at)) {
    folders.unshift(at);
    if (dirname(at) === at) break;
  }
  const paths = [agentDir, ...folders].map((folder) =>
    kContextFiles.map((name) => join(folder, name)).find((path) => fs().existsSync(path)));
  return [...new Set(paths.filter((path) => path !== undefined))]
    .map((path) => ({ path, content: fs().readFileSync(path, "utf8") }));
}
