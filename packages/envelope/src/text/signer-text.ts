/*
 * Signing keys as text (QV1-80 to QV1-83): public signers are `qvs1...`, secret signing keys `QV-SIGNING-KEY-` with its digit
 * one. The payload names the algorithm by its registry id, so an algorithm that comes later needs no new number.
 */
import {
  generateSigningKeyAsync,
  importSigningKey,
  SecretBytes,
  type SignatureAlgorithm,
  type SigningKey,
  secretAccess,
  signatureAlgorithms,
} from '@quantumvault/crypto';
import { asEnvelopeError, EnvelopeError, need } from '../errors.ts';
import { type PublicSigner, publicSigner, signerPayload } from '../signature/signer.ts';
import { decodeBech32m, encodeBech32m } from './bech32m.ts';
import { keyFileOf, readKeyLines } from './lines.ts';

/** A new signing key: its public side, and the secret to keep. */
export interface GeneratedSigner {
  readonly signer: PublicSigner;
  readonly privateKey: SecretBytes;
}

const prefixes = { signer: 'qvs', signingKey: 'qv-signing-key-' } as const;
const utf8 = new TextEncoder();
const ascii = new TextDecoder('ascii');

/** ENV-7: both halves must be forged, and one of them has been attacked for a long time. */
export const signingAlgorithmDefault: SignatureAlgorithm = 'MLDSA65-Ed25519-SHA512';

/** Makes a signing key, on a thread where that takes long. */
export async function generateSigner(
  algorithm: SignatureAlgorithm = signingAlgorithmDefault,
): Promise<GeneratedSigner> {
  const { publicKey, privateKey } = await generateSigningKeyAsync(algorithm);
  return { signer: publicSigner(algorithm, publicKey), privateKey };
}

/** `qvs1...` */
export function formatSigner({ algorithm, publicKey }: PublicSigner): string {
  return ascii.decode(encodeBech32m(prefixes.signer, signerPayload(algorithm, publicKey)));
}

/** The algorithm of a payload, and where its key begins. */
function algorithmOf(payload: Uint8Array): { algorithm: SignatureAlgorithm; keyAt: number } {
  const keyAt = 1 + (payload[0] ?? 0);
  need(payload.length > keyAt, 'ENVELOPE_MALFORMED', 'the text of the signing key ends too early');
  const name = ascii.decode(payload.subarray(1, keyAt));
  const algorithm = signatureAlgorithms.find((known) => known === name);
  if (algorithm !== undefined) return { algorithm, keyAt };
  throw new EnvelopeError('ENVELOPE_UNSUPPORTED', 'the signing key is for an algorithm that is not known');
}

/** Reads `qvs1...`. Throws MALFORMED for text that was miscopied and UNSUPPORTED for an unknown algorithm. */
export function parseSigner(text: string): PublicSigner {
  need(/^[\x21-\x7e]+$/.test(text), 'ENVELOPE_MALFORMED', 'a signer is one word of ASCII characters');
  const payload = decodeBech32m(prefixes.signer, utf8.encode(text));
  const { algorithm, keyAt } = algorithmOf(payload);
  return publicSigner(algorithm, payload.slice(keyAt));
}

/** The text of a file with a signing key: comments with the public signer, and the secret. The caller erases it. */
export function formatSigningKeyFile({ signer, privateKey }: GeneratedSigner, createdAt: string): Uint8Array {
  const payload = privateKey.open(secretAccess, (bytes) => signerPayload(signer.algorithm, bytes));
  const secret = encodeBech32m(prefixes.signingKey, payload);
  payload.fill(0);
  const comments = [
    `QuantumVault signing key, ${signer.algorithm}, created ${createdAt}`,
    `signer: ${formatSigner(signer)}`,
  ];
  const file = keyFileOf(comments, secret);
  secret.fill(0);
  return file;
}

function parseSigningKey(line: Uint8Array): SigningKey {
  const payload = decodeBech32m(prefixes.signingKey, line);
  try {
    const { algorithm, keyAt } = algorithmOf(payload);
    using privateKey = SecretBytes.take(payload.subarray(keyAt));
    return importSigningKey({ algorithm, privateKey });
  } catch (error) {
    throw asEnvelopeError(error);
  } finally {
    payload.fill(0);
  }
}

/** Reads the signing keys of a file; the caller erases the bytes. Throws MALFORMED, UNSUPPORTED and LIMIT. */
export function parseSigningKeyFile(file: Uint8Array): readonly SigningKey[] {
  return readKeyLines(file, parseSigningKey);
}
