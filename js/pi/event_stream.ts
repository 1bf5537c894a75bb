// SPDX-License-Identifier: MIT
/** A queue of events that one side pushes and the other iterates, with a final result. */

export class EventStream<T = any, R = any> {
  #events: T[] = [];
  #readers: ((step: IteratorResult<T>) => void)[] = [];
  #isDone = false;
  #resolve: (result: R) => void = () => {};
  #result = new Promise<R>((resolve) => { this.#resolve = resolve; });

  constructor(
    private isLast: (event: T) => boolean, private resultOf: (event: T) => R,
  ) {}

  push(event: T): void {
    if (this.#isDone) return;
    if (this.isLast(event)) {
      this.#isDone = true;
      this.#resolve(this.resultOf(event));
    }
    const reader = this.#readers.shift();
    if (reader === undefined) this.#events.push(event);
    else reader({ value: event, done: false });
    if (this.#isDone) this.#releaseReaders();
  }

  end(result?: R): void {
    this.#isDone = true;
    if (result !== undefined) this.#resolve(result);
    this.#releaseReaders();
  }

  result(): Promise<R> {
    return this.#result;
  }

  #releaseReaders(): void {
    for (const reader of this.#readers.splice(0)) reader({ value: undefined, done: true });
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      if (this.#events.length > 0) {
        yield this.#events.shift()!;
      } else if (this.#isDone) {
        return;
      } else {
        const step = await new Promise<IteratorResult<T>>((resolve) => this.#readers.push(resolve));
        if (step.done) return;
        yield step.value;
      }
    }
  }
}

export class AssistantMessageEventStream extends EventStream {
  constructor() {
    super(
      (event) => event.type === "done" || event.type === "error",
      (event) => (event.type === "done" ? event.message : event.error),
    );
  }
}

export function createAssistantMessageEventStream(): AssistantMessageEventStream {
  return new AssistantMessageEventStream();
}
