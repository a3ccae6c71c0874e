// What the independent reader demands of header fields (sections 1, 2 and 4 of docs/spec/qv1.md), in a file of its own: the
// reader opens envelopes without it, but would also open those that the page calls malformed.
import { decode, encode, rfc8949EncodeOptions } from 'cborg';

export type Value = number | string | null | boolean | Uint8Array | Value[] | Map<string, Value>;
export type Fields = Readonly<Record<string, Value>>;
type Test = (value: Value | undefined) => boolean;

export class Failure extends Error {}
export function need(condition: unknown, kind: string): asserts condition {
  if (!condition) throw new Failure(kind);
}

export const cborOf = (value: Value): Uint8Array => new Uint8Array(encode(value, rfc8949EncodeOptions));
/** Read, written again in the one deterministic way, and compared. */
export function readCbor(bytes: Uint8Array): Value {
  let value: Value;
  try {
    value = decode(bytes, { useMaps: true, rejectDuplicateMapKeys: true });
    need(Buffer.compare(cborOf(value), bytes) === 0, 'MALFORMED');
  } catch {
    throw new Failure('MALFORMED');
  }
  return value;
}

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;
export interface Recipient {
  readonly type: Value | undefined;
  readonly fields: Fields;
}

const given: Test = (value) => value !== undefined;
const text =
  (form: RegExp): Test =>
  (value) =>
    typeof value === 'string' && form.test(value);
const upTo =
  (max: number): Test =>
  (value) =>
    typeof value === 'number' && value >= 0 && value <= max;
const sized =
  (min: number, max = min): Test =>
  (value) =>
    value instanceof Uint8Array && upTo(max - min)(value.length - min);
const strings: Test = (map) => map instanceof Map && map.size <= 64 && [...map.values()].every(text(/^/));
const [u32, word, tenant] = [
  upTo(2 ** 32 - 1),
  text(/^[!-~]{1,64}$/),
  text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
];
const signer: Test = (value) => value === null || sized(32)(value);
const coreNames = { suite: given, purpose: given, signer, flags: given, segment: upTo(2 ** 53 - 1), tenant };
const coreForm = {
  ...coreNames,
  id: sized(16),
  type: text(/^[ -~]{1,127}$/),
  created: upTo(253402300799999),
  context: strings,
};
const hpkeForm = { suite: word, key: text(/^[!-~]{1,128}$/), version: u32, enc: sized(1, 8192), wrapped: sized(48) };
const kekForm = { key: hpkeForm.key, version: u32, wrapped: sized(1, 4096) };
const costs = { memory: u32, passes: u32, lanes: u32 };
const phraseForm = { kdf: word, aead: word, salt: sized(32), ...costs, nonce: sized(12), wrapped: sized(48) };
function shaped(map: Value, form: Readonly<Record<string, Test>>, isPassed: (name: string) => boolean): Fields {
  need(map instanceof Map, 'MALFORMED');
  for (const name of map.keys()) need(name in form || isPassed(name), 'UNSUPPORTED');
  for (const [name, test] of Object.entries(form)) need(test(map.get(name)), 'MALFORMED');
  return Object.fromEntries(map);
}
export function readCore(bytes: Uint8Array): Fields {
  const core = shaped(readCbor(bytes), coreForm, (name) => name.startsWith('x-'));
  const isPurpose = text(/^(data-at-rest|data-in-transit|key-encryption|token)$/)(core.purpose);
  const isKnown = core.suite === 'FLOE-AES-256-GCM-SHA-384' && isPurpose && core.flags === 0;
  need(isKnown && Object.keys(core).length <= 26, isKnown ? 'MALFORMED' : 'UNSUPPORTED');
  need(upTo(1048576 - 64)(Number(core.segment) - 64), 'LIMIT');
  for (const [key, value] of core.context as Map<string, string>) {
    need(key !== '', 'MALFORMED');
    need(utf8Length(key) <= 128 && utf8Length(value) <= 4096, 'LIMIT');
  }
  return core;
}
function readRecipient(entry: Value): Recipient {
  const [type, body] = Array.isArray(entry) && entry.length === 2 ? entry : [];
  need(text(/^[a-z][a-z0-9-]{0,31}$/)(type) && body instanceof Uint8Array, 'MALFORMED');
  const forms = { hpke: hpkeForm, kek: kekForm, passphrase: phraseForm } as const;
  const form = type === 'hpke' || type === 'kek' || type === 'passphrase' ? forms[type] : undefined;
  return { type, fields: form === undefined ? {} : shaped(readCbor(body), form, () => false) };
}
export function readRecipients(bytes: Uint8Array): Recipient[] {
  const list = readCbor(bytes);
  need(Array.isArray(list) && list.length >= 1 && list.length <= 64, 'MALFORMED');
  const all = list.map(readRecipient);
  need(all.length === 1 || all.every(({ type }) => type !== 'passphrase'), 'MALFORMED');
  const keys = all.flatMap(({ type, fields }) =>
    type === 'hpke' || type === 'kek' ? [`${type} ${fields.key} ${fields.version}`] : [],
  );
  need(new Set(keys).size === keys.length, 'MALFORMED');
  return all;
}
