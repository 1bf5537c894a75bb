// SPDX-License-Identifier: MIT
/** The block between `---` lines at the start of a Markdown file. */
import { parseYaml } from "./yaml";

export function parseFrontmatter(content: string): { frontmatter: any; body: string } {
  const text = content.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const end = text.startsWith("---") ? text.indexOf("\n---", 3) : -1;
  if (end < 0) return { frontmatter: {}, body: text };
  return {
    frontmatter: parseYaml(text.slice(4, end)) ?? {},
    body: text.slice(end + 4).trim(),
  };
}

export const stripFrontmatter = (content: string): string => parseFrontmatter(content).body;
