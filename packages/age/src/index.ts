/*
 * Files of age v1 (C2SP age.md), the bridge to a format that others read (ENV-8): for public keys, post-quantum or X25519, or
 * for a passphrase; binary or armored.
 *
 * The recommended way: `sealAge` to recipients of `parseAgeRecipient`, made with `generateAgeKey('hybrid')`, and `openAge` with the
 * identities of `parseAgeIdentityFile`. Both stream in constant memory. Give an output its name only when the stream has
 * ended without an error. Danger: age binds no context and does not commit its chunks to a key, so our own data is kept in
 * QV1 envelopes (packages/envelope). Stanzas of plugins and of SSH keys are passed over.
 */
export { AgeError, type AgeErrorCode } from './errors.ts';
export { type AgeHeader, type AgeStanza, encodeAgeHeader, headerLimits, parseAgeHeader } from './header/header.ts';
export {
  type AgeForm,
  type AgeHeaderFacts,
  type AgeOpenOptions,
  openAge,
  readAgeHeader,
} from './open.ts';
export { passphraseIdentity, scryptWorkFactors } from './recipients/scrypt.ts';
export type { AgeIdentity, AgeRecipient } from './recipients/stanza-key.ts';
export { type AgeSealOptions, type AgeSealTo, sealAge } from './seal.ts';
export {
  type AgeKeyType,
  formatAgeIdentityFile,
  type GeneratedAgeKey,
  generateAgeKey,
  parseAgeIdentityFile,
  parseAgeRecipient,
} from './text/key-text.ts';
