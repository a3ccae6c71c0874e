// Many small values under one key (CRY-12). A batch shares what a single call repeats: the encoding of the context, the
// call for random nonces, and the opening of the key. What remains is the cipher itself, of which the runtime makes a new
// one for each value. Each result is that of `seal` for its value alone, and either opens what the other wrote.

import { nativeAeadOpen, nativeAeadSeal } from '#native/aead-suites';
import { fillRandom } from '#native/random';
import type { Sealed } from '../aead.ts';
import { contextTemplate, type EncryptionContext } from '../encryption-context.ts';
import { CryptoError, need } from '../errors.ts';
import { type SecretBytes, secretAccess } from '../secret-bytes.ts';
import { aeadSizes } from '../symmetric/aead-suites.ts';

const suite = 'AES-256-GCM';
const { key: keyBytes, nonce: nonceBytes, tag: tagBytes } = aeadSizes;

/** A batch runs at once, so these bounds keep it well under the 50 ms that a server may stand still. */
export const batchLimits = Object.freeze({ itemsMax: 4096, bytesMax: 8 * 1024 * 1024 } as const);

export interface BatchPlace {
  readonly key: SecretBytes;
  /** What all values of the batch are bound to. */
  readonly context: EncryptionContext;
  /** The entry of the context that tells the values apart, such as `record`; each item brings its value. */
  readonly vary: string;
}

export interface SealItem {
  /** The value of the varying entry: where this item belongs. */
  readonly at: string;
  readonly plaintext: Uint8Array;
}

export interface UnsealItem {
  readonly at: string;
  readonly sealed: { readonly suite: string; readonly bytes: Uint8Array };
}

/** One bad item leaves the others as they are. */
export type UnsealResult = { readonly plaintext: Uint8Array } | { readonly error: CryptoError };

function needBatch({ key }: BatchPlace, lengths: readonly number[]): void {
  need(key.length === keyBytes, 'CRYPTO_KEY_INVALID', `${suite} takes a key of ${keyBytes} bytes`);
  const { itemsMax, bytesMax } = batchLimits;
  need(lengths.length <= itemsMax, 'CRYPTO_LIMIT', `a batch has at most ${itemsMax} items`);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  need(total <= bytesMax, 'CRYPTO_LIMIT', `a batch holds at most ${bytesMax} bytes`);
}

/**
 * `seal({ key, context: { ...context, [vary]: at }, plaintext })` for each item, in order. Throws as `seal` does, before or
 * instead of any result.
 */
export function sealMany(place: BatchPlace, items: readonly SealItem[]): Sealed[] {
  needBatch(
    place,
    items.map(({ plaintext }) => plaintext.length),
  );
  const encode = contextTemplate(suite, place.context, place.vary);
  const nonces = new Uint8Array(items.length * nonceBytes);
  fillRandom(nonces);
  return place.key.open(secretAccess, (raw) =>
    items.map(({ at, plaintext }, index) => {
      const bytes = new Uint8Array(nonceBytes + plaintext.length + tagBytes);
      const nonce = nonces.subarray(index * nonceBytes, (index + 1) * nonceBytes);
      bytes.set(nonce, 0);
      nativeAeadSeal(suite, raw, nonce, encode(at), plaintext, bytes.subarray(nonceBytes));
      return { suite, bytes };
    }),
  );
}

/** `unseal` for each item, in order, with the error of each that does not open in its place. */
export function unsealMany(place: BatchPlace, items: readonly UnsealItem[]): UnsealResult[] {
  needBatch(
    place,
    items.map(({ sealed }) => sealed.bytes.length),
  );
  const encode = contextTemplate(suite, place.context, place.vary);
  return place.key.open(secretAccess, (raw) =>
    items.map(({ at, sealed }): UnsealResult => {
      if (sealed.suite !== suite)
        return refused('CRYPTO_SUITE_UNSUPPORTED', 'the value names a suite that is not offered');
      if (sealed.bytes.length < nonceBytes + tagBytes) return refused('CRYPTO_MALFORMED', 'the value is too short');
      const nonce = sealed.bytes.subarray(0, nonceBytes);
      const plaintext = nativeAeadOpen(suite, raw, nonce, encode(at), sealed.bytes.subarray(nonceBytes));
      return plaintext === undefined
        ? refused('CRYPTO_AUTHENTICATION_FAILED', 'the value does not open with this key and context')
        : { plaintext };
    }),
  );
}

function refused(code: CryptoError['code'], message: string): { readonly error: CryptoError } {
  return { error: new CryptoError(code, message) };
}

export type RewrapResult = { readonly sealed: Sealed } | { readonly error: CryptoError };

/**
 * Moves wrapped keys from one key to another in this process: each is opened under `from`, sealed for the same context under
 * `to`, and erased. One that does not open has its error in its place, and the others are done.
 */
export function rewrapMany(
  { from, to, context, vary }: Omit<BatchPlace, 'key'> & { readonly from: SecretBytes; readonly to: SecretBytes },
  items: readonly UnsealItem[],
): RewrapResult[] {
  const opened = unsealMany({ key: from, context, vary }, items);
  const good: SealItem[] = [];
  for (const [index, result] of opened.entries()) {
    const at = items[index]?.at;
    if ('plaintext' in result && at !== undefined) good.push({ at, plaintext: result.plaintext });
  }
  try {
    const sealed = sealMany({ key: to, context, vary }, good).values();
    return opened.map((result): RewrapResult => {
      if ('error' in result) return result;
      const next = sealed.next();
      return next.done ? refused('CRYPTO_MALFORMED', 'the batch lost an item') : { sealed: next.value };
    });
  } finally {
    for (const { plaintext } of good) plaintext.fill(0);
  }
}
