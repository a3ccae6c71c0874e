/** The classical recipient type of age: ephemeral X25519. Whoever records such a file today may read it with a quantum computer. */
import { agreementPublicKey, agreeOnSecret, CryptoError, hkdfSha256, SecretBytes } from '@quantumvault/crypto';
import { AgeError } from '../errors.ts';
import type { AgeStanza } from '../header/header.ts';
import { asciiBytes, asciiText, joined } from '../text/ascii.ts';
import { encodeBase64 } from '../text/base64.ts';
import { type AgeIdentity, type AgeRecipient, needShare, unwrapBody, wrapBody } from './stanza-key.ts';

const type = 'X25519';
const algorithm = 'x25519';
const info = asciiBytes('age-encryption.org/v1/X25519');
export const x25519Bytes = 32;

export function x25519PublicKey(privateKey: SecretBytes): Uint8Array {
  return agreementPublicKey({ algorithm, privateKey });
}

/** Both sides derive the key from what they share, the share of the sender and the public key of the recipient. */
function wrapKey(privateKey: SecretBytes, peer: Uint8Array, salt: Uint8Array): SecretBytes {
  using ikm = agreeOnSecret({ algorithm, privateKey, peer });
  return hkdfSha256({ ikm, salt, info, length: 32 });
}

/** The recipient with this public key. */
export function x25519Recipient(publicKey: Uint8Array): AgeRecipient {
  return {
    isPostQuantum: false,
    wrap(fileKey) {
      using ephemeral = SecretBytes.random(x25519Bytes);
      const share = x25519PublicKey(ephemeral);
      using key = wrapKey(ephemeral, publicKey, joined([share, publicKey]));
      const args = [asciiText(encodeBase64(share, { isPadded: false }))];
      return { type, args, body: wrapBody(key, fileKey) };
    },
  };
}

/** The identity with this secret, 32 bytes, which it keeps until it is disposed of. */
export function x25519Identity(secret: SecretBytes): AgeIdentity {
  const publicKey = x25519PublicKey(secret);
  return {
    type,
    unwrap(stanza: AgeStanza) {
      const share = needShare(stanza, { argumentCount: 1, shareBytes: x25519Bytes });
      needOrder(share);
      using key = wrapKey(secret, share, joined([share, publicKey]));
      return unwrapBody(key, stanza);
    },
    [Symbol.dispose]: () => secret.dispose(),
  };
}

/** A share of low order gives every key the same secret, which everybody knows. Throws AGE_HEADER_MALFORMED. */
export function needOrder(share: Uint8Array): void {
  using privateKey = SecretBytes.random(x25519Bytes);
  try {
    using _ = agreeOnSecret({ algorithm, privateKey, peer: share });
  } catch (error) {
    if (!(error instanceof CryptoError) || error.code !== 'CRYPTO_KEY_INVALID') throw error;
    throw new AgeError('AGE_HEADER_MALFORMED', 'the share of a stanza is a point of low order', { cause: error });
  }
}
