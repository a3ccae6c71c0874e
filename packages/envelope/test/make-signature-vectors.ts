// Makes signatures.json or detached.json of docs/spec/qv1.md anew:
// node --conditions=source packages/envelope/test/make-signature-vectors.ts envelopes|detached > FILE
import { encodeCbor } from '@quantumvault/cbor';
import { floeSeal, type SecretBytes, type SignatureAlgorithm, sha384Concat } from '@quantumvault/crypto';
import { bodyKey, newDataKey, recipientsTag } from '../src/data-key.ts';
import type { EnvelopeErrorKind } from '../src/errors.ts';
import { encodeCore } from '../src/header/core.ts';
import { frameHeader, hashCore, u32 } from '../src/header/header.ts';
import { encodeRecipients } from '../src/header/recipients.ts';
import { readEnvelopeHeader, rewrapEnvelope } from '../src/open.ts';
import { wrapToRecipient } from '../src/recipients/hpke.ts';
import { type DetachedFacts, signContent } from '../src/signature/detached.ts';
import { frameSignaturePart, signMessage } from '../src/signature/signature-part.ts';
import { signedMessage } from '../src/signature/signed-body.ts';
import { type EnvelopeSigner, signerOfKey } from '../src/signature/signer.ts';
import { formatKeyFile, generateKey, parseKeyFile } from '../src/text/key-text.ts';
import { formatSigner, formatSigningKeyFile, generateSigner, parseSigningKeyFile } from '../src/text/signer-text.ts';
import { collect, expected, facts, segmentBytes, sha512Of, signatureVectorAlgorithms } from './samples.ts';

const utf8 = new TextEncoder();
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, (bytes.at(at) ?? 0) ^ 1);
const content = utf8.encode('Seventy bytes of plaintext, which fill two segments and begin a third.');
const failed = 'AUTHENTICATION_FAILED';

const keys: Record<string, string> = {};
const recipients = ['alice', 'bob'].map((name) => {
  const generated = generateKey();
  const file = formatKeyFile(generated, '2026-11-24T12:00:00Z');
  keys[name] = new TextDecoder().decode(file).trim().split('\n').at(-1) ?? '';
  const [opening] = parseKeyFile(file);
  if (opening === undefined) throw new Error('no key');
  return { ...generated, opening };
});
const [alice, bob] = recipients;
if (alice === undefined || bob === undefined) throw new Error('no recipients');

const signers: Record<string, string> = {};
async function makeSigner(name: string, ...algorithm: Parameters<typeof generateSigner>): Promise<EnvelopeSigner> {
  const generated = await generateSigner(...algorithm);
  signers[name] = formatSigner(generated.signer);
  const [key] = parseSigningKeyFile(formatSigningKeyFile(generated, '2026-11-24T12:00:00Z'));
  if (key === undefined) throw new Error('no signing key');
  return signerOfKey(key);
}
const author = await makeSigner('author');
const stranger = await makeSigner('stranger');
const others: { readonly algorithm: SignatureAlgorithm; readonly signer: EnvelopeSigner }[] = [];
for (const algorithm of signatureVectorAlgorithms) {
  others.push({ algorithm, signer: await makeSigner(algorithm, algorithm) });
}

const cases: object[] = [];

interface Built {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
  readonly coreHash: Uint8Array;
}
/** A sealed envelope whose core names this signer, without its signature. */
async function unsigned(named: EnvelopeSigner, id: number, plain = content): Promise<Built> {
  const named32 = { suite: 'FLOE-AES-256-GCM-SHA-384', signer: named.signer.fingerprint } as const;
  const objectId = sha384Concat([u32(id)]).subarray(0, 16);
  const coreBytes = encodeCore({ ...facts, ...named32, objectId, segmentBytes });
  const coreHash = hashCore(coreBytes);
  using dataKey: SecretBytes = newDataKey();
  const list = encodeRecipients([wrapToRecipient(dataKey, coreHash, alice?.recipient ?? never())]);
  using key = bodyKey(dataKey, coreHash);
  const body = await collect(floeSeal({ key, aad: coreHash, segmentBytes }, [plain]));
  return { header: joined(...frameHeader(coreBytes, list, recipientsTag(dataKey, coreHash, list))), body, coreHash };
}
function never(): never {
  throw new Error('there is no such thing');
}
async function trailerOf({ body, coreHash }: Built, signer: EnvelopeSigner): Promise<Uint8Array> {
  return joined(...frameSignaturePart(await signMessage(signer, signedMessage(coreHash, sha512Of(body)))));
}
async function signed(signer: EnvelopeSigner, id: number, plain = content): Promise<Uint8Array> {
  const built = await unsigned(signer, id, plain);
  return joined(built.header, built.body, await trailerOf(built, signer));
}

interface How {
  readonly key?: string;
  /** Left out when null. */
  readonly signature?: readonly string[] | 'unchecked' | null;
  readonly content?: Uint8Array;
  readonly released?: Uint8Array;
}
function add(name: string, requirement: string, envelope: Uint8Array, failure?: EnvelopeErrorKind, how: How = {}) {
  const { key = 'alice', signature = ['author'], content: plain = content, released = new Uint8Array(0) } = how;
  const end = failure === undefined ? { content: base64(plain) } : { failure, released: base64(released) };
  const demand = signature === null ? {} : { signature };
  cases.push({ name, requirement, key, profile: 'standard', expected, ...demand, ...end, envelope: base64(envelope) });
}

async function makeEnvelopes(): Promise<void> {
  const built = await unsigned(author, 1);
  const { header, body, coreHash } = built;
  const trailer = await trailerOf(built, author);
  const good = joined(header, body, trailer);
  add('signed by the expected signer', 'QV1-86', good);
  add('one of several expected signers', 'QV1-87', good, undefined, { signature: ['stranger', 'author'] });
  add('the signature goes unchecked', 'QV1-17', good, undefined, { signature: 'unchecked' });
  const empty = new Uint8Array(0);
  add('no content, signed', 'QV1-86', await signed(author, 2, empty), undefined, { content: empty });
  const full = content.subarray(0, 64);
  add('a full last segment, signed', 'QV1-85', await signed(author, 3, full), undefined, { content: full });
  for (const [at, { algorithm, signer }] of others.entries()) {
    add(`signed with ${algorithm}`, 'QV1-80', await signed(signer, 10 + at), undefined, { signature: [algorithm] });
  }
  const to = { recipients: [bob?.recipient ?? never()] };
  const moved = rewrapEnvelope([good], { keys: [alice?.opening ?? never()], expected, profile: 'standard', to });
  add('rewrapped for another recipient', 'QV1-89', await collect(moved), undefined, { key: 'bob' });

  add('nothing said of the signature', 'QV1-17', good, 'UNSUPPORTED', { signature: null });
  add('another signer than expected', 'QV1-87', good, failed, { signature: ['stranger'] });
  add('no signer expected', 'QV1-87', good, failed, { signature: [] });
  add('the signer is compared before keys are used', 'QV1-87', good, failed, { key: 'bob', signature: ['stranger'] });
  const released = { released: content.subarray(0, 64) };
  const unchecked = { ...released, signature: 'unchecked' } as const;
  add('the signature stripped', 'QV1-3', joined(header, body), 'TRUNCATED', released);
  add('the signature stripped, unchecked', 'QV1-85', joined(header, body), 'TRUNCATED', unchecked);
  add('an end within the signature', 'QV1-3', good.subarray(0, -5), 'TRUNCATED', released);
  add('a byte after the signature', 'QV1-85', joined(good, Uint8Array.of(0)), failed, released);
  add('a byte after the signature, unchecked', 'QV1-85', joined(good, Uint8Array.of(0)), failed, unchecked);
  add('the signature changed', 'QV1-87', flip(good, good.length - 5), failed, released);
  const signatureAt = good.length - 5;
  add('the changed signature unchecked', 'QV1-17', flip(good, signatureAt), undefined, { signature: 'unchecked' });
  add('the two lengths differ', 'QV1-85', flip(good, good.length - 1), failed, released);
  const resigned = await trailerOf(built, stranger);
  add('the signature of another signer', 'QV1-89', joined(header, body, resigned), failed, released);
  const other = await unsigned(author, 4);
  add(
    'the signature of another envelope',
    'QV1-86',
    joined(header, body, await trailerOf(other, author)),
    failed,
    released,
  );
  const elsewhere = { body, coreHash: other.coreHash, header };
  add('signed for another core', 'QV1-86', joined(header, body, await trailerOf(elsewhere, author)), failed, released);
  const { signature } = await signMessage(author, signedMessage(coreHash, sha512Of(body)));
  const part = (fields: readonly (readonly [string, string | Uint8Array])[], more = empty): Uint8Array => {
    const bytes = joined(encodeCbor(new Map(fields)), more);
    return joined(header, body, u32(bytes.length), bytes, u32(bytes.length));
  };
  const alg = ['alg', author.signer.algorithm] as const;
  const made = ['signature', signature] as const;
  add('another algorithm named', 'QV1-87', part([['alg', 'ML-DSA-87'], made]), failed, released);
  const half = signature.subarray(0, 3309);
  add('half of a composite signature', 'QV1-88', part([alg, ['signature', half]]), failed, released);
  const named = part([
    ['alg', 'ML-DSA-65'],
    ['signature', half],
  ]);
  add('half of a composite signature, named so', 'QV1-88', named, failed, released);
  const second = await signMessage(author, signedMessage(coreHash, sha512Of(content)));
  const halves = joined(half, second.signature.subarray(3309));
  add('halves of two composite signatures', 'QV1-88', part([alg, ['signature', halves]]), failed, released);
  add('no algorithm', 'QV1-85', part([made]), failed, released);
  add('a further field in the signature part', 'QV1-85', part([alg, made, ['x-note', 'no']]), failed, released);
  add('a byte after the map', 'QV1-85', part([alg, made], Uint8Array.of(0)), failed, released);
  const large = joined(header, body, u32(65_537), new Uint8Array(65_537), u32(65_537));
  add('a signature part above its limit', 'QV1-84', large, failed, released);
  const bodyAt = header.length + body.length - 1;
  add('the last segment changed', 'QV1-86', flip(good, bodyAt), failed, released);
  add('the last segment changed, unchecked', 'QV1-55', flip(good, bodyAt), failed, unchecked);
  // What a recipient can make who knows the data key: a core without signer opens only what was sealed under it.
  const { recipientsBytes, recipientsTag: tag } = await readEnvelopeHeader([good]);
  const named32 = { suite: 'FLOE-AES-256-GCM-SHA-384', signer: null } as const;
  const plainCore = encodeCore({
    ...facts,
    ...named32,
    objectId: sha384Concat([u32(1)]).subarray(0, 16),
    segmentBytes,
  });
  const stripped = joined(...frameHeader(plainCore, recipientsBytes, tag), body);
  add('signer and signature stripped', 'QV1-89', stripped, failed, { signature: null });
  const [firstOther] = others;
  if (firstOther === undefined) throw new Error('no other algorithm');
  const swapped = { signature: [firstOther.algorithm] };
  add(
    'not signed, and a signer expected',
    'QV1-87',
    joined(...frameHeader(plainCore, recipientsBytes, tag), body),
    failed,
    swapped,
  );
  console.log(JSON.stringify({ keys, signers, cases }, null, 1));
}

async function makeDetached(): Promise<void> {
  const place: DetachedFacts = { tenant: expected.tenant, purpose: 'release', context: { version: '7' } };
  const createdAt = facts.createdAt;
  const sign = (signer = author, text = content, where = place) => signContent([text], { ...where, createdAt, signer });
  const put = (
    name: string,
    requirement: string,
    signature: Uint8Array,
    failure?: EnvelopeErrorKind,
    how: { content?: Uint8Array; signers?: readonly string[]; expected?: DetachedFacts } = {},
  ): void => {
    const { content: text = content, signers: whose = ['author'], expected: where = place } = how;
    const end = failure === undefined ? {} : { failure };
    const about = { content: base64(text), signers: whose, expected: where };
    cases.push({ name, requirement, ...about, ...end, signature: base64(signature) });
  };
  const good = await sign();
  const empty = new Uint8Array(0);
  put('content and place as signed', 'QV1-92', good);
  put('no content', 'QV1-92', await sign(author, empty), undefined, { content: empty });
  const nowhere = { ...place, context: {}, purpose: 'file' };
  put('an empty context', 'QV1-90', await sign(author, content, nowhere), undefined, { expected: nowhere });
  for (const { algorithm, signer } of others) {
    put(`signed with ${algorithm}`, 'QV1-80', await sign(signer), undefined, { signers: [algorithm] });
  }
  put('other content', 'QV1-93', good, failed, { content: flip(content, 3) });
  put('content that is cut', 'QV1-93', good, failed, { content: content.subarray(1) });
  put('another signer', 'QV1-93', good, failed, { signers: ['stranger'] });
  for (const [what, change] of [
    ['organization', { tenant: '019a0000-0000-7000-8000-00000000000b' }],
    ['purpose', { purpose: 'file' }],
    ['context', { context: { version: '8' } }],
  ] as const) {
    put(`another ${what}`, 'QV1-93', good, 'CONTEXT_MISMATCH', { expected: { ...place, ...change } });
  }
  const factsLength = new DataView(good.buffer, 4).getUint32(0);
  const [before, said, part] = [good.subarray(0, 8), good.subarray(8, 8 + factsLength), good.subarray(8 + factsLength)];
  put('the signature changed', 'QV1-93', flip(good, good.length - 5), failed);
  put('the two lengths differ', 'QV1-93', flip(good, good.length - 1), failed);
  const createdEnd = 8 + Buffer.from(said).indexOf('created') + 'created'.length + 8;
  put('another time of creation', 'QV1-92', flip(good, createdEnd), failed);
  put('another format', 'QV1-90', utf8.encode('-----BEGIN PGP SIGNATURE-----\n'), 'MALFORMED');
  put('an end within the facts', 'QV1-3', good.subarray(0, 20), 'TRUNCATED');
  put('an end within the signature', 'QV1-3', good.subarray(0, -1), 'TRUNCATED');
  put('facts above their limit', 'QV1-90', joined(good.subarray(0, 4), u32(16_385), new Uint8Array(16_385)), 'LIMIT');
  const longer = Uint8Array.of(...said, 0);
  put('a byte after the facts', 'QV1-90', joined(before.subarray(0, 4), u32(longer.length), longer, part), 'MALFORMED');
  console.log(JSON.stringify({ signers, cases }, null, 1));
}

await (process.argv[2] === 'detached' ? makeDetached() : makeEnvelopes());
