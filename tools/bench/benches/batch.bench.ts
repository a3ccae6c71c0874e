/** Batches against single calls of the same work (CRY-12): at least twice the throughput for small items. */
import {
  generateSigningKey,
  importSigningKey,
  randomBytes,
  rewrapMany,
  SecretBytes,
  type SignatureAlgorithm,
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

/** `held` has its key imported once; without it a single call imports the key, as one that is handed the bytes does. */
function signing(algorithm: SignatureAlgorithm, isHeld: boolean): Bench {
  const { privateKey } = generateSigningKey(algorithm);
  const held = importSigningKey({ algorithm, privateKey });
  const one = (message: Uint8Array): void => {
    if (isHeld) held.sign(message);
    else importSigningKey({ algorithm, privateKey }).sign(message);
  };
  const run = async (): Promise<Measurement> => {
    const value = await rate(async () => {
      using imported = importSigningKey({ algorithm, privateKey });
      await signMany(isHeld ? held : imported, messages);
    });
    const baseline = await rate(async () => messages.forEach(one));
    return { value, baseline };
  };
  const against = isHeld ? 'a held key' : 'importing each time';
  // A held key shares all there is to share: what remains are the cores of the machine, so nothing is promised there.
  const target = isHeld ? null : { ratio: 2 };
  const id = `crypto.batch.sign.${algorithm.toLowerCase()}.${isHeld ? 'held' : 'imported'}`;
  return { id, name: `${algorithm} sign, against ${against}`, unit: 'ops/s', target, run };
}

export const benches: readonly Bench[] = [
  ...symmetric,
  signing('Ed25519', false),
  signing('ML-DSA-65', false),
  signing('Ed25519', true),
  signing('ML-DSA-65', true),
];
