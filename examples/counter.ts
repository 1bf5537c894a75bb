// A tool that remembers: its count lives in the extension, its history in the session.
import type { ExtensionAPI } from "@earendil-works/pi-coding-agent";
import { Type } from "typebox";

export default function (pi: ExtensionAPI) {
  let count = 0;
  pi.registerTool({
    name: "count",
    label: "Count",
    description: "Counts up and tells the new count",
    parameters: Type.Object({ by: Type.Optional(Type.Number({ minimum: 1 })) }),
    async execute(_id, { by = 1 }) {
      count += by;
      pi.appendEntry("count", { count });
      return { content: [{ type: "text", text: `${count}` }], details: { count } };
    },
  });
  pi.registerCommand("reset", {
    description: "Start again from zero",
    handler: async (_args, ctx) => {
      if (await ctx.ui.confirm("Reset", `Forget the count of ${count}?`)) count = 0;
    },
  });
}
