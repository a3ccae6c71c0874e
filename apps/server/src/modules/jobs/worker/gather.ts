export interface GatherOptions<In, Out> {
  /** Items with the same key may go together. */
  readonly keyOf: (item: In) => string;
  /** Most items that go together. */
  readonly max: number;
  /** Runs of one key at once. */
  readonly lanes: number;
  /** One result for each item, in their order. When it rejects, all of them do. */
  readonly run: (items: readonly [In, ...In[]]) => Promise<readonly PromiseSettledResult<Out>[]>;
}

interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
}

interface Queue<In, Out> {
  readonly waiting: Waiting<In, Out>[];
  running: number;
}

/**
 * Lets what arrives while a run is under way go together in the next one, in order of arrival: alone when there is
 * little to do, in numbers when there is much, and never waiting for company.
 */
export class Gather<In, Out> {
  readonly #options: GatherOptions<In, Out>;
  readonly #queues = new Map<string, Queue<In, Out>>();

  constructor(options: GatherOptions<In, Out>) {
    this.#options = options;
  }

  add(item: In): Promise<Out> {
    const key = this.#options.keyOf(item);
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = { waiting: [], running: 0 };
      this.#queues.set(key, queue);
    }
    const { promise, resolve, reject } = Promise.withResolvers<Out>();
    queue.waiting.push({ item, resolve, reject });
    // What is asked for in the same turn of the event loop goes together too.
    const found = queue;
    setImmediate(() => this.#start(key, found));
    return promise;
  }

  #start(key: string, queue: Queue<In, Out>): void {
    while (queue.waiting.length > 0 && queue.running < this.#options.lanes) {
      queue.running += 1;
      void this.#run(queue.waiting.splice(0, this.#options.max)).finally(() => {
        queue.running -= 1;
        this.#start(key, queue);
      });
    }
    if (queue.waiting.length === 0 && queue.running === 0 && this.#queues.get(key) === queue) this.#queues.delete(key);
  }

  async #run(batch: readonly Waiting<In, Out>[]): Promise<void> {
    const [first, ...rest] = batch.map(({ item }) => item);
    if (first === undefined) return;
    try {
      const results = await this.#options.run([first, ...rest]);
      for (const [at, { resolve, reject }] of batch.entries()) {
        const result = results[at];
        if (result?.status === 'fulfilled') resolve(result.value);
        else reject(result?.reason ?? new Error('a run gave no result for one of its items'));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
