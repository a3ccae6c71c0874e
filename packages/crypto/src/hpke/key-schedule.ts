import { nativeHmacSha256 } from '../native/hash.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';

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

const hashBytes = 32; // Nh of HKDF-SHA-256
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

/** HKDF-Extract (RFC 5869 section 2.2) with SHA-256; `ikm` is the concatenation of the parts. */
export function hkdfExtract(salt: Uint8Array, ikm: readonly Uint8Array[]): Uint8Array {
  return nativeHmacSha256(salt, ikm);
}

/** HKDF-Expand (RFC 5869 section 2.3) with SHA-256; at most 255 blocks, which the callers of this file never reach. */
export function hkdfExpand(prk: Uint8Array, info: readonly Uint8Array[], length: number): Uint8Array {
  const out = new Uint8Array(length);
  let previous: Uint8Array = empty;
  for (let offset = 0, counter = 1; offset < length; offset += hashBytes, counter++) {
    const block = nativeHmacSha256(prk, [previous, ...info, new Uint8Array([counter])]);
    previous.fill(0);
    out.set(block.subarray(0, Math.min(hashBytes, length - offset)), offset);
    previous = block;
  }
  previous.fill(0);
  return out;
}

function labeledExtract(suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
  return hkdfExtract(salt, [version, suite, utf8.encode(label), ikm]);
}

function labeledExpand(
  suite: Uint8Array,
  prk: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  return hkdfExpand(prk, [new Uint8Array(u16(length)), version, suite, utf8.encode(label), info], length);
}

/**
 * The HPKE key schedule of base mode with HKDF-SHA-256 (RFC 9180 section 5.1): no pre-shared key, no sender's key.
 * The ids are an argument so that published answers of sibling suites can run through the same lines.
 */
export function hpkeKeySchedule(ids: HpkeIds, sharedSecret: SecretBytes, info: Uint8Array): HpkeKeys {
  const suite = suiteId(ids);
  const pskIdHash = labeledExtract(suite, empty, 'psk_id_hash', empty);
  const infoHash = labeledExtract(suite, empty, 'info_hash', info);
  const context = new Uint8Array([modeBase, ...pskIdHash, ...infoHash]);
  const secret = sharedSecret.open(secretAccess, (raw) => labeledExtract(suite, raw, 'secret', empty));
  const keys = {
    key: SecretBytes.take(labeledExpand(suite, secret, 'key', context, keyBytes)),
    baseNonce: labeledExpand(suite, secret, 'base_nonce', context, nonceBytes),
    exporterSecret: SecretBytes.take(labeledExpand(suite, secret, 'exp', context, hashBytes)),
  };
  secret.fill(0);
  return keys;
}
