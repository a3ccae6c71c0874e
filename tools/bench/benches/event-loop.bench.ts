/** CRY-10: what the event loop feels while clients sign with SLH-DSA and hash passwords. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  cryptoPool,
  generateSigningKeyAsync,
  hashPassword,
  importSigningKey,
  SecretBytes,
  type SigningKey,
} from '@quantumvault/crypto';
import type { Bench, Measurement } from '../bench.ts';

const clients = 50;
const message = new Uint8Array(400);

let keys: Promise<readonly [fast: SigningKey, small: SigningKey]> | undefined;

async function makeKeys(): Promise<readonly [SigningKey, SigningKey]> {
  const [fast, small] = await Promise.all([
    generateSigningKeyAsync('SLH-DSA-SHA2-128f'),
    generateSigningKeyAsync('SLH-DSA-SHA2-128s'),
  ]);
  return [importSigningKey(fast), importSigningKey(small)];
}

/** One client signs twice and hashes a password, all at once; every tenth also takes the slow set of SLH-DSA. */
async function client(index: number): Promise<void> {
  keys ??= makeKeys();
  const [fast, small] = await keys;
  using password = SecretBytes.fromUtf8(`a password of client ${index}`);
  await Promise.all([
    fast.signAsync(message),
    fast.signAsync(message, { context: Uint8Array.of(index) }),
    hashPassword(password, index % 2 === 0 ? 'standard' : 'high'),
    ...(index % 10 === 0 ? [small.signAsync(message)] : []),
  ]);
}

async function allClients(): Promise<void> {
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
}

interface Felt {
  /** Milliseconds by which a timer came late. */
  readonly max: number;
  readonly p99: number;
  /** Milliseconds of processor time that this thread itself took in one turn of its loop. */
  readonly turn: number;
}

/** Runs `work` while a timer of a millisecond asks how late it comes. */
async function feel(work: () => Promise<unknown>): Promise<Felt> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  let turn = 0;
  let before = process.threadCpuUsage();
  const timer = setInterval(() => {
    const now = process.threadCpuUsage();
    turn = Math.max(turn, (now.user + now.system - before.user - before.system) / 1000);
    before = now;
  }, 1);
  delays.enable();
  try {
    await work();
  } finally {
    delays.disable();
    clearInterval(timer);
  }
  return { max: delays.max / 1e6, p99: delays.percentile(99) / 1e6, turn };
}

/** The baseline is the same process doing nothing: what it feels then, the machine does to it. */
function felt(pick: (felt: Felt) => number): () => Promise<Measurement> {
  return async () => {
    const idle = await feel(() => sleep(1000));
    const busy = await feel(allClients);
    return { value: pick(busy), baseline: pick(idle) };
  };
}

const name = `${clients} clients with SLH-DSA and Argon2id`;

export const benches: readonly Bench[] = [
  { id: 'event-loop.max', name: `${name}: worst`, unit: 'ms', target: { atMost: 50 }, run: felt(({ max }) => max) },
  { id: 'event-loop.p99', name: `${name}: p99`, unit: 'ms', target: null, run: felt(({ p99 }) => p99) },
  {
    id: 'event-loop.turn',
    name: `${name}: CPU of a turn`,
    unit: 'ms',
    target: { atMost: 50 },
    run: felt(({ turn }) => turn),
  },
];

/** Nothing is left running, and nothing was refused, or the measurement would be of an idle pool. */
export async function close(): Promise<void> {
  const { slow, argon2 } = cryptoPool.snapshot();
  if (slow.refused + argon2.refused > 0) throw new Error('the pool refused clients of the measurement');
  if (keys === undefined) return;
  for (const key of await keys) key.dispose();
}
