const parentCheckMs = 1_000;

/** SIGINT, SIGTERM and SIGHUP ask for a stop, and so does the end of npm when npm started us: it passes no signal on; asking twice (a terminal and a parent both do) is asking once. */
export class StopRequest {
  readonly asked: Promise<string>;
  #signal: string | undefined;
  readonly #dispose: () => void;
  constructor() {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    let ask: (signal: string) => void = () => {};
    this.asked = new Promise((settle) => {
      ask = settle;
    });
    const handler = (signal: string): void => {
      this.#signal ??= signal;
      ask(signal);
    };
    for (const signal of signals) process.on(signal, handler);
    const parent = process.ppid;
    const watch =
      process.env.npm_lifecycle_event === undefined
        ? undefined
        : setInterval(() => {
            if (process.ppid !== parent) handler('the end of npm');
          }, parentCheckMs).unref();
    this.#dispose = () => {
      clearInterval(watch);
      for (const signal of signals) process.off(signal, handler);
    };
  }
  get isAsked(): boolean {
    return this.#signal !== undefined;
  }
  dispose(): void {
    this.#dispose();
  }
}
