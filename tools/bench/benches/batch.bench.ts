/** Batches against single calls of the same work (CRY-12): at least twice the throughput for small items. */
import {
  generateSigningKey,
  importSigningKey,
  randomBytes,
  rewrapMany,
  SecretBytes,
  type SyncSignatureAlgorithm,
  seal,
  sealMany,
  secretAccess,
  signMany,
  unseal,
  unsealMany,
  unsealSecret,
} from '@quantumvault/crypto';
import { type Bench, compare, type Measurement } from '../bench.ts';

const batch = 250;
const key = SecretBytes.random(32);
const to = SecretBytes.random(32);
const context = { purpose: 'bench', tenant: '019a0000-0000-7000-8000-000000000000', column: 'customers.email' };
const place = { key, context, vary: 'record' };
// 32 bytes: a wrapped data key, or a short field.
const items = Array.from({ length: batch }, (_, row) => ({ at: `row-${row}`, plaintext: randomBytes(32) }));
const sealed = sealMany(place, items).map((one, row) => ({ at: `row-${row}`, sealed: one }));

const contextOf = (at: string) => ({ ...context, record: at });

function rewrapOne(item: (typeof sealed)[number]): void {
  const its = contextOf(item.at);
  using opened = unsealSecret({ key, context: its, sealed: item.sealed });
  opened.open(secretAccess, (plaintext) => void seal({ key: to, context: its, plaintext }));
}

const symmetric: readonly Bench[] = [
  {
    id: 'crypto.batch.seal',
    name: `seal, ${batch} values of 32 bytes`,
    unit: 'batches/s',
    target: { ratio: 2 },
    run: () =>
      compare(
        () => void sealMany(place, items),
        () => {
          for (const { at, plaintext } of items) seal({ key, context: contextOf(at), plaintext });
        },
      ),
  },
  {
    id: 'crypto.batch.unseal',
    name: `unseal, ${batch} values of 32 bytes`,
    unit: 'batches/s',
    target: { ratio: 2 },
    run: () =>
      compare(
        () => void unsealMany(place, sealed),
        () => {
          for (const { at, sealed: one } of sealed) unseal({ key, context: contextOf(at), sealed: one });
        },
      ),
  },
  {
    id: 'crypto.batch.rewrap',
    name: `rewrap, ${batch} keys of 32 bytes`,
    unit: 'batches/s',
    target: { ratio: 2 },
    run: () =>
      compare(
        () => void rewrapMany({ from: key, to, context, vary: 'record' }, sealed),
        () => sealed.forEach(rewrapOne),
      ),
  },
];

const messages = Array.from({ length: batch }, () => randomBytes(64));

async function rate(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (batch * 1000) / (performance.now() - started);
}

type Single = 'at once' | 'awaited' | 'imported';

/**
 * What a batch of signatures is set beside: `awaited` is one call after the other through the asynchronous form, which is
 * what a signer's port offers; `at once` the synchronous form with a key that is held; `imported` imports the key each time.
 */
function signing(algorithm: SyncSignatureAlgorithm, single: Single): Bench {
  const { privateKey } = generateSigningKey(algorithm);
  const held = importSigningKey({ algorithm, privateKey });
  const one: Readonly<Record<Single, (message: Uint8Array) => Uint8Array | Promise<Uint8Array>>> = {
    'at once': (message) => held.sign(message),
    awaited: (message) => held.signAsync(message),
    imported: (message) => importSigningKey({ algorithm, privateKey }).sign(message),
  };
  const run = async (): Promise<Measurement> => {
    const value = await rate(async () => void (await signMany(held, messages)));
    const baseline = await rate(async () => {
      for (const message of messages) {
        const signature = one[single](message);
        if (signature instanceof Promise) await signature;
      }
    });
    return { value, baseline };
  };
  // A held key shares all there is to share: what a batch adds are the cores of the machine, so nothing is promised.
  const id = `crypto.batch.sign.${algorithm.toLowerCase()}.${single.replace(' ', '-')}`;
  return { id, name: `${algorithm} sign, single calls ${single}`, unit: 'ops/s', target: null, run };
}

const signed: readonly SyncSignatureAlgorithm[] = ['Ed25519', 'ML-DSA-65'];

export const benches: readonly Bench[] = [
  ...symmetric,
  ...signed.flatMap((algorithm) =>
    (['awaited', 'imported', 'at once'] as const).map((single) => signing(algorithm, single)),
  ),
];
