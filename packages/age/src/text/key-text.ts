/*
 * Keys as text (C2SP age.md). A recipient is `age1...` or, post-quantum, `age1pq1...`, in lower case; an identity is
 * `AGE-SECRET-KEY-1...` or `AGE-SECRET-KEY-PQ-1...`, in upper case. Identity files hold one a line, and comments.
 */
import { Bech32Error, decodeBech32, encodeBech32 } from '@quantumvault/bech32';
import { SecretBytes, secretAccess } from '@quantumvault/crypto';
import { AgeError, need } from '../errors.ts';
import { hybridIdentity, hybridPublicKey, hybridRecipient } from '../recipients/hybrid.ts';
import type { AgeIdentity, AgeRecipient } from '../recipients/stanza-key.ts';
import { x25519Bytes, x25519Identity, x25519PublicKey, x25519Recipient } from '../recipients/x25519.ts';
import { asciiBytes, asciiText, joined } from './ascii.ts';

/** `hybrid` is ML-KEM-768 with X25519; `x25519` is what versions of age before 1.3 know. */
export type AgeKeyType = 'hybrid' | 'x25519';

interface KeyForm {
  readonly type: AgeKeyType;
  readonly recipientPrefix: string;
  readonly identityPrefix: string;
  readonly publicKeyBytes: number;
  readonly publicKeyOf: (secret: SecretBytes) => Uint8Array;
  readonly recipient: (publicKey: Uint8Array) => AgeRecipient;
  /** Takes the secret over. */
  readonly identity: (secret: SecretBytes) => AgeIdentity;
}

const secretBytes = 32;
/** The longer prefixes come first, because the shorter ones are their beginnings. */
const forms: readonly KeyForm[] = [
  {
    type: 'hybrid',
    recipientPrefix: 'age1pq',
    identityPrefix: 'age-secret-key-pq-',
    publicKeyBytes: 1_216,
    publicKeyOf: hybridPublicKey,
    recipient: hybridRecipient,
    identity: hybridIdentity,
  },
  {
    type: 'x25519',
    recipientPrefix: 'age',
    identityPrefix: 'age-secret-key-',
    publicKeyBytes: x25519Bytes,
    publicKeyOf: x25519PublicKey,
    recipient: x25519Recipient,
    identity: x25519Identity,
  },
];
const identityFileLimits = { bytes: 65_536, identities: 64 } as const;

/** A new key: the text to give away and the secret to keep. */
export interface GeneratedAgeKey {
  readonly recipient: string;
  readonly type: AgeKeyType;
  readonly secretKey: SecretBytes;
}

function decoded(prefix: string, text: Uint8Array, lengthWanted: number): Uint8Array {
  try {
    const bytes = decodeBech32('bech32', prefix, text);
    if (bytes.length === lengthWanted) return bytes;
    bytes.fill(0);
  } catch (error) {
    if (!(error instanceof Bech32Error)) throw error;
    throw new AgeError('AGE_KEY_INVALID', error.message, { cause: error });
  }
  throw new AgeError('AGE_KEY_INVALID', 'the key has another length than its type');
}

const startsWith = (text: Uint8Array, start: string): boolean => asciiText(text.subarray(0, start.length)) === start;

/** Reads `age1...` and `age1pq1...`. Throws AGE_KEY_INVALID for a miscopied text and for other types, such as plugins. */
export function parseAgeRecipient(text: string): AgeRecipient {
  need(/^[\x21-\x7e]+$/.test(text), 'AGE_KEY_INVALID', 'a recipient is one word of ASCII characters');
  const bytes = asciiBytes(text);
  const form = forms.find(({ recipientPrefix }) => text.startsWith(`${recipientPrefix}1`));
  if (form === undefined || /[A-Z]/.test(text)) {
    throw new AgeError('AGE_KEY_INVALID', 'a recipient of age begins with age1 or age1pq1');
  }
  return form.recipient(decoded(form.recipientPrefix, bytes, form.publicKeyBytes));
}

function parseIdentity(line: Uint8Array): AgeIdentity {
  const form = forms.find(({ identityPrefix }) => startsWith(line, `${identityPrefix.toUpperCase()}1`));
  if (form === undefined) {
    throw new AgeError('AGE_KEY_INVALID', 'an identity of age begins with AGE-SECRET-KEY-1 or AGE-SECRET-KEY-PQ-1');
  }
  return form.identity(SecretBytes.take(decoded(form.identityPrefix, line, secretBytes)));
}

/** Reads the identities of a file; the caller erases the bytes. Throws AGE_KEY_INVALID and AGE_LIMIT. */
export function parseAgeIdentityFile(file: Uint8Array): readonly AgeIdentity[] {
  const { bytes: bytesMax, identities: identitiesMax } = identityFileLimits;
  need(file.length <= bytesMax, 'AGE_LIMIT', `an identity file has at most ${bytesMax} bytes`);
  const identities: AgeIdentity[] = [];
  for (let start = 0; start < file.length; ) {
    const found = file.indexOf(0x0a, start);
    const end = found === -1 ? file.length : found;
    const line = file.subarray(start, file[end - 1] === 0x0d && end > start ? end - 1 : end);
    start = end + 1;
    if (line.length === 0 || line[0] === 0x23) continue; // '#'
    need(identities.length < identitiesMax, 'AGE_LIMIT', `an identity file has at most ${identitiesMax} identities`);
    identities.push(parseIdentity(line));
  }
  need(identities.length > 0, 'AGE_KEY_INVALID', 'the identity file has no identity');
  return identities;
}

/** Makes a key pair. */
export function generateAgeKey(type: AgeKeyType): GeneratedAgeKey {
  const secretKey = SecretBytes.random(secretBytes);
  return { type, secretKey, recipient: recipientText(type, secretKey) };
}

function formOf(type: AgeKeyType): KeyForm {
  const form = forms.find((candidate) => candidate.type === type);
  if (form === undefined) throw new AgeError('AGE_KEY_INVALID', 'the type of the key is hybrid or x25519');
  return form;
}

function recipientText(type: AgeKeyType, secret: SecretBytes): string {
  const { recipientPrefix, publicKeyOf } = formOf(type);
  return asciiText(encodeBech32('bech32', recipientPrefix, publicKeyOf(secret)));
}

/** The text of an identity file, as `age-keygen` writes it. The caller erases it. */
export function formatAgeIdentityFile({ recipient, type, secretKey }: GeneratedAgeKey, createdAt: string): Uint8Array {
  const comment = asciiBytes(`# created: ${createdAt}\n# public key: ${recipient}\n`);
  const text = secretKey.open(secretAccess, (bytes) => encodeBech32('bech32', formOf(type).identityPrefix, bytes));
  const upper = text.map((character) => (character >= 0x61 && character <= 0x7a ? character - 0x20 : character));
  const file = joined([comment, upper, Uint8Array.of(0x0a)]);
  text.fill(0);
  upper.fill(0);
  return file;
}
