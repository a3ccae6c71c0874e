import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblemError, ApiUnreachableError } from '@quantumvault/api';
import type { Installation } from '../harness/installation.ts';

const writers = 4;
// Steady and not as fast as possible: the processes that are killed need the machine too.
const pauseMs = 15;
const retryMs = 25;

export interface Acknowledged {
  readonly endpoint: string;
  readonly id: string;
}

/**
 * Creates assets without end, each under its own Idempotency-Key and repeated with the same key until the server has
 * acknowledged it: what a careful client does while things die.
 */
export class AssetLoad {
  readonly acknowledged: Acknowledged[] = [];
  /** Answers that no careful client should ever get. */
  readonly unexpected: string[] = [];
  retries = 0;
  readonly #installation: Installation;
  #next = 0;
  #isRunning = false;
  #writing: Promise<void>[] = [];

  constructor(installation: Installation) {
    this.#installation = installation;
  }

  start(): void {
    this.#isRunning = true;
    this.#writing = Array.from({ length: writers }, () => this.#write());
  }

  /** Waits until this many more were acknowledged. */
  async writes(count: number): Promise<void> {
    const goal = this.acknowledged.length + count;
    const deadline = performance.now() + 60_000;
    while (this.acknowledged.length < goal) {
      if (performance.now() > deadline) throw new Error(`${count} more assets were not acknowledged within a minute`);
      await sleep(5);
    }
  }

  /** Begins no more and waits until all that were begun are acknowledged. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await Promise.all(this.#writing);
  }

  async #write(): Promise<void> {
    while (this.#isRunning) {
      const number = this.#next;
      this.#next += 1;
      await this.#untilAcknowledged(number);
      await sleep(pauseMs);
    }
  }

  async #untilAcknowledged(number: number): Promise<void> {
    const endpoint = `postgres://fault-${number}`;
    const body = {
      name: `fault-${number}`,
      type: 'data-store',
      endpoint,
      sensitivity: 'internal',
      exposure: 'internal',
      dataLifetimeYears: 5,
    } as const;
    const deadline = performance.now() + 90_000;
    while (performance.now() < deadline) {
      try {
        const { id } = await this.#installation.client.createAsset(
          { body: { ...body, tags: [] } },
          { idempotencyKey: `fault-${number}`, signal: AbortSignal.timeout(10_000) },
        );
        this.acknowledged.push({ endpoint, id });
        return;
      } catch (error) {
        if (!isPassing(error)) {
          this.unexpected.push(`${endpoint}: ${error instanceof Error ? `${error.name} ${error.message}` : error}`);
          return;
        }
        this.retries += 1;
        await sleep(retryMs);
      }
    }
    this.unexpected.push(`${endpoint}: not acknowledged in time`);
  }
}

/** No answer, or one that says "not now": the request may or may not have had its effect. */
function isPassing(error: unknown): boolean {
  return error instanceof ApiUnreachableError || (error instanceof ApiProblemError && error.problem.status === 503);
}
