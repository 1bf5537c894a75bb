// SPDX-License-Identifier: MIT
// Ten lines that do for another runtime what isopod does: load the extension, call its tool, print.
const [file, name, args] = process.argv.slice(2);
const { default: factory } = await import(file);
const tools = new Map();
await factory({ registerTool: (tool) => tools.set(tool.name, tool) });
const result = await tools.get(name).execute("call-1", JSON.parse(args));
console.log(result.content[0].text);
