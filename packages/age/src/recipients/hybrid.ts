/**
 * The post-quantum recipient type of age: HPKE base mode with X-Wing (ML-KEM-768 and X25519). Both halves are needed to open
 * (CRY-4): a changed ML-KEM half gives another secret, which the body does not open under, and an X25519 half of low order is
 * refused.
 */
import { hpkeSeal, importRecipient, recipientPublicKey, type SecretBytes, secretAccess } from '@quantumvault/crypto';
import type { AgeStanza } from '../header/header.ts';
import { asciiBytes, asciiText } from '../text/ascii.ts';
import { encodeBase64 } from '../text/base64.ts';
import { type AgeIdentity, type AgeRecipient, needShare, unlessForged } from './stanza-key.ts';
import { needOrder } from './x25519.ts';

const hybridSuite = 'HPKE-X-WING-HKDF-SHA256-CHACHA20-POLY1305';
const type = 'mlkem768x25519';
const info = asciiBytes('age-encryption.org/mlkem768x25519');
const aad = new Uint8Array(0);
const shareBytes = 1_120;
/** Where the share of X25519 begins, behind the ciphertext of ML-KEM. */
const classicalAt = 1_088;

export function hybridPublicKey(secret: SecretBytes): Uint8Array {
  return recipientPublicKey(secret, hybridSuite);
}

/** The recipient with this public key, 1216 bytes. */
export function hybridRecipient(publicKey: Uint8Array): AgeRecipient {
  return {
    isPostQuantum: true,
    wrap(fileKey) {
      const { enc, ciphertext } = fileKey.open(secretAccess, (plaintext) =>
        hpkeSeal({ suite: hybridSuite, publicKey, info, aad, plaintext }),
      );
      return { type, args: [asciiText(encodeBase64(enc, { isPadded: false }))], body: ciphertext };
    },
  };
}

/** The identity with this seed, 32 bytes; the seed is disposed of. */
export function hybridIdentity(secret: SecretBytes): AgeIdentity {
  const own = importRecipient(secret, hybridSuite);
  secret.dispose();
  return {
    type,
    unwrap(stanza: AgeStanza) {
      const enc = needShare(stanza, { argumentCount: 1, shareBytes });
      const fileKey = unlessForged(() => own.open({ suite: hybridSuite, enc, info, aad, ciphertext: stanza.body }));
      // HPKE does not tell why a message does not open; age wants this reason told from a wrong key.
      if (fileKey === undefined) needOrder(enc.subarray(classicalAt));
      return fileKey;
    },
    [Symbol.dispose]: () => own.dispose(),
  };
}
