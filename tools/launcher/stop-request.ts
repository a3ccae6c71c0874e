/** SIGINT, SIGTERM and SIGHUP ask for a stop; asking twice (a terminal and a parent both do) is asking once. */
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
    this.#dispose = () => {
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
