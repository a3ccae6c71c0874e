import { nativeHmacSha256, nativeHmacSha384, nativeHmacSha512, nativeShake128, nativeShake256 } from '#native/hash';
import { CryptoError } from '../errors.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { vettedTurboShake } from '../vetted/turboshake.ts';

/** The numbers that name an HPKE suite (RFC 9180 section 7, IANA HPKE registry). */
export interface HpkeIds {
  readonly kem: number;
  readonly kdf: number;
  readonly aead: number;
}

/** What base mode derives for one pair of `enc` and `info`. */
export interface HpkeKeys {
  readonly key: SecretBytes;
  readonly baseNonce: Uint8Array;
  readonly exporterSecret: SecretBytes;
}

const keyBytes = 32; // Nk of AES-256-GCM and of ChaCha20-Poly1305
const nonceBytes = 12; // Nn of both
const modeBase = 0x00;

const utf8 = new TextEncoder();
const version = utf8.encode('HPKE-v1');
const empty = new Uint8Array(0);

function u16(value: number): [number, number] {
  return [(value >> 8) & 0xff, value & 0xff];
}

function suiteId(ids: HpkeIds): Uint8Array {
  return new Uint8Array([...utf8.encode('HPKE'), ...u16(ids.kem), ...u16(ids.kdf), ...u16(ids.aead)]);
}

type Hmac = (key: Uint8Array, parts: readonly Uint8Array[]) => Uint8Array;

interface Hash {
  readonly hmac: Hmac;
  readonly bytes: number; // Nh
}

const sha256: Hash = { hmac: nativeHmacSha256, bytes: 32 };
const hashes: ReadonlyMap<number, Hash> = new Map([
  [0x0001, sha256],
  [0x0002, { hmac: nativeHmacSha384, bytes: 48 }],
  [0x0003, { hmac: nativeHmacSha512, bytes: 64 }],
]);

/** Functions with any length of output, which need no second stage (draft-ietf-hpke-pq). */
interface Xof {
  readonly squeeze: (bytes: Uint8Array, length: number) => Uint8Array;
  readonly bytes: number; // Nh
}

const xofs: ReadonlyMap<number, Xof> = new Map([
  [0x0010, { squeeze: nativeShake128, bytes: 32 }],
  [0x0011, { squeeze: nativeShake256, bytes: 64 }],
  [0x0012, { squeeze: (bytes, length) => vettedTurboShake(128, bytes, length), bytes: 32 }],
  [0x0013, { squeeze: (bytes, length) => vettedTurboShake(256, bytes, length), bytes: 64 }],
]);

/** HKDF-Extract (RFC 5869 section 2.2); `ikm` is the concatenation of the parts. */
export function hkdfExtract(salt: Uint8Array, ikm: readonly Uint8Array[], { hmac }: Hash = sha256): Uint8Array {
  return hmac(salt, ikm);
}

/** HKDF-Expand (RFC 5869 section 2.3); at most 255 blocks, which the callers of this file never reach. */
export function hkdfExpand(
  prk: Uint8Array,
  info: readonly Uint8Array[],
  length: number,
  { hmac, bytes }: Hash = sha256,
): Uint8Array {
  const out = new Uint8Array(length);
  let previous: Uint8Array = empty;
  for (let offset = 0, counter = 1; offset < length; offset += bytes, counter++) {
    const block = hmac(prk, [previous, ...info, new Uint8Array([counter])]);
    previous.fill(0);
    out.set(block.subarray(0, Math.min(bytes, length - offset)), offset);
    previous = block;
  }
  previous.fill(0);
  return out;
}

/**
 * The HPKE key schedule of base mode (RFC 9180 section 5.1): no pre-shared key, no sender's key. The ids are an argument
 * so that published answers of every suite run through the same lines. Throws CRYPTO_SUITE_UNSUPPORTED.
 */
export function hpkeKeySchedule(ids: HpkeIds, sharedSecret: SecretBytes, info: Uint8Array): HpkeKeys {
  const hash = hashes.get(ids.kdf);
  if (hash !== undefined) return twoStages(suiteId(ids), hash, sharedSecret, info);
  const xof = xofs.get(ids.kdf);
  if (xof !== undefined) return oneStage(suiteId(ids), xof, sharedSecret, info);
  throw new CryptoError('CRYPTO_SUITE_UNSUPPORTED', 'the KDF of the HPKE suite is not offered');
}

function twoStages(suite: Uint8Array, hash: Hash, sharedSecret: SecretBytes, info: Uint8Array): HpkeKeys {
  const extract = (salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array =>
    hkdfExtract(salt, [version, suite, utf8.encode(label), ikm], hash);
  const expand = (prk: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array =>
    hkdfExpand(prk, [new Uint8Array(u16(length)), version, suite, utf8.encode(label), context], length, hash);
  const pskIdHash = extract(empty, 'psk_id_hash', empty);
  const infoHash = extract(empty, 'info_hash', info);
  const context = new Uint8Array([modeBase, ...pskIdHash, ...infoHash]);
  const secret = sharedSecret.open(secretAccess, (raw) => extract(raw, 'secret', empty));
  const keys = {
    key: SecretBytes.take(expand(secret, 'key', context, keyBytes)),
    baseNonce: expand(secret, 'base_nonce', context, nonceBytes),
    exporterSecret: SecretBytes.take(expand(secret, 'exp', context, hash.bytes)),
  };
  secret.fill(0);
  return keys;
}

/** Everything from one squeeze; whatever has a variable length stands behind its length. */
function oneStage(suite: Uint8Array, { squeeze, bytes }: Xof, sharedSecret: SecretBytes, info: Uint8Array): HpkeKeys {
  const prefixed = (part: Uint8Array): Uint8Array => new Uint8Array([...u16(part.length), ...part]);
  const length = keyBytes + nonceBytes + bytes;
  const context = [modeBase, ...prefixed(empty), ...prefixed(info)];
  const rest = [...version, ...suite, ...prefixed(utf8.encode('secret')), ...u16(length), ...context];
  const input = sharedSecret.open(
    secretAccess,
    (raw) => new Uint8Array([...prefixed(empty), ...u16(raw.length), ...raw, ...rest]),
  );
  const secret = squeeze(input, length);
  input.fill(0);
  return {
    key: SecretBytes.take(secret.subarray(0, keyBytes)),
    baseNonce: secret.slice(keyBytes, keyBytes + nonceBytes),
    exporterSecret: SecretBytes.take(secret.subarray(keyBytes + nonceBytes)),
  };
}
