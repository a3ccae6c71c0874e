/*
 * Keys as text (QV1-60 to QV1-63). A public recipient is `qv1...`, a secret key `QV-SECRET-KEY-` with its digit one; the first byte of
 * both says which suite the key is for. A key file holds secret keys and comments, one a line.
 */
import {
  generateRecipient,
  type HpkeSuiteId,
  hpkeSuite,
  hpkeSuiteCategory5,
  hpkeSuiteCnsa,
  importRecipient,
  recipientPublicKey,
  SecretBytes,
  secretAccess,
  sha256,
} from '@quantumvault/crypto';
import { EnvelopeError, need } from '../errors.ts';
import type { HpkeOpeningKey } from '../recipients/hpke.ts';
import { decodeBech32m, encodeBech32m } from './bech32m.ts';
import { keyFileOf, readKeyLines } from './lines.ts';

/** A public key that envelopes can be sealed to, and the name under which its private half is found again. */
export interface PublicRecipient {
  /** Registry id. */
  readonly suite: string;
  readonly publicKey: Uint8Array;
  readonly keyId: string;
  readonly keyVersion: number;
}

/** A new key: its public side, and the secret to keep. */
export interface GeneratedKey {
  readonly recipient: PublicRecipient;
  readonly secretKey: SecretBytes;
}

const prefixes = { recipient: 'qv', secretKey: 'qv-secret-key-' } as const;
/** Numbers are never used again. */
const suiteNumbers = [
  { number: 1, suite: hpkeSuite, publicKeyBytes: 1216, secretKeyBytes: 32 },
  { number: 2, suite: hpkeSuiteCnsa, publicKeyBytes: 1568, secretKeyBytes: 64 },
  { number: 3, suite: hpkeSuiteCategory5, publicKeyBytes: 1665, secretKeyBytes: 32 },
] as const;

const utf8 = new TextEncoder();
const ascii = new TextDecoder('ascii');
const fingerprintLabel = utf8.encode('QV1 key');
const fingerprintBytes = 16;

type KnownSuite = (typeof suiteNumbers)[number];

function knownSuite(isIt: (known: KnownSuite) => boolean): KnownSuite {
  const found = suiteNumbers.find(isIt);
  if (found === undefined) throw new EnvelopeError('ENVELOPE_UNSUPPORTED', 'the key is for a suite that is not known');
  return found;
}

function withNumber(number: number, key: Uint8Array): Uint8Array {
  const payload = new Uint8Array(1 + key.length);
  payload[0] = number;
  payload.set(key, 1);
  return payload;
}

/** A stand-alone key is named by a digest of itself, and has one version. */
function recipientOf({ number, suite }: KnownSuite, publicKey: Uint8Array): PublicRecipient {
  const digest = sha256(new Uint8Array([...fingerprintLabel, ...withNumber(number, publicKey)]));
  const fingerprint = Array.from(digest.subarray(0, fingerprintBytes), (byte) => byte.toString(16).padStart(2, '0'));
  return { suite, publicKey, keyId: fingerprint.join(''), keyVersion: 1 };
}

/** Makes a key pair. */
export function generateKey(suite: HpkeSuiteId = hpkeSuite): GeneratedKey {
  const { publicKey, privateKey } = generateRecipient(suite);
  const known = knownSuite((candidate) => candidate.suite === suite);
  return { recipient: recipientOf(known, publicKey), secretKey: privateKey };
}

/** `qv1...` */
export function formatRecipient({ suite, publicKey }: PublicRecipient): string {
  const { number } = knownSuite((candidate) => candidate.suite === suite);
  return ascii.decode(encodeBech32m(prefixes.recipient, withNumber(number, publicKey)));
}

/** Reads `qv1...`. Throws MALFORMED for text that was miscopied and UNSUPPORTED for a suite of a later version. */
export function parseRecipient(text: string): PublicRecipient {
  need(/^[\x21-\x7e]+$/.test(text), 'ENVELOPE_MALFORMED', 'a recipient is one word of ASCII characters');
  const payload = decodeBech32m(prefixes.recipient, utf8.encode(text));
  const known = knownSuite(({ number }) => number === payload[0]);
  need(
    payload.length === 1 + known.publicKeyBytes,
    'ENVELOPE_MALFORMED',
    'the recipient has another length than its suite',
  );
  return recipientOf(known, payload.slice(1));
}

/** The text of a key file: comments with the public recipient, and the secret key. The caller erases it. */
export function formatKeyFile({ recipient, secretKey }: GeneratedKey, createdAt: string): Uint8Array {
  const { number } = knownSuite(({ suite }) => suite === recipient.suite);
  const payload = secretKey.open(secretAccess, (bytes) => withNumber(number, bytes));
  const secret = encodeBech32m(prefixes.secretKey, payload);
  payload.fill(0);
  const comments = [`QuantumVault key, created ${createdAt}`, `recipient: ${formatRecipient(recipient)}`];
  const file = keyFileOf(comments, secret);
  secret.fill(0);
  return file;
}

function parseSecretKey(line: Uint8Array): HpkeOpeningKey {
  const payload = decodeBech32m(prefixes.secretKey, line);
  const known = knownSuite(({ number }) => number === payload[0]);
  using seed = SecretBytes.take(payload.subarray(1));
  need(seed.length === known.secretKeyBytes, 'ENVELOPE_MALFORMED', 'the secret key has another length than its suite');
  const { keyId, keyVersion } = recipientOf(known, recipientPublicKey(seed, known.suite));
  return { type: 'hpke', keyId, keyVersion, key: importRecipient(seed, known.suite) };
}

/** Reads the secret keys of a key file; the caller erases the bytes. Throws MALFORMED, UNSUPPORTED and LIMIT. */
export function parseKeyFile(file: Uint8Array): readonly HpkeOpeningKey[] {
  return readKeyLines(file, parseSecretKey);
}
