import { need } from '../errors.ts';
import { type CryptoPool, cryptoPool } from '../pool.ts';
import type { SigningKey, SignOptions } from '../signature.ts';
import { batchLimits } from './seal-many.ts';

// More in flight than the pool has threads keeps each thread busy; all at once would fill the pool's queue for others.
const inFlightMax = 8;

/**
 * Signs each message with one key, on the threads of the pool, and answers in the same order (CRY-12). A held key shares all
 * that can be shared between signatures, so a batch is faster by as many cores as there are, and no more. Throws as
 * {@link SigningKey.signAsync} does, and then gives no signature.
 */
export async function signMany(
  key: SigningKey,
  messages: readonly Uint8Array[],
  options: SignOptions = {},
  pool: CryptoPool = cryptoPool,
): Promise<Uint8Array[]> {
  const { itemsMax } = batchLimits;
  need(messages.length <= itemsMax, 'CRYPTO_LIMIT', `a batch has at most ${itemsMax} items`);
  const signatures: Uint8Array[] = new Array(messages.length);
  const waiting = messages.entries();
  const work = async (): Promise<void> => {
    for (const [index, message] of waiting) signatures[index] = await key.signAsync(message, options, pool);
  };
  await Promise.all(Array.from({ length: Math.min(inFlightMax, messages.length) }, work));
  return signatures;
}
