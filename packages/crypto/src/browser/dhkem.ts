import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { agreeRaw, curvePublicKey, generateCurveKey } from './kem-keys.ts';
import type { NativeKey } from './key-record.ts';

/*
 * DHKEM of RFC 9180 section 4.1, which OpenSSL performs when it is asked to encapsulate to a key of a curve.
 */

/** The KEM's number, and the hash of its HKDF; the shared secret is as long as that. */
const suites = {
  'P-256': { id: 0x10, hash: sha256 },
  'P-384': { id: 0x11, hash: sha384 },
  'P-521': { id: 0x12, hash: sha512 },
  x25519: { id: 0x20, hash: sha256 },
  x448: { id: 0x21, hash: sha512 },
} as const;
export type DhkemCurve = keyof typeof suites;

const utf8 = new TextEncoder();
const version = utf8.encode('HPKE-v1');

export const isDhkemCurve = (type: string): type is DhkemCurve => Object.hasOwn(suites, type);

/** ExtractAndExpand: erases the agreed point. */
function secretOfAgreement(curve: DhkemCurve, agreed: Uint8Array, context: readonly Uint8Array[]): Uint8Array {
  const { id, hash } = suites[curve];
  const suiteId = concatBytes(utf8.encode('KEM'), Uint8Array.of(0, id));
  const input = concatBytes(version, suiteId, utf8.encode('eae_prk'), agreed);
  const prk = extract(hash, input, new Uint8Array(0));
  const length = Uint8Array.of(0, hash.outputLen);
  const info = concatBytes(length, version, suiteId, utf8.encode('shared_secret'), ...context);
  const secret = expand(hash, prk, info, hash.outputLen);
  for (const bytes of [agreed, input, prk]) bytes.fill(0);
  return secret;
}

export function dhkemEncapsulate(
  curve: DhkemCurve,
  theirs: NativeKey,
): { ciphertext: Uint8Array; sharedKey: Uint8Array } {
  const ephemeral = generateCurveKey(curve);
  const enc = ephemeral.publicRaw;
  const sharedKey = secretOfAgreement(curve, agreeRaw(ephemeral, theirs), [enc, theirs.publicRaw]);
  return { ciphertext: enc.slice(), sharedKey };
}

export function dhkemDecapsulate(curve: DhkemCurve, ours: NativeKey, enc: Uint8Array): Uint8Array {
  return secretOfAgreement(curve, agreeRaw(ours, curvePublicKey(curve, enc)), [enc, ours.publicRaw]);
}
