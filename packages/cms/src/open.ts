import {
  CryptoError,
  gcmOpen,
  type HkdfInput,
  hkdfSha256,
  hkdfSha384,
  hkdfSha512,
  type SecretBytes,
  unwrapKey,
} from '@quantumvault/crypto';
import { berTag } from './ber.ts';
import { CmsError, need } from './errors.ts';
import { type CmsMessage, type KemRecipient, parseCms } from './message.ts';
import type { CmsKey } from './private-key.ts';

const aes256Gcm = '2.16.840.1.101.3.4.1.46';
const aes256Wrap = '2.16.840.1.101.3.4.1.45';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const noSalt = new Uint8Array(0);

/** RFC 8619. */
const kdfs: ReadonlyMap<string, (input: HkdfInput) => SecretBytes> = new Map([
  ['1.2.840.113549.1.9.16.3.28', hkdfSha256],
  ['1.2.840.113549.1.9.16.3.29', hkdfSha384],
  ['1.2.840.113549.1.9.16.3.30', hkdfSha512],
]);

/** CRY-1: 256-bit keys, 96-bit nonces and 128-bit tags alone. */
function needOffered({ encryption, nonce, tagLength, tag }: CmsMessage): void {
  need(encryption === aes256Gcm, 'CMS_UNSUPPORTED', 'the content is not encrypted with AES-256-GCM');
  const isSized = nonce.length === nonceBytes && tagLength === tagBytes;
  need(isSized, 'CMS_UNSUPPORTED', 'AES-256-GCM is read with nonces of 12 and tags of 16 bytes alone');
  need(tag.length === tagBytes, 'CMS_MALFORMED', 'the tag has another length than its parameters say');
}

/** RFC 9629 has no limit for keying material; the derivation takes no more than a kilobyte in all. */
const ukmBytesMax = 900;

/** One element of DER around its content, which has less than 64 kB. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const lengthBytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const whole = new Uint8Array(1 + lengthBytes.length + length);
  whole.set([tag, ...lengthBytes]);
  let at = 1 + lengthBytes.length;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** CMSORIforKEMOtherInfo (RFC 9629 section 5): what the wrapping key is bound to. */
function otherInfo({ wrapBytes, kekLength, ukm }: KemRecipient): Uint8Array {
  const length = der(berTag.integer, Uint8Array.of(kekLength));
  const material = ukm === undefined ? [] : [der(berTag.constructed(0), der(berTag.octetString, ukm))];
  return der(berTag.sequence, wrapBytes, length, ...material);
}

/** The data key, or undefined when this recipient is somebody else. */
function unwrap(recipient: KemRecipient, { key }: CmsKey): SecretBytes | undefined {
  const derive = kdfs.get(recipient.kdf);
  const isOffered = derive !== undefined && recipient.wrap === aes256Wrap && recipient.kekLength === keyBytes;
  need(isOffered, 'CMS_UNSUPPORTED', 'the recipient is not wrapped with HKDF and AES-256 key wrap');
  need((recipient.ukm?.length ?? 0) <= ukmBytesMax, 'CMS_LIMIT', `keying material has at most ${ukmBytesMax} bytes`);
  const isShort = recipient.wrapBytes.length <= 64;
  need(isShort, 'CMS_UNSUPPORTED', 'AES-256 key wrap has parameters that are not known');
  try {
    using ikm = key.decapsulate(recipient.encapsulated);
    using kek = derive({ ikm, salt: noSalt, info: otherInfo(recipient), length: keyBytes });
    return unwrapKey({ algorithm: 'AES-256-KW', kek, wrapped: recipient.wrappedKey });
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    // ML-KEM gives a secret for everything; only the wrapping tells that it was the wrong one.
    if (error.code === 'CRYPTO_AUTHENTICATION_FAILED') return undefined;
    throw new CmsError('CMS_MALFORMED', 'a recipient has an encapsulated or wrapped key of an impossible length', {
      cause: error,
    });
  }
}

/**
 * One recipient that is not offered, or broken, does not stand before the others that the key may open. What it was refused
 * for is said when none of them opened: the first such reason, which is in the open in the message and tells nothing of a key.
 */
function dataKeyOf({ recipients }: CmsMessage, keys: readonly CmsKey[]): SecretBytes {
  let refused: CmsError | undefined;
  for (const recipient of recipients) {
    if (recipient.type !== 'kem') continue;
    for (const key of keys) {
      if (key.kem !== recipient.kem) continue;
      try {
        const dataKey = unwrap(recipient, key);
        if (dataKey !== undefined) return dataKey;
      } catch (error) {
        if (!(error instanceof CmsError)) throw error;
        refused ??= error;
      }
    }
  }
  if (refused !== undefined) throw refused;
  throw new CmsError('CMS_KEY_NOT_FOUND', 'none of the keys at hand opens a recipient of this message');
}

/**
 * Opens a CMS message of type AuthEnvelopedData for the holder of a KEM key (RFC 5083, 9629, 9936): ML-KEM or a composite, HKDF,
 * AES-256 key wrap, AES-256-GCM. Recipients name their certificate, which is not asked for: each that is for the KEM of a key is
 * tried with it, and the wrapping notices a wrong one. Throws {@link CmsError} of every kind but CMS_KEY_INVALID.
 */
export function openCms(bytes: Uint8Array, { keys }: { readonly keys: readonly CmsKey[] }): Uint8Array {
  const message = parseCms(bytes);
  needOffered(message);
  using key = dataKeyOf(message, keys);
  need(key.length === keyBytes, 'CMS_UNSUPPORTED', 'the wrapped key is none for AES-256-GCM');
  const sealed = new Uint8Array(message.ciphertext.length + tagBytes);
  sealed.set(message.ciphertext);
  sealed.set(message.tag, message.ciphertext.length);
  try {
    return gcmOpen({ key, nonce: message.nonce, aad: message.additionalData, sealed });
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    const [code, sentence] =
      error.code === 'CRYPTO_LIMIT'
        ? (['CMS_LIMIT', 'the content is too large to be opened at once'] as const)
        : (['CMS_AUTHENTICATION_FAILED', 'the content, or what is bound to it, was changed'] as const);
    throw new CmsError(code, sentence, { cause: error });
  }
}
