// SPDX-License-Identifier: MIT
/** pi's built-in tools under the names extensions import; made by `isopod:pi/builtin_tools`. */
import { loadBuiltin } from "./platform";

type Create = (cwd: string, options?: any) => any;

const tools = () => loadBuiltin("isopod:pi/builtin_tools");
const run = () => loadBuiltin("isopod:pi/builtin_run");
const tool = (name: string): Create => (cwd, options) => tools().createTool(name, cwd, options);
const definition = (name: string): Create =>
  (cwd, options) => tools().createDefinition(name, cwd, options);

export const createReadTool = tool("read");
export const createBashTool = tool("bash");
export const createPowerShellTool = tool("powershell");
export const createEditTool = tool("edit");
export const createWriteTool = tool("write");
export const createGrepTool = tool("grep");
export const createFindTool = tool("find");
export const createLsTool = tool("ls");
export const createReadToolDefinition = definition("read");
export const createBashToolDefinition = definition("bash");
export const createPowerShellToolDefinition = definition("powershell");
export const createEditToolDefinition = definition("edit");
export const createWriteToolDefinition = definition("write");
export const createGrepToolDefinition = definition("grep");
export const createFindToolDefinition = definition("find");
export const createLsToolDefinition = definition("ls");

export const createCodingTools: Create = (...args) => tools().createCodingTools(...args);
export const createReadOnlyTools: Create = (...args) => tools().createReadOnlyTools(...args);

export const createLocalBashOperations = (options?: any) =>
  run().createLocalBashOperations(options);
export const createLocalPowerShellOperations = () => run().createLocalPowerShellOperations();
export const getShellConfig = (path?: string) => run().getShellConfig(path);
export const getPowerShellConfig = () => run().getPowerShellConfig();
export const generateDiffString = (before: string, after: string, contextLines?: number) =>
  run().generateDiffString(before, after, contextLines);
export const generateUnifiedPatch = (
  path: string, before: string, after: string, contextLines?: number,
) => run().generateUnifiedPatch(path, before, after, contextLines);
