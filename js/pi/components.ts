// SPDX-License-Identifier: MIT
/** The terminal components of pi's coding agent that extensions build on. */
import {
  CancellableLoader, Container, Editor, Loader, Spacer, Text,
} from "@earendil-works/pi-tui";
import { keyHint } from "@earendil-works/pi-coding-agent";
import { theme } from "isopod:pi/theme";

export class DynamicBorder {
  constructor(public color: (text: string) => string = (text) => theme.fg("border", text)) {}

  invalidate(): void {}

  render(width: number): string[] {
    return [this.color("─".repeat(Math.max(1, width)))];
  }
}

/** An editor that offers each key to the application's actions before it edits. */
export class CustomEditor extends Editor {
  keybindings: any;
  actionHandlers = new Map<string, () => void>();
  onEscape: (() => void) | undefined;
  onCtrlD: (() => void) | undefined;
  onPasteImage: (() => void) | undefined;
  onExtensionShortcut: ((data: string) => boolean) | undefined;

  constructor(tui: any, editorTheme: any, keybindings: any, options?: any) {
    super(tui, editorTheme, options);
    this.keybindings = keybindings;
  }

  onAction(action: string, handler: () => void): void {
    this.actionHandlers.set(action, handler);
  }

  handleInput(data: string): void {
    if (this.onExtensionShortcut?.(data)) return;
    if (!this.#runAction(data)) super.handleInput(data);
  }

  /** Whether an action took the key. */
  #runAction(data: string): boolean {
    const isKey = (action: string) => Boolean(this.keybindings?.matches(data, action));
    if (isKey("app.clipboard.pasteImage")) {
      this.onPasteImage?.();
      return true;
    }
    if (isKey("app.interrupt")) {
      const handler = this.onEscape ?? this.actionHandlers.get("app.interrupt");
      if (this.isShowingAutocomplete() || handler === undefined) return false;
      handler();
      return true;
    }
    if (isKey("app.exit") && this.getText() === "") {
      (this.onCtrlD ?? this.actionHandlers.get("app.exit"))?.();
      return true;
    }
    for (const [action, handler] of this.actionHandlers) {
      if (action === "app.interrupt" || action === "app.exit" || !isKey(action)) continue;
      handler();
      return true;
    }
    return false;
  }
}

/** A spinner between two lines, with a hint how to cancel it. */
export class BorderedLoader extends Container {
  #loader: any;
  #controller: AbortController | undefined;

  constructor(tui: any, colors: any, message: string, options: { cancellable?: boolean } = {}) {
    super();
    const isCancellable = options.cancellable ?? true;
    const border = () => new DynamicBorder((text) => colors.fg("border", text));
    const Kind: any = isCancellable ? CancellableLoader : Loader;
    this.#loader = new Kind(
      tui, (text: string) => colors.fg("accent", text), (text: string) => colors.fg("muted", text),
      message,
    );
    if (!isCancellable) this.#controller = new AbortController();
    this.addChild(border());
    this.addChild(this.#loader);
    if (isCancellable) {
      this.addChild(new Spacer(1));
      this.addChild(new Text(keyHint("tui.select.cancel", "cancel"), 1, 0));
    }
    this.addChild(new Spacer(1));
    this.addChild(border());
  }

  get signal(): AbortSignal {
    return this.#controller?.signal ?? this.#loader.signal;
  }

  set onAbort(handler: (() => void) | undefined) {
    if (this.#controller === undefined) this.#loader.onAbort = handler;
  }

  handleInput(data: string): void {
    if (this.#controller === undefined) this.#loader.handleInput(data);
  }

  dispose(): void {
    if (typeof this.#loader.dispose === "function") this.#loader.dispose();
    else this.#loader.stop?.();
  }
}
