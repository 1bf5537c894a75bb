// SPDX-License-Identifier: MIT
/** `pi.events`: synchronous delivery in order; what a handler throws is logged, never passed on. */

type Listener = (data: unknown) => unknown;

export interface Bus {
  emit(channel: string, data: unknown): void;
  on(channel: string, handler: Listener): () => void;
}

/** As pi's own, it can also be cleared. */
export function createBus(): Bus & { clear(): void } {
  const channels = new Map<string, Listener[]>();
  const report = (channel: string, error: unknown) =>
    console.error(`Event handler error (${channel}):`, error);

  return {
    emit(channel, data) {
      for (const handler of channels.get(channel) ?? []) {
        try {
          const result: any = handler(data);
          if (typeof result?.then === "function") {
            result.then(undefined, (error: unknown) => report(channel, error));
          }
        } catch (error) {
          report(channel, error);
        }
      }
    },
    on(channel, handler) {
      channels.set(channel, [...(channels.get(channel) ?? []), handler]);
      return () => {
        const rest = channels.get(channel) ?? [];
        channels.set(channel, rest.filter((other) => other !== handler));
      };
    },
    clear() {
      channels.clear();
    },
  };
}
