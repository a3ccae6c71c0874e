/*
 * Who signs and who signed (QV1-80 to QV1-83). A signer is an algorithm and a public key, named by a fingerprint over
 * both, so that no signature can be taken for one of another algorithm. The private half may be in this process, in a
 * key backend or in a device: all that is asked of it is to sign some bytes.
 */
import { importVerifyKey, type SignatureAlgorithm, type SigningKey, sha256 } from '@quantumvault/crypto';
import { asEnvelopeError } from '../errors.ts';

/** A public key that signatures are checked with. */
export interface PublicSigner {
  readonly algorithm: SignatureAlgorithm;
  /** As its algorithm encodes it (raw, see `SigningKeyPair`). */
  readonly publicKey: Uint8Array;
  /** 32 bytes, which stand in the core of each envelope that it signs. */
  readonly fingerprint: Uint8Array;
}

/** Something that can sign for a {@link PublicSigner}. */
export interface EnvelopeSigner {
  readonly signer: PublicSigner;
  /** The signature over these bytes, which are less than 20 KiB. What it throws passes unchanged. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/**
 * What a reader wants of the signature. It has no default that takes a signed envelope: whoever does not ask for the
 * signature says so (QV1-17).
 *
 * - `signers`: the envelope is signed by one of these, and the signature is genuine.
 * - `unchecked`: signed or not, nothing is checked.
 */
export type SignatureDemand = { readonly signers: readonly PublicSigner[] } | 'unchecked';

const utf8 = new TextEncoder();
const fingerprintLabel = utf8.encode('QV1 signer');

/** QV1-80: length and name of the algorithm, then the key. */
export function signerPayload(algorithm: string, key: Uint8Array): Uint8Array {
  const name = utf8.encode(algorithm);
  const payload = new Uint8Array(1 + name.length + key.length);
  payload[0] = name.length;
  payload.set(name, 1);
  payload.set(key, 1 + name.length);
  return payload;
}

/** A signer from its parts. Throws MALFORMED when the key is none of that algorithm. */
export function publicSigner(algorithm: SignatureAlgorithm, publicKey: Uint8Array): PublicSigner {
  try {
    importVerifyKey({ algorithm, publicKey });
  } catch (error) {
    throw asEnvelopeError(error);
  }
  const payload = signerPayload(algorithm, publicKey);
  const fingerprint = sha256(new Uint8Array([...fingerprintLabel, ...payload]));
  return { algorithm, publicKey, fingerprint };
}

/** Signs with a key of this process. The key stays the caller's to dispose of. */
export function signerOfKey(key: SigningKey): EnvelopeSigner {
  return { signer: publicSigner(key.algorithm, key.publicKey), sign: (message) => key.signAsync(message) };
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** The signer of this fingerprint among those that the caller trusts. */
export function findSigner(signers: readonly PublicSigner[], fingerprint: Uint8Array): PublicSigner | undefined {
  return signers.find((signer) => sameBytes(signer.fingerprint, fingerprint));
}
