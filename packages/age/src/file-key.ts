import { hkdfSha256, hmacSha256, SecretBytes } from '@quantumvault/crypto';
import { fileKeyBytes } from './recipients/stanza-key.ts';
import { asciiBytes } from './text/ascii.ts';

const noSalt = new Uint8Array(0);
/** Of the payload: it makes the key of a file's content another one even if a file key should come twice. */
export const payloadNonceBytes = 16;

/** 128 bits, as the format has it; each file has its own. */
export function newFileKey(): SecretBytes {
  return SecretBytes.random(fileKeyBytes);
}

export function headerMac(fileKey: SecretBytes, macInput: Uint8Array): Uint8Array {
  using key = hkdfSha256({ ikm: fileKey, salt: noSalt, info: asciiBytes('header'), length: 32 });
  return hmacSha256(key, macInput);
}

export function payloadKey(fileKey: SecretBytes, nonce: Uint8Array): SecretBytes {
  return hkdfSha256({ ikm: fileKey, salt: nonce, info: asciiBytes('payload'), length: 32 });
}
