import { need } from '../errors.ts';
import { type CryptoPool, cryptoPool } from '../pool.ts';
import type { SigningKey, SignOptions } from '../signature.ts';
import { batchLimits } from './seal-many.ts';

// Signing that takes less than a tenth of a millisecond is slower on a thread than at once (CRY-10).
const fast: ReadonlySet<string> = new Set(['Ed25519', 'ECDSA-P256-SHA256']);
/** Some ten milliseconds; then the event loop has its turn. */
const fastAtOnce = 200;
// More in flight than the pool has threads keeps each thread busy; all at once would fill the pool's queue for others.
const inFlightMax = 8;

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

async function signFast(key: SigningKey, messages: readonly Uint8Array[], options: SignOptions): Promise<Uint8Array[]> {
  const signatures: Uint8Array[] = [];
  for (const [index, message] of messages.entries()) {
    if (index > 0 && index % fastAtOnce === 0) await turn();
    signatures.push(key.sign(message, options));
  }
  return signatures;
}

/**
 * Signs each message with one key and answers in the same order (CRY-12). A held key shares all that can be shared between
 * signatures: against single calls that import the key a batch saves the import, and slow algorithms run on the threads of
 * the pool, so they gain as many cores as there are. Throws as {@link SigningKey.signAsync} does, and then gives no signature.
 */
export async function signMany(
  key: SigningKey,
  messages: readonly Uint8Array[],
  options: SignOptions = {},
  pool: CryptoPool = cryptoPool,
): Promise<Uint8Array[]> {
  const { itemsMax } = batchLimits;
  need(messages.length <= itemsMax, 'CRYPTO_LIMIT', `a batch has at most ${itemsMax} items`);
  if (fast.has(key.algorithm)) return signFast(key, messages, options);
  const signatures: Uint8Array[] = new Array(messages.length);
  const waiting = messages.entries();
  const work = async (): Promise<void> => {
    for (const [index, message] of waiting) signatures[index] = await key.signAsync(message, options, pool);
  };
  await Promise.all(Array.from({ length: Math.min(inFlightMax, messages.length) }, work));
  return signatures;
}
