// Makes the vectors of docs/spec/qv1.md anew: node --conditions=source packages/envelope/test/make-vectors.ts > FILE
// Each bad envelope is sealed with a right tag over whatever it holds, where that is possible, so that it fails by the
// requirement that it names and not by an earlier one.
import { type CborValue, encodeCbor } from '@quantumvault/cbor';
import { floeSeal, hpkeSuiteCategory5, hpkeSuiteCnsa, SecretBytes, sha256 } from '@quantumvault/crypto';
import { bodyKey, newDataKey, recipientsTag } from '../src/data-key.ts';
import type { EnvelopeErrorKind } from '../src/errors.ts';
import { encodeCore } from '../src/header/core.ts';
import { frameHeader, hashCore } from '../src/header/header.ts';
import { decodeRecipients, encodeRecipients, type RecipientInfo } from '../src/header/recipients.ts';
import { readEnvelopeHeader } from '../src/open.ts';
import { wrapToRecipient } from '../src/recipients/hpke.ts';
import { wrapDataKey } from '../src/seal.ts';
import { formatKeyFile, generateKey, type PublicRecipient } from '../src/text/key-text.ts';
import { collect, expected, facts, segmentBytes } from './samples.ts';

const utf8 = new TextEncoder();
const text = new TextDecoder();
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const content = utf8.encode('Seventy bytes of plaintext, which fill two segments and begin a third.');
const passphrase = 'correct horse battery staple';
const suite = 'FLOE-AES-256-GCM-SHA-384';

const secrets: Record<string, string> = {};
function makeKey(name: string, ...suiteOf: Parameters<typeof generateKey>): PublicRecipient {
  const generated = generateKey(...suiteOf);
  secrets[name] = text.decode(formatKeyFile(generated, '2026-11-24T12:00:00Z')).trim().split('\n').at(-1) ?? '';
  return generated.recipient;
}
const alice = makeKey('alice');
const bob = makeKey('bob');
const carol = makeKey('carol', hpkeSuiteCnsa);
const dave = makeKey('dave', hpkeSuiteCategory5);
makeKey('eve');

const objectId = sha256(utf8.encode('QV1 vectors')).subarray(0, 16);
const core = encodeCore({ ...facts, suite, objectId, segmentBytes, signer: null });
/** The fields of the core, some of them changed; undefined leaves one out. */
function coreWith(changes: Readonly<Record<string, CborValue | undefined>>): Uint8Array {
  const fields = new Map<string, CborValue | undefined>([
    ['suite', suite],
    ['id', objectId],
    ['type', facts.contentType],
    ['tenant', facts.tenant],
    ['purpose', facts.purpose],
    ['context', new Map(Object.entries(facts.context))],
    ['created', facts.createdAt],
    ['segment', segmentBytes],
    ['signer', null],
    ['flags', 0],
    ...Object.entries(changes),
  ]);
  return encodeCbor(new Map([...fields].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))));
}

interface Parts {
  readonly core?: Uint8Array;
  readonly to?: readonly PublicRecipient[];
  readonly plain?: Uint8Array;
  readonly segment?: number;
  /** Recipients in another form than this writer makes; the tag covers what comes back. */
  readonly rewrite?: (list: readonly RecipientInfo[], coreHash: Uint8Array) => Uint8Array;
}
async function build({
  core: coreBytes = core,
  to = [alice],
  plain = content,
  segment = segmentBytes,
  rewrite,
}: Parts) {
  const dataKey = newDataKey();
  const coreHash = hashCore(coreBytes);
  const list = to.map((recipient) => wrapToRecipient(dataKey, coreHash, recipient));
  const recipients = rewrite?.(list, coreHash) ?? encodeRecipients(list);
  const key = bodyKey(dataKey, coreHash);
  const body = await collect(floeSeal({ key, aad: coreHash, segmentBytes: segment }, [plain]));
  return joined(...frameHeader(coreBytes, recipients, recipientsTag(dataKey, coreHash, recipients)), body);
}
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

interface Case {
  readonly key?: string;
  readonly passphrase?: string;
  readonly profile?: string;
  readonly expected?: typeof expected;
  readonly content?: Uint8Array;
  readonly released?: Uint8Array;
}
const cases: object[] = [];
function add(
  name: string,
  requirement: string,
  envelope: Uint8Array,
  failure?: EnvelopeErrorKind,
  how: Case = {},
): void {
  const { key = 'alice', passphrase: phrase, profile = 'standard', content: plain = content, released } = how;
  const opener = phrase === undefined ? { key } : { passphrase: phrase };
  const end =
    failure === undefined ? { content: base64(plain) } : { failure, released: base64(released ?? new Uint8Array(0)) };
  cases.push({
    name,
    requirement,
    ...opener,
    profile,
    expected: how.expected ?? expected,
    ...end,
    envelope: base64(envelope),
  });
}

const good = await build({});
const header = await readEnvelopeHeader([good]);
const body = good.subarray(header.headerBytes);
const flip = (bytes: Uint8Array, at: number, bit = 1): Uint8Array => bytes.with(at, (bytes[at] ?? 0) ^ bit);
const flipBody = (at: number): Uint8Array => flip(good, header.headerBytes + at);
const withBody = (...parts: readonly Uint8Array[]): Uint8Array =>
  joined(good.subarray(0, header.headerBytes), ...parts);
const fieldsOf = (recipient: RecipientInfo | undefined): Map<string, CborValue> => {
  if (recipient?.type !== 'hpke') throw new Error('no recipient of type hpke');
  const { suite: name, keyId, keyVersion, enc, wrapped } = recipient;
  const fields: [string, CborValue][] = [
    ['suite', name],
    ['key', keyId],
    ['version', keyVersion],
    ['enc', enc],
    ['wrapped', wrapped],
  ];
  return new Map(fields);
};
const bodyWith = (list: readonly RecipientInfo[], change: (fields: Map<string, CborValue>) => void, type = 'hpke') => {
  const fields = fieldsOf(list[0]);
  change(fields);
  return encodeCbor([[type, encodeCbor(fields)]]);
};

// Envelopes that open.
add('one recipient, X-Wing', 'QV1-41', good);
add('ML-KEM-1024, under the profile', 'QV1-70', await build({ to: [carol] }), undefined, {
  key: 'carol',
  profile: 'cnsa-2.0',
});
add('MLKEM1024-P384', 'QV1-41', await build({ to: [dave] }), undefined, { key: 'dave' });
add('the second of three recipients', 'QV1-42', await build({ to: [carol, bob, dave] }), undefined, { key: 'bob' });
const empty = new Uint8Array(0);
add('no content', 'QV1-54', await build({ plain: empty }), undefined, { content: empty });
const full = content.subarray(0, 64);
add('a full last segment', 'QV1-54', await build({ plain: full }), undefined, { content: full });
const large = { core: coreWith({ segment: 1_048_576 }), segment: 1_048_576 };
add('segments of 1 MiB', 'QV1-14', await build(large));
add('an informational field', 'QV1-18', await build({ core: coreWith({ 'x-note': 'passed over' }) }));
const later = (list: readonly RecipientInfo[]): RecipientInfo[] => [
  { type: 'unknown', name: 'later', body: utf8.encode('?') },
  ...list,
];
add('a recipient of an unknown type', 'QV1-31', await build({ rewrite: (list) => encodeRecipients(later(list)) }));
const strange = { ...expected, context: { ключ: '值', __proto__x: '', b: 'two', aa: 'one' } };
add(
  'a context in other scripts',
  'QV1-13',
  await build({ core: coreWith({ context: new Map(Object.entries(strange.context)) }) }),
  undefined,
  { expected: strange },
);
const nowhere = { ...expected, context: {} };
add('an empty context', 'QV1-10', await build({ core: coreWith({ context: new Map() }) }), undefined, {
  expected: nowhere,
});

async function buildPhrase(change: (info: RecipientInfo) => RecipientInfo): Promise<Uint8Array> {
  const dataKey = newDataKey();
  const coreHash = hashCore(core);
  const list = await wrapDataKey(dataKey, coreHash, {
    passphrase: SecretBytes.fromUtf8(passphrase),
    level: 'standard',
  });
  const recipients = encodeRecipients(list.map(change));
  const sealed = await collect(floeSeal({ key: bodyKey(dataKey, coreHash), aad: coreHash, segmentBytes }, [content]));
  return joined(...frameHeader(core, recipients, recipientsTag(dataKey, coreHash, recipients)), sealed);
}
const phrase = { passphrase };
const changed = (change: object) => buildPhrase((info) => ({ ...info, ...change }));
add('a passphrase', 'QV1-46', await changed({}), undefined, phrase);
add('a wrong passphrase', 'QV1-46', await changed({}), 'AUTHENTICATION_FAILED', { passphrase: `${passphrase}r` });
add('Argon2 of 4 TB', 'QV1-45', await changed({ memoryKib: 4_000_000_000 }), 'LIMIT', phrase);
add('Argon2 of 13 passes', 'QV1-45', await changed({ passes: 13 }), 'LIMIT', phrase);
add('Argon2 of too much work', 'QV1-45', await changed({ memoryKib: 262_144, passes: 5 }), 'LIMIT', phrase);
add('Argon2 without memory', 'QV1-45', await changed({ memoryKib: 0 }), 'AUTHENTICATION_FAILED', phrase);
add('another cost than was wrapped with', 'QV1-46', await changed({ passes: 3 }), 'AUTHENTICATION_FAILED', phrase);
add('another key derivation', 'QV1-32', await changed({ kdf: 'scrypt' }), 'UNSUPPORTED', phrase);
add('a key where a passphrase is wanted', 'QV1-42', await changed({}), 'KEY_NOT_FOUND');

// Layout.
add('another format', 'QV1-1', utf8.encode('age-encryption.org/v1\n'), 'MALFORMED');
add('version 2', 'QV1-1', flip(good, 2, 3), 'UNSUPPORTED');
add('nothing', 'QV1-3', empty, 'TRUNCATED');
add('an end within the core', 'QV1-3', good.subarray(0, 20), 'TRUNCATED');
add('an end within the tag', 'QV1-3', good.subarray(0, header.headerBytes - 1), 'TRUNCATED');
add('an end before the body', 'QV1-3', good.subarray(0, header.headerBytes), 'TRUNCATED');
add(
  'a core above its limit',
  'QV1-2',
  joined(good.subarray(0, 4), Uint8Array.of(0, 0, 0x40, 1), good.subarray(8)),
  'LIMIT',
);
const recipientsAt = 8 + header.coreBytes.length;
add(
  'recipients above their limit',
  'QV1-2',
  joined(good.subarray(0, recipientsAt), Uint8Array.of(0, 2, 0, 1), good.subarray(recipientsAt + 4)),
  'LIMIT',
);

// Core.
const badCore = async (name: string, requirement: string, failure: EnvelopeErrorKind, bytes: Uint8Array) =>
  add(name, requirement, await build({ core: bytes }), failure);
await badCore('a core with a byte behind it', 'QV1-6', 'MALFORMED', joined(core, Uint8Array.of(0)));
await badCore(
  'a core with a head that is too long',
  'QV1-6',
  'MALFORMED',
  joined(Uint8Array.of(0xb8, 10), core.subarray(1)),
);
await badCore(
  'a core of indefinite length',
  'QV1-6',
  'MALFORMED',
  joined(Uint8Array.of(0xbf), core.subarray(1), Uint8Array.of(0xff)),
);
const idAt = Buffer.from(core).indexOf('bid', 'latin1');
const typeAt = Buffer.from(core).indexOf('dtype', 'latin1');
const first = core.subarray(idAt, idAt + 20);
const others = joined(core.subarray(1, idAt), core.subarray(idAt + 20));
await badCore('a core with keys out of order', 'QV1-6', 'MALFORMED', joined(core.subarray(0, 1), others, first));
await badCore(
  'a core with a key twice',
  'QV1-6',
  'MALFORMED',
  joined(Uint8Array.of(0xab), core.subarray(1, idAt), first, first, core.subarray(idAt + 20)),
);
await badCore('a core with bad UTF-8', 'QV1-6', 'MALFORMED', core.with(typeAt + 6, 0xff));
await badCore('a core without purpose', 'QV1-10', 'MALFORMED', coreWith({ purpose: undefined }));
await badCore('a core without context', 'QV1-10', 'MALFORMED', coreWith({ context: undefined }));
await badCore('an id of 15 bytes', 'QV1-11', 'MALFORMED', coreWith({ id: objectId.subarray(1) }));
await badCore('a tenant in capitals', 'QV1-11', 'MALFORMED', coreWith({ tenant: facts.tenant.toUpperCase() }));
await badCore('a time before 1970', 'QV1-11', 'MALFORMED', coreWith({ created: -1 }));
await badCore('a content type with a control character', 'QV1-11', 'MALFORMED', coreWith({ type: 'text\n' }));
await badCore('a context value that is a number', 'QV1-11', 'MALFORMED', coreWith({ context: new Map([['row', 7]]) }));
await badCore('an empty context key', 'QV1-13', 'MALFORMED', coreWith({ context: new Map([['', '7']]) }));
await badCore('a long context key', 'QV1-13', 'LIMIT', coreWith({ context: new Map([['k'.repeat(129), '7']]) }));
await badCore('a segment of 63 bytes', 'QV1-11', 'LIMIT', coreWith({ segment: 63 }));
await badCore('a segment above 1 MiB', 'QV1-11', 'LIMIT', coreWith({ segment: 1_048_577 }));
await badCore('another suite', 'QV1-12', 'UNSUPPORTED', coreWith({ suite: 'AES-256-CBC' }));
await badCore('another purpose', 'QV1-12', 'UNSUPPORTED', coreWith({ purpose: 'fun' }));
await badCore('a signer', 'QV1-17', 'UNSUPPORTED', coreWith({ signer: new Uint8Array(32) }));
await badCore('a flag', 'QV1-17', 'UNSUPPORTED', coreWith({ flags: 1 }));
await badCore('a critical field of a later version', 'QV1-18', 'UNSUPPORTED', coreWith({ later: 1 }));

// Recipients.
const badList = async (
  name: string,
  requirement: string,
  failure: EnvelopeErrorKind,
  rewrite: Parts['rewrite'] & object,
  to = [alice, bob],
) => add(name, requirement, await build({ to, rewrite }), failure);
await badList('no recipients', 'QV1-30', 'MALFORMED', () => encodeCbor([]));
await badList('65 recipients', 'QV1-30', 'MALFORMED', () =>
  encodeCbor(Array.from({ length: 65 }, (_, at) => [`t${at}`, empty])),
);
await badList('a type in capitals', 'QV1-31', 'MALFORMED', (list) => bodyWith(list, () => {}, 'HPKE'));
await badList('a recipient with a further field', 'QV1-32', 'UNSUPPORTED', (list) =>
  bodyWith(list, (fields) => fields.set('x-note', 1)),
);
await badList('a recipient without version', 'QV1-32', 'MALFORMED', (list) =>
  bodyWith(list, (fields) => fields.delete('version')),
);
await badList('a wrap of 47 bytes', 'QV1-32', 'MALFORMED', (list) =>
  bodyWith(list, (fields) => fields.set('wrapped', new Uint8Array(47))),
);
const twice = (list: readonly RecipientInfo[]) =>
  encodeCbor([list[0], list[0]].map((each) => ['hpke', encodeCbor(fieldsOf(each))]));
await badList('a key twice', 'QV1-33', 'MALFORMED', twice);
const phraseBody = decodeRecipients((await readEnvelopeHeader([await changed({})])).recipientsBytes);
const beside = (list: readonly RecipientInfo[]): Uint8Array => {
  const [raw] = [encodeRecipients(phraseBody)];
  return joined(Uint8Array.of(0x82), raw.subarray(1), encodeRecipients(list.slice(0, 1)).subarray(1));
};
await badList('a passphrase beside a key', 'QV1-34', 'MALFORMED', beside);

// Changed by somebody without the data key: the tag stays as it was.
const two = await build({ to: [alice, bob] });
const twoHeader = await readEnvelopeHeader([two]);
const other = await build({ core: coreWith({ id: objectId.map((byte) => byte ^ 1) }) });
const otherHeader = await readEnvelopeHeader([other]);
const forge = (list: readonly RecipientInfo[], from = twoHeader, bytes = two): Uint8Array =>
  joined(...frameHeader(from.coreBytes, encodeRecipients(list), from.recipientsTag), bytes.subarray(from.headerBytes));
const [toAlice, toBob] = twoHeader.recipients;
if (toAlice?.type !== 'hpke' || toBob?.type !== 'hpke') throw new Error('the sample has other recipients');
const failed = 'AUTHENTICATION_FAILED';
add('a recipient removed', 'QV1-22', forge([toAlice]), failed);
add('recipients in another order', 'QV1-22', forge([toBob, toAlice]), failed);
add('a recipient added', 'QV1-22', forge([toAlice, toBob, { type: 'unknown', name: 'later', body: empty }]), failed);
add('the tag changed', 'QV1-22', flip(good, header.headerBytes - 1), failed);
add('a wrap changed', 'QV1-41', forge([{ ...toAlice, wrapped: flip(toAlice.wrapped, 0) }, toBob]), failed);
add(
  'the ML-KEM half of an encapsulation changed',
  'QV1-43',
  forge([{ ...toAlice, enc: flip(toAlice.enc, 0) }, toBob]),
  failed,
);
add(
  'the X25519 half of an encapsulation changed',
  'QV1-43',
  forge([{ ...toAlice, enc: flip(toAlice.enc, 1100) }, toBob]),
  failed,
);
add('an encapsulation that is cut', 'QV1-41', forge([{ ...toAlice, enc: toAlice.enc.subarray(1) }, toBob]), failed);
const swapped = forge([
  { ...toAlice, enc: toBob.enc, wrapped: toBob.wrapped },
  { ...toBob, enc: toAlice.enc, wrapped: toAlice.wrapped },
]);
add('the wraps of two recipients exchanged', 'QV1-41', swapped, failed);
add('another known suite', 'QV1-42', forge([{ ...toAlice, suite: hpkeSuiteCnsa }, toBob]), failed);
add(
  'an unknown suite',
  'QV1-42',
  forge([{ ...toAlice, suite: 'HPKE-X25519-HKDF-SHA256-AES-128-GCM' }, toBob]),
  'UNSUPPORTED',
);
add('another version of the key', 'QV1-42', forge([{ ...toAlice, keyVersion: 2 }]), 'KEY_NOT_FOUND');
add('a key that is no recipient', 'QV1-42', good, 'KEY_NOT_FOUND', { key: 'eve' });
const mixed = (coreOf: typeof header, listOf: typeof header): Uint8Array =>
  joined(...frameHeader(coreOf.coreBytes, listOf.recipientsBytes, listOf.recipientsTag), body);
add('the core of another envelope', 'QV1-41', mixed(otherHeader, header), failed);
add('recipients of another envelope', 'QV1-41', mixed(header, otherHeader), failed);
add('the body of another envelope', 'QV1-52', joined(other.subarray(0, otherHeader.headerBytes), body), failed);

// Place and profile.
const elsewhere = (name: string, place: object) =>
  add(name, 'QV1-58', good, 'CONTEXT_MISMATCH', { expected: { ...expected, ...place } });
elsewhere('another organization', { tenant: '019a0000-0000-7000-8000-00000000000b' });
elsewhere('another purpose than expected', { purpose: 'token' });
elsewhere('another context value', { context: { ...expected.context, row: '8' } });
elsewhere('a context with one entry less', { context: { table: 'orders' } });
elsewhere('a context with one entry more', { context: { ...expected.context, column: 'card' } });
add('the place is compared before keys', 'QV1-57', good, 'CONTEXT_MISMATCH', { key: 'eve', expected: nowhere });
add('X-Wing under the profile', 'QV1-70', good, 'UNSUPPORTED', { profile: 'cnsa-2.0' });
add('X-Wing beside ML-KEM-1024 under the profile', 'QV1-70', await build({ to: [carol, alice] }), 'UNSUPPORTED', {
  key: 'carol',
  profile: 'cnsa-2.0',
});

// Body: parameters and IV (42), header tag (32), two segments of 64 bytes, and a last one of 38.
const at = [74, 138, 202] as const;
const released = [empty, content.subarray(0, 32), content.subarray(0, 64)] as const;
add('another segment size in the body', 'QV1-50', flipBody(5), failed);
add('the IV changed', 'QV1-52', flipBody(10), failed);
add('the header tag changed', 'QV1-52', flipBody(73), failed);
for (const position of [0, 1, 2] as const) {
  const how = { released: released[position] };
  add(`segment ${position}: the ciphertext changed`, 'QV1-53', flipBody(at[position] + 20), failed, how);
  add(`segment ${position}: the nonce changed`, 'QV1-53', flipBody(at[position] + 4), failed, how);
}
const parts = [body.subarray(0, 74), body.subarray(74, 138), body.subarray(138, 202), body.subarray(202)] as const;
add('segments exchanged', 'QV1-55', withBody(parts[0], parts[2], parts[1], parts[3]), failed);
add('a segment twice', 'QV1-55', withBody(parts[0], parts[1], parts[1], parts[2], parts[3]), failed, {
  released: released[1],
});
add('a segment left out', 'QV1-55', withBody(parts[0], parts[1], parts[3]), failed, { released: released[1] });
add('the last segment left out', 'QV1-54', withBody(parts[0], parts[1], parts[2]), 'TRUNCATED', {
  released: released[2],
});
add('an end within the last segment', 'QV1-3', good.subarray(0, -1), 'TRUNCATED', { released: released[2] });
add('a byte after the last segment', 'QV1-55', joined(good, empty, Uint8Array.of(0)), failed, {
  released: released[2],
});
add('a whole segment after the last', 'QV1-55', withBody(...parts, parts[3]), failed, { released: released[2] });
const asLast = joined(parts[1].subarray(0, 0), Uint8Array.of(0, 0, 0, 64), parts[1].subarray(4));
add('a segment that was not last marked as last', 'QV1-53', withBody(parts[0], asLast), failed);

console.log(JSON.stringify({ keys: secrets, cases }, null, 1));
