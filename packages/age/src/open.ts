import { type ByteSource, constantTimeEqual, type SecretBytes } from '@quantumvault/crypto';
import { openAnyArmor, openArmor } from './armor/armor.ts';
import { AgeError, need } from './errors.ts';
import { headerMac, payloadKey, payloadNonceBytes } from './file-key.ts';
import { type AgeHeader, type AgeStanza, parseAgeHeader } from './header/header.ts';
import { SourceReader } from './header/source-reader.ts';
import { openPayload } from './payload/payload.ts';
import { scryptType } from './recipients/scrypt.ts';
import type { AgeIdentity } from './recipients/stanza-key.ts';

/** `armored` and `binary` accept no other form; `any` looks at the first byte. */
export type AgeForm = 'any' | 'armored' | 'binary';

export interface AgeOpenOptions {
  /** Tried in this order on the stanzas of their type. */
  readonly identities: readonly AgeIdentity[];
  readonly form: AgeForm;
}

/** Stanzas of X25519 name nobody, so all are tried; this bounds the work that one header can order. */
const attemptsMax = 8_192;

function binaryOf(source: ByteSource, form: AgeForm): ByteSource {
  if (form === 'binary') return source;
  return form === 'armored' ? openArmor(source) : openAnyArmor(source);
}

/** What the header of a file says. Nothing of it is checked but its form: show it, and decide nothing by it. */
export interface AgeHeaderFacts {
  readonly stanzas: readonly AgeStanza[];
  /** Before the payload, its nonce not counted; of the binary form. */
  readonly headerBytes: number;
  readonly isArmored: boolean;
}

/** Reads the header of a file, armored or not. Throws AGE_HEADER_MALFORMED, AGE_VERSION_UNSUPPORTED, AGE_ARMOR_MALFORMED. */
export async function readAgeHeader(source: ByteSource): Promise<AgeHeaderFacts> {
  let isArmored = false;
  const onForm = (form: 'armored' | 'binary'): void => {
    isArmored = form === 'armored';
  };
  const reader = new SourceReader(openAnyArmor(source, onForm));
  try {
    const bytes = await reader.header();
    return { stanzas: parseAgeHeader(bytes).stanzas, headerBytes: bytes.length, isArmored };
  } finally {
    await reader.close();
  }
}

/**
 * Opens an age v1 file as a stream, in constant memory. Each chunk that comes out is authentic; the content is whole only
 * when the stream ends without an error, so give a file its name then and not before. Throws {@link AgeError} of every kind
 * but AGE_KEY_INVALID and AGE_RECIPIENTS_MIXED, and whatever the source throws.
 */
export async function* openAge(
  source: ByteSource,
  { identities, form }: AgeOpenOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new SourceReader(binaryOf(source, form));
  try {
    const header = parseAgeHeader(await reader.header());
    using fileKey = await unwrap(header, identities);
    const isGenuine = constantTimeEqual(headerMac(fileKey, header.macInput), header.mac);
    need(isGenuine, 'AGE_HEADER_FORGED', 'the header was changed by somebody without the file key');
    const nonce = await reader.take(payloadNonceBytes);
    need(nonce.length === payloadNonceBytes, 'AGE_HEADER_MALFORMED', 'the file ends before the nonce of its content');
    using key = payloadKey(fileKey, nonce);
    yield* openPayload(key, reader.rest());
  } finally {
    await reader.close();
  }
}

async function unwrap({ stanzas }: AgeHeader, identities: readonly AgeIdentity[]): Promise<SecretBytes> {
  const isAlone = stanzas.length === 1 || stanzas.every(({ type }) => type !== scryptType);
  need(isAlone, 'AGE_HEADER_MALFORMED', 'a passphrase shares its file with other recipients');
  let attempts = 0;
  for (const identity of identities) {
    for (const stanza of stanzas) {
      if (stanza.type !== identity.type) continue;
      attempts += 1;
      need(attempts <= attemptsMax, 'AGE_LIMIT', `at most ${attemptsMax} stanzas are tried`);
      const fileKey = await identity.unwrap(stanza);
      if (fileKey !== undefined) return fileKey;
    }
  }
  throw new AgeError('AGE_NO_MATCH', 'none of the keys at hand is a recipient of this file');
}
