import type { ExtensionAPI } from "@earendil-works/pi-coding-agent";
import { Type } from "typebox";

export default function (pi: ExtensionAPI) {
  pi.registerTool({
    name: "hello",
    label: "Hello",
    description: "Greets somebody by name",
    parameters: Type.Object({ name: Type.String({ description: "Who is greeted" }) }),
    execute: async (_id, { name }) => ({ content: [{ type: "text", text: `Hello, ${name}!` }], details: {} }),
  });
}
