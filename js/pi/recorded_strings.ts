// SPDX-License-Identifier: MIT
/**
 * Texts of pi's built-in tools that are part of the interface: models read the descriptions, and
 * extensions compare the messages. Each is a recorded fact about pi 1.5.2, kept here verbatim and
 * in no other file; `strings.ts` has those of the extension API itself.
 */

const kShellLimits =
  "Returns stdout and stderr. Output is truncated to last 2000 lines or 50KB (whichever is hit " +
  "first). If truncated, full output is saved to a temp file. Optionally provide a timeout in " +
  "seconds.";

interface ToolTexts {
  description: string;
  snippet: string;
  guidelines?: string[];
}

const kShellGuideline =
  "You can inspect PI_* environment variables for current model and session details.";

export const toolTexts: Record<string, ToolTexts> = {
  read: {
    description:
      "Read the contents of a file. Supports text files and images (jpg, png, gif, webp, bmp). " +
      "Images are sent as attachments. For text files, output is truncated to 2000 lines or 50KB " +
      "(whichever is hit first). Use offset/limit for large files. When you need the full file, " +
      "continue with offset until complete.",
    snippet: "Read file contents",
    guidelines: ["Use read to examine files instead of cat or sed."],
  },
  bash: {
    description: `Execute a bash command in the current working directory. ${kShellLimits}`,
    snippet: "Execute bash commands (ls, grep, find, etc.)",
    guidelines: [kShellGuideline],
  },
  powershell: {
    description: `Execute a PowerShell command in the current working directory. ${kShellLimits}`,
    snippet: "Execute PowerShell commands",
    guidelines: [kShellGuideline],
  },
  edit: {
    description:
      "Edit a single file using exact text replacement. Every edits[].oldText must match a " +
      "unique, non-overlapping region of the original file. If two changes affect the same block " +
      "or nearby lines, merge them into one edit instead of emitting overlapping edits. Do not " +
      "include large unchanged regions just to connect distant changes.",
    snippet: "Make precise file edits with exact text replacement, including multiple disjoint " +
      "edits in one call",
    guidelines: [
      "Use edit for targeted changes. Batch changes to one file in a single call.",
      "Each edits[].oldText must exactly and uniquely match the original file. Keep matches " +
        "short and non-overlapping; merge nearby changes without including large " +
        "unchanged regions.",
    ],
  },
  write: {
    description:
      "Write content to a file. Creates the file if it doesn't exist, overwrites if it does. " +
      "Automatically creates parent directories.",
    snippet: "Create or overwrite files",
    guidelines: ["Use write only for new files or complete rewrites."],
  },
  grep: {
    description:
      "Search file contents for a pattern. Returns matching lines with file paths and line " +
      "numbers. Respects .gitignore. Output is truncated to 100 matches or 50KB (whichever is " +
      "hit first). Long lines are truncated to 500 chars.",
    snippet: "Search file contents for patterns (respects .gitignore)",
  },
  find: {
    description:
      "Search for files by glob pattern. Returns matching file paths relative to the search " +
      "directory. Respects .gitignore. Output is truncated to 1000 results or 50KB (whichever is " +
      "hit first).",
    snippet: "Find files by glob pattern (respects .gitignore)",
  },
  ls: {
    description:
      "List directory contents. Returns entries sorted alphabetically, with '/' suffix for " +
      "directories. Includes dotfiles. Output is truncated to 500 entries or 50KB (whichever is " +
      "hit first).",
    snippet: "List directory contents",
  },
};

/** Descriptions of the tools' parameters and outputs. */
export const parameterTexts = {
  readPath: "Path to the file to read (relative or absolute)",
  readOffset: "Line number to start reading from (1-indexed)",
  readLimit: "Maximum number of lines to read",
  command: "Shell command to execute",
  timeout: "Timeout in seconds (optional, no default timeout)",
  output: "Combined stdout and stderr, possibly truncated",
  fullOutputPath: "Full output, when truncated",
  editPath: "Path to the file to edit (relative or absolute)",
  oldText:
    "Exact text for one targeted replacement. It must be unique in the original file and must " +
    "not overlap with any other edits[].oldText in the same call.",
  newText: "Replacement text for this targeted edit.",
  edits:
    "One or more targeted replacements. Each edit is matched against the original file, not " +
    "incrementally. Do not include overlapping or nested edits. If two changes touch the same " +
    "block or nearby lines, merge them into one edit instead.",
  writePath: "Path to the file to write (relative or absolute)",
  writeContent: "Content to write to the file",
  grepPattern: "Search pattern (regex or literal string)",
  grepPath: "Directory or file to search (default: current directory)",
  grepGlob:
    "Filter files by glob pattern, relative to path, e.g. '*.ts', 'src/**/*.ts' or " +
    "'**/*.spec.ts'. A pattern without '/' matches file names at any depth",
  grepIgnoreCase: "Case-insensitive search (default: false)",
  grepLiteral: "Treat pattern as literal string instead of regex (default: false)",
  grepContext: "Number of lines to show before and after each match (default: 0)",
  grepLimit: "Maximum number of matches to return (default: 100)",
  findPattern: "Glob pattern to match files, e.g. '*.ts', '**/*.json', or 'src/**/*.spec.ts'",
  findPath: "Directory to search in (default: current directory)",
  findLimit: "Maximum number of results (default: 1000)",
  lsPath: "Directory to list (default: current directory)",
  lsLimit: "Maximum number of entries to return (default: 500)",
};

/** What the tools say when they run. */
export const toolMessages = {
  aborted: "Operation aborted",
  pathNotFound: (path: string) => `Path not found: ${path}`,

  offsetBeyondEnd: (offset: number, lines: number) =>
    `Offset ${offset} is beyond end of file (${lines} lines total)`,
  lineTooLong: (line: number, size: string, limit: string, path: string, bytes: number) =>
    `[Line ${line} is ${size}, exceeds ${limit} limit. Use bash: sed -n '${line}p' ${path} | ` +
    `head -c ${bytes}]`,
  showingLines: (first: number, last: number, total: number, why: string, next: number) =>
    `[Showing lines ${first}-${last} of ${total}${why}. Use offset=${next} to continue.]`,
  sizeLimit: (limit: string) => ` (${limit} limit)`,
  moreLines: (count: number, next: number) =>
    `[${count} more lines in file. Use offset=${next} to continue.]`,
  readImage: (type: string) => `Read image file [${type}]`,
  imageTooLarge: "[Image omitted: could not be resized below the inline image size limit.]",
  noImageSupport:
    "[Current model does not support images. The image will be omitted from this request.]",

  wrote: (path: string) => `Successfully wrote to ${path}`,

  replaced: (count: number, path: string) => `Successfully replaced ${count} block(s) in ${path}.`,
  noEdits: "Edit tool input is invalid. edits must contain at least one replacement.",
  cannotEdit: (path: string, code: string) => `Could not edit file: ${path}. Error code: ${code}.`,
  emptyOldText: (which: string | undefined, path: string) =>
    `${which === undefined ? "oldText" : `${which}.oldText`} must not be empty in ${path}.`,
  oldTextMissing: (which: string | undefined, path: string) =>
    which === undefined
      ? `Could not find the exact text in ${path}. The old text must match exactly including ` +
        "all whitespace and newlines."
      : `Could not find ${which} in ${path}. The oldText must match exactly including all ` +
        "whitespace and newlines.",
  oldTextNotUnique: (which: string | undefined, count: number, path: string) =>
    which === undefined
      ? `Found ${count} occurrences of the text in ${path}. The text must be unique. ` +
        "Please provide more context to make it unique."
      : `Found ${count} occurrences of ${which} in ${path}. Each oldText must be unique. ` +
        "Please provide more context to make it unique.",
  editsOverlap: (first: string, second: string, path: string) =>
    `${first} and ${second} overlap in ${path}. Merge them into one edit or target disjoint ` +
    "regions.",
  noChange: (edits: "one" | "several", path: string) =>
    edits === "one"
      ? `No changes made to ${path}. The replacement produced identical content. This might ` +
        "indicate an issue with special characters or the text not existing as expected."
      : `No changes made to ${path}. The replacements produced identical content.`,

  notADirectory: (path: string) => `Not a directory: ${path}`,
  emptyDirectory: "(empty directory)",
  entryLimit: (limit: number) =>
    `${limit} entries limit reached. Use limit=${limit * 2} for more`,
  noMatches: "No matches found",
  matchLimit: (limit: number) =>
    `${limit} matches limit reached. Use limit=${limit * 2} for more, or refine pattern`,
  outputLimit: (limit: string) => `${limit} limit reached`,
  linesTruncated: "Some lines truncated to 500 chars. Use read tool to see full lines",
  noFiles: "No files found matching pattern",
  resultLimit: (limit: number) =>
    `${limit} results limit reached. Use limit=${limit * 2} for more, or refine pattern`,
  resultLimitOfOperations: (limit: number) => `${limit} results limit reached`,

  noOutput: "(no output)",
  exited: (code: number) => `Command exited with code ${code}`,
  noExitCode: "Command terminated without an exit code",
  commandAborted: "Command aborted",
  timedOut: (seconds: string) => `Command timed out after ${seconds} seconds`,
  badTimeout: "Invalid timeout: must be a finite number of seconds",
  noShell: (path: string) => `Custom shell path not found: ${path}`,
  noWorkingDirectory: (path: string, shell: string) =>
    `Working directory does not exist: ${path}\nCannot execute ${shell} commands.`,
  notWindows: "The powershell tool is only available on Windows.",
  shownLines: (first: number, last: number, total: number, why: string) =>
    `Showing lines ${first}-${last} of ${total}${why}`,
  shownEndOfLine: (shown: string, line: number, size: string) =>
    `Showing last ${shown} of line ${line} (line is ${size})`,
  fullOutput: (path: string) => `Full output: ${path}`,
  bytesOmitted: (count: number) => `\n\n[... ${count} bytes omitted ...]\n\n`,
};

/** How messages of an agent's own kinds read to a model, and a conversation to a summarizer. */
export const messageTexts = {
  ran: (command: string) => `Ran \`${command}\`\n`,
  cancelled: "(command cancelled)",
  outputTruncated: (path: string) => `[Output truncated. Full output: ${path}]`,
  branchSummary: (summary: string) =>
    "The following is a summary of a branch that this conversation came back from:\n\n" +
    `<summary>\n${summary}</summary>`,
  compactionSummary: (summary: string) =>
    "The conversation history before this point was compacted into the following summary:\n\n" +
    `<summary>\n${summary}\n</summary>`,
  sectionUpdated: (name: string, text: string) =>
    `Updated system prompt section "${name}":\n\n${text}`,
  sectionRemoved: (name: string) => `Removed system prompt section "${name}".`,
  badArguments: (problem: string, received: string) =>
    `${problem}\n\nReceived arguments:\n${received}`,
  blocked: "Tool execution was blocked",
  agentBusy:
    "Agent is already processing a prompt. Use steer() or followUp() to queue messages, or wait " +
    "for completion.",
  agentBusyToContinue:
    "Agent is already processing. Wait for completion before continuing.",
  cannotContinue: (role: string) => `Cannot continue from message role: ${role}`,
  nothingToContinue: "No messages to continue from",
  noApiProvider: (api: string) => `No API provider registered for api: ${api}`,
  dimensions: (width: number, height: number, shown: string, scale: string) =>
    `[Image: original ${width}x${height}, displayed at ${shown}. Multiply coordinates by ` +
    `${scale} to map to original image.]`,
  skills:
    "The following skills provide specialized instructions for specific tasks.\n" +
    "Use the read tool to load a skill's file when the task matches its description.\n" +
    "Resolve relative paths against the skill's directory (parent of SKILL.md). " +
    "Use absolute paths in tool calls.",
};
