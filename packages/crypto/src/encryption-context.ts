import { need } from './errors.ts';

/**
 * Public facts bound to a ciphertext and needed again to open it. `purpose` and `tenant` are mandatory and not empty.
 * Keys and values are compared byte by byte: no Unicode normalisation takes place.
 */
export type EncryptionContext = Readonly<Record<string, string>>;

const utf8 = new TextEncoder();
const label = utf8.encode('QuantumVault encryption context 1');
const mandatory = ['purpose', 'tenant'] as const;
const entriesMax = 64;
const keyBytesMax = 128;
const valueBytesMax = 4096;

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function encodeText(text: string, bytesMax: number, what: string): Uint8Array {
  // An unpaired surrogate would become U+FFFD, and two different contexts could share one encoding.
  need(text.isWellFormed(), 'CRYPTO_CONTEXT_INVALID', `a context ${what} has an unpaired surrogate`);
  const bytes = utf8.encode(text);
  need(bytes.length <= bytesMax, 'CRYPTO_LIMIT', `a context ${what} holds at most ${bytesMax} bytes`);
  return bytes;
}

/**
 * The canonical bytes of `context` under `suite`: additional data of the AEAD. Two calls agree if and only if suite
 * and context are equal.
 *
 * Layout, each string as u32 big-endian length and bytes: label, suite, u32 number of entries, then key and value of
 * each entry, sorted by the key's UTF-8 bytes. Throws CRYPTO_CONTEXT_INVALID or CRYPTO_LIMIT.
 */
export function encodeContext(suite: string, context: EncryptionContext): Uint8Array {
  const names = Object.keys(context);
  need(names.length <= entriesMax, 'CRYPTO_LIMIT', `a context has at most ${entriesMax} entries`);
  for (const name of mandatory) {
    const value = Object.hasOwn(context, name) ? context[name] : undefined;
    need(typeof value === 'string' && value !== '', 'CRYPTO_CONTEXT_INVALID', `a context needs a ${name}`);
  }
  const entries = names.map((name) => {
    const value = context[name];
    need(typeof value === 'string', 'CRYPTO_CONTEXT_INVALID', 'each context value is a string');
    need(name !== '', 'CRYPTO_CONTEXT_INVALID', 'a context key is not empty');
    return { key: encodeText(name, keyBytesMax, 'key'), value: encodeText(value, valueBytesMax, 'value') };
  });
  entries.sort((a, b) => compareBytes(a.key, b.key));

  const suiteBytes = encodeText(suite, keyBytesMax, 'suite');
  const strings = entries.flatMap(({ key, value }) => [key, value]);
  const size = [label, suiteBytes, ...strings].reduce((sum, part) => sum + 4 + part.length, 4);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let offset = 0;
  const putString = (part: Uint8Array): void => {
    view.setUint32(offset, part.length);
    out.set(part, offset + 4);
    offset += 4 + part.length;
  };
  putString(label);
  putString(suiteBytes);
  view.setUint32(offset, entries.length);
  offset += 4;
  for (const part of strings) putString(part);
  return out;
}
