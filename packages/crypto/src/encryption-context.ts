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

interface Entry {
  readonly name: string;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** The entries in their order, each within its limits. */
function entriesOf(context: EncryptionContext): readonly Entry[] {
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
    return { name, key: encodeText(name, keyBytesMax, 'key'), value: encodeText(value, valueBytesMax, 'value') };
  });
  return entries.sort((a, b) => compareBytes(a.key, b.key));
}

/** Label, suite, number of entries, and the entries: each string with its length in front. */
function write(suite: Uint8Array, entries: readonly Entry[]): Uint8Array {
  const strings = entries.flatMap(({ key, value }) => [key, value]);
  const size = [label, suite, ...strings].reduce((sum, part) => sum + 4 + part.length, 4);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let offset = 0;
  const putString = (part: Uint8Array): void => {
    view.setUint32(offset, part.length);
    out.set(part, offset + 4);
    offset += 4 + part.length;
  };
  putString(label);
  putString(suite);
  view.setUint32(offset, entries.length);
  offset += 4;
  for (const part of strings) putString(part);
  return out;
}

/**
 * The canonical bytes of `context` under `suite`: additional data of the AEAD. Two calls agree if and only if suite
 * and context are equal.
 *
 * Layout, each string as u32 big-endian length and bytes: label, suite, u32 number of entries, then key and value of
 * each entry, sorted by the key's UTF-8 bytes. Throws CRYPTO_CONTEXT_INVALID or CRYPTO_LIMIT.
 */
export function encodeContext(suite: string, context: EncryptionContext): Uint8Array {
  return write(encodeText(suite, keyBytesMax, 'suite'), entriesOf(context));
}

/**
 * {@link encodeContext} for many contexts that differ in the value of one entry: `contextTemplate(suite, context, name)`
 * gives a function of that value, which answers what `encodeContext(suite, { ...context, [name]: value })` does with a
 * fraction of its work. Throws as that does, and CRYPTO_CONTEXT_INVALID when `context` has the entry already.
 */
export function contextTemplate(
  suite: string,
  context: EncryptionContext,
  name: string,
): (value: string) => Uint8Array {
  need(!Object.hasOwn(context, name), 'CRYPTO_CONTEXT_INVALID', 'the context already has the entry that varies');
  const entries = entriesOf({ ...context, [name]: '' });
  const whole = write(encodeText(suite, keyBytesMax, 'suite'), entries);
  const after = entries.slice(entries.findIndex((entry) => entry.name === name) + 1);
  const tailLength = after.reduce((sum, { key, value }) => sum + 8 + key.length + value.length, 0);
  const [head, tail] = [whole.slice(0, whole.length - tailLength - 4), whole.slice(whole.length - tailLength)];
  return (text) => {
    const value = encodeText(text, valueBytesMax, 'value');
    const out = new Uint8Array(head.length + 4 + value.length + tail.length);
    out.set(head, 0);
    new DataView(out.buffer).setUint32(head.length, value.length);
    out.set(value, head.length + 4);
    out.set(tail, head.length + 4 + value.length);
    return out;
  };
}
