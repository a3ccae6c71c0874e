// A reader of QV1 written from docs/spec/qv1.md alone, in fewer than 200 lines. It imports nothing from our packages, and
// where they use OpenSSL and a CBOR of their own it uses the noble libraries and cborg. For tests only: it erases no secret
// and reads everything at once.
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { expand, extract, hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { ml_kem768_x25519, ml_kem1024_p384 } from '@noble/post-quantum/hybrid.js';
import { ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { cborOf, Failure, type Fields, need, type Recipient, readCore, readRecipients } from './independent-forms.ts';
import {
  bech32mPayload,
  checkSignaturePart,
  type Demand,
  envelopeMessage,
  expectedSigner,
} from './independent-signatures.ts';
import { type Keks, kekOf, openAead, openKek, openPhrase, refuseWhenThrowing } from './independent-wraps.ts';

type Bytes = Uint8Array;
export interface ReaderInput {
  readonly secretKeys: readonly string[];
  readonly passphrase?: string;
  readonly expected: { tenant: string; purpose: string; context: Readonly<Record<string, string>> };
  readonly profile: string;
  readonly signature?: Demand;
  readonly keks?: Keks;
}

const ascii = (text: string): Bytes => new TextEncoder().encode(text);
const cat = (...parts: readonly Bytes[]): Bytes => new Uint8Array(Buffer.concat(parts));
const uint = (n: number, bytes: number): Bytes => Buffer.from(n.toString(16).padStart(bytes * 2, '0'), 'hex');
const number = (bytes: Bytes): number => Number(`0x${Buffer.from(bytes).toString('hex')}`);
const equal = (a: Bytes, b: Bytes): boolean => Buffer.compare(a, b) === 0;
/** Takes bytes off the front, or fails. */
function taker(bytes: Bytes, kind: string): (count: number) => Bytes {
  let at = 0;
  return (count) => {
    need(at + count <= bytes.length, kind);
    at += count;
    return bytes.subarray(at - count, at);
  };
}

// Sections 5 and 8.
const suites = [
  { name: 'HPKE-X-WING-HKDF-SHA256-AES-256-GCM', ids: '647a00010002', kem: ml_kem768_x25519, hash: sha256 },
  { name: 'HPKE-ML-KEM-1024-HKDF-SHA384-AES-256-GCM', ids: '004200020002', kem: ml_kem1024, hash: sha384 },
  { name: 'HPKE-MLKEM1024-P384-HKDF-SHA384-AES-256-GCM', ids: '005100020002', kem: ml_kem1024_p384, hash: sha384 },
  { name: 'HPKE-X-WING-HKDF-SHA256-CHACHA20-POLY1305', ids: '647a00010003', kem: ml_kem768_x25519, hash: sha256 },
  {
    name: 'HPKE-MLKEM1024-P384-HKDF-SHA384-CHACHA20-POLY1305',
    ids: '005100020003',
    kem: ml_kem1024_p384,
    hash: sha384,
  },
] as const;
function readSecretKey(line: string) {
  const payload = bech32mPayload(line.toLowerCase());
  const suite = suites[(payload[0] ?? 0) - 1] ?? suites[0];
  const { publicKey, secretKey } = suite.kem.keygen(payload.slice(1));
  const digest = sha256(cat(ascii('QV1 key'), payload.subarray(0, 1), publicKey));
  return { suite, secretKey, id: Buffer.from(digest.subarray(0, 16)).toString('hex') };
}
function openHpke(suite: (typeof suites)[number], secretKey: Bytes, f: Fields, coreHash: Bytes): Bytes {
  const { ids, hash, kem, name } = suite;
  const info = cborOf(['QV1 wrap', coreHash, 'hpke', name, f.key ?? null, f.version ?? null]);
  const none = new Uint8Array(0);
  const labeled = (label: string, data: Bytes): Bytes =>
    cat(ascii('HPKE-v1HPKE'), Buffer.from(ids, 'hex'), ascii(label), data);
  const extracted = (salt: Bytes, label: string, data: Bytes): Bytes => extract(hash, labeled(label, data), salt);
  const context = cat(uint(0, 1), extracted(none, 'psk_id_hash', none), extracted(none, 'info_hash', info));
  const secret = extracted(
    refuseWhenThrowing(() => kem.decapsulate(f.enc as Bytes, secretKey)),
    'secret',
    none,
  );
  const derive = (label: string, size: number): Bytes =>
    expand(hash, secret, cat(uint(size, 2), labeled(label, context)), size);
  const aead = ids.endsWith('3') ? chacha20poly1305 : gcm;
  return openAead(aead, derive('key', 32), derive('base_nonce', 12), coreHash, f.wrapped);
}
function unwrap(coreHash: Bytes, list: readonly Recipient[], input: ReaderInput): Bytes {
  const keys = input.secretKeys.map(readSecretKey);
  for (const { type, fields } of list) {
    if (type === 'passphrase' && input.passphrase !== undefined) return openPhrase(input.passphrase, fields, coreHash);
    const kek = type === 'kek' ? kekOf(fields, input.keks) : undefined;
    if (kek !== undefined) return openKek(kek, fields, coreHash);
    const own = keys.find(({ id }) => type === 'hpke' && id === fields.key && fields.version === 1);
    if (own === undefined) continue;
    const suite = suites.find(({ name }) => name === fields.suite);
    need(suite !== undefined, 'UNSUPPORTED');
    need(suite.kem === own.suite.kem, 'AUTHENTICATION_FAILED');
    return openHpke(suite, own.secretKey, fields, coreHash);
  }
  throw new Failure('KEY_NOT_FOUND');
}

// Section 6.
type CheckRest = (rest: Bytes, body: Bytes) => void;
export function* openBody(
  bodyKey: Bytes,
  coreHash: Bytes,
  size: number,
  body: Bytes,
  checkRest: CheckRest,
): Generator<Bytes> {
  need(body.length >= 74, 'TRUNCATED');
  const head = body.subarray(0, 42);
  const derive = (key: Bytes, purpose: Bytes, length: number): Bytes =>
    hmac(sha384, key, cat(head, purpose, coreHash, uint(1, 1))).slice(0, length);
  const isGenuine = equal(derive(bodyKey, ascii('HEADER_TAG:'), 32), body.subarray(42, 74));
  need(isGenuine && equal(head.subarray(0, 10), cat(uint(size, 6), uint(32, 4))), 'AUTHENTICATION_FAILED');
  const messageKey = derive(bodyKey, ascii('MESSAGE_KEY:'), 48);
  for (let at = 74, p = 0, isLast = false; !isLast; p += 1, at += size) {
    need(body.length - at >= 32, 'TRUNCATED');
    const n = number(body.subarray(at, at + 4));
    isLast = n !== 0xffffffff;
    const segment = body.subarray(at, at + (isLast ? Math.min(n, size) : size));
    need(segment.length === (isLast ? Math.min(n, size) : size), 'TRUNCATED');
    need(!isLast || (n >= 32 && n <= size), 'AUTHENTICATION_FAILED');
    if (isLast) checkRest(body.subarray(at + n), body.subarray(0, at + n));
    const key = derive(messageKey, cat(ascii('DEK:'), uint(p - (p % 2 ** 20), 8)), 32);
    yield openAead(gcm, key, segment.subarray(4, 16), cat(uint(p, 8), uint(isLast ? 1 : 0, 1)), segment.subarray(16));
  }
}

// Sections 1, 3 and 7.
function* open(bytes: Bytes, input: ReaderInput): Generator<Bytes> {
  const take = taker(bytes, 'TRUNCATED');
  const limited = (most: number): Bytes => {
    const length = number(take(4));
    need(length <= most, 'LIMIT');
    return take(length);
  };
  const magic = Buffer.from(take(4)).toString('latin1');
  need(magic === 'QV1\0', magic.startsWith('QV') ? 'UNSUPPORTED' : 'MALFORMED');
  const coreBytes = limited(16384);
  const core = readCore(coreBytes);
  const recipientsBytes = limited(131072);
  const recipients = readRecipients(recipientsBytes);
  const tag = take(48);
  const place = [core.tenant ?? null, core.purpose ?? null, core.context ?? null];
  const wanted = [input.expected.tenant, input.expected.purpose, new Map(Object.entries(input.expected.context))];
  need(equal(cborOf(place), cborOf(wanted)), 'CONTEXT_MISMATCH');
  const isCnsa = recipients.every(({ fields }) => fields.suite === suites[1].name);
  need(input.profile !== 'cnsa-2.0' || isCnsa, 'UNSUPPORTED');
  const signer = expectedSigner(core.signer, input.signature);
  need(input.profile !== 'cnsa-2.0' || signer === undefined || signer.name === 'ML-DSA-87', 'UNSUPPORTED');
  const coreHash = sha384(cat(ascii('QV1 core'), uint(coreBytes.length, 4), coreBytes));
  const dataKey = unwrap(coreHash, recipients, input);
  const derive = (info: string, length: number): Bytes => hkdf(sha384, dataKey, coreHash, ascii(info), length);
  need(equal(hmac(sha384, derive('QV1 recipients', 48), recipientsBytes), tag), 'AUTHENTICATION_FAILED');
  const body = bytes.subarray(4 + 4 + coreBytes.length + 4 + recipientsBytes.length + 48);
  const checkRest: CheckRest = (rest, signed) => {
    if (core.signer === null) need(rest.length === 0, 'AUTHENTICATION_FAILED');
    else checkSignaturePart(rest, () => envelopeMessage(coreHash, signed), signer);
  };
  yield* openBody(derive('QV1 body', 32), coreHash, Number(core.segment), body, checkRest);
}

/** What comes out of an envelope, and the kind of failure that it ends with, if any. */
export function readEnvelope(bytes: Bytes, input: ReaderInput): { content: Bytes; failure: string | undefined } {
  const content: Bytes[] = [];
  try {
    for (const chunk of open(bytes, input)) content.push(chunk);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { content: cat(...content), failure: error.message };
  }
  return { content: cat(...content), failure: undefined };
}
