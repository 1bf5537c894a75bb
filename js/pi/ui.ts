// SPDX-License-Identifier: MIT
/** `ctx.ui`: dialogs and notices through the host, or their silent answers when it has no person. */
import { call, clearTimeout, loadBuiltin, notify, setTimeout } from "./platform";
import { strings } from "./strings";

interface DialogOptions {
  signal?: AbortSignal;
  timeout?: number;
}

const nothing = () => {};

/** Ends with the host's answer, or with `fallback` when the signal fires or the time is up. */
async function dialog(
  request: number, operation: string, args: Record<string, unknown>,
  { options, fallback }: { options?: DialogOptions; fallback: unknown },
): Promise<unknown> {
  const { signal, timeout } = options ?? {};
  if (signal?.aborted) return fallback;
  if (timeout !== undefined) args.timeout = timeout;
  const answer = call(operation, args, request);
  if (signal === undefined && timeout === undefined) return (await answer) ?? fallback;
  let onAbort = () => {};
  const early = new Promise<void>((resolve) => { onAbort = resolve; });
  const timer = timeout === undefined ? undefined : setTimeout(onAbort, timeout);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return (await Promise.race([answer, early])) ?? fallback;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** The members and their order are those of pi. */
export function createUi(request: number, hasUi: boolean): any {
  const ask = (operation: string, args: Record<string, unknown>, options: any, fallback: unknown) =>
    hasUi ? dialog(request, operation, args, { options, fallback }) : Promise.resolve(fallback);
  const tell = (operation: string, args: Record<string, unknown>) => {
    if (hasUi) notify(operation, args, request);
  };
  const setEditorText = (text: string) => tell("ui.set", { what: "editor_text", text });

  return {
    select: (title: string, options: string[], dialogOptions?: DialogOptions) =>
      ask("ui.select", { title, options }, dialogOptions, undefined),
    confirm: async (title: string, message: string, dialogOptions?: DialogOptions) =>
      (await ask("ui.confirm", { title, message }, dialogOptions, false)) === true,
    input: (title: string, placeholder?: string, dialogOptions?: DialogOptions) =>
      ask("ui.input", { title, placeholder }, dialogOptions, undefined),
    notify: (message: string, type: string = "info") => tell("ui.notify", { message, type }),
    onTerminalInput: () => nothing,
    setStatus: (key: string, text?: string) => tell("ui.set", { what: "status", key, text }),
    setWorkingMessage: nothing,
    setWorkingVisible: nothing,
    setWorkingIndicator: nothing,
    setHiddenThinkingLabel: nothing,
    setWidget(key: string, content: unknown, options?: { placement?: string }) {
      // A component factory draws in pi's terminal; only lines of text can cross to the host.
      if (typeof content === "function") return;
      tell("ui.set", { what: "widget", key, lines: content, placement: options?.placement });
    },
    setFooter: nothing,
    setHeader: nothing,
    setTitle: (title: string) => tell("ui.set", { what: "title", title }),
    custom: async () => undefined,
    pasteToEditor: setEditorText,
    setEditorText,
    getEditorText: () => "",
    editor: (title: string, prefill?: string) =>
      ask("ui.editor", { title, prefill }, undefined, undefined),
    addAutocompleteProvider: nothing,
    setEditorComponent: nothing,
    getEditorComponent: () => undefined,
    get theme() {
      return loadBuiltin("isopod:pi/theme").theme;
    },
    getAllThemes: () => [],
    getTheme: () => undefined,
    setTheme: () => ({ success: false, error: hasUi ? strings.noThemeSwitch : strings.noUi }),
    getToolsExpanded: () => false,
    setToolsExpanded: nothing,
  };
}
