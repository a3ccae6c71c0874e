/*
 * Cryptography of QuantumVault: AEAD, hashes, key derivation, HPKE with X-Wing, signatures, passwords, secret bytes
 * and the algorithm registry. All primitives come from the runtime's OpenSSL; nothing here is home-made.
 *
 * The recommended way: `seal` for data under a symmetric key, `floeSeal` for streams, `hpkeSeal` to a recipient, Ed25519 together with
 * ML-DSA-44 to sign. Keep keys in `SecretBytes` and hold them with `using`. Store the suite's name with each
 * ciphertext; the readers refuse what they do not know.
 */

export { isIssuedBy } from '#native/certificate-issuer';
export {
  type GcmOpenInput,
  type GcmSealInput,
  gcmOpen,
  gcmSeal,
  type Sealed,
  type SealInput,
  seal,
  type UnsealInput,
  unseal,
  unsealSecret,
} from './aead.ts';
export { type EncryptionContext, encodeContext } from './encryption-context.ts';
export { CryptoError, type CryptoErrorCode, cryptoErrorCodes } from './errors.ts';
export { ByteQueue } from './floe/byte-queue.ts';
export { floeSizes, floeSuite, segmentLength as floeSegmentLength } from './floe/core.ts';
export { FloeReader, type RandomAccess } from './floe/reader.ts';
export { type ByteSource, floeOpen, floeSeal } from './floe/stream.ts';
export {
  constantTimeEqual,
  type HkdfInput,
  hkdfSha256,
  hkdfSha384,
  hmacSha256,
  hmacSha384,
  randomBytes,
  Sha512,
  sha3_256,
  sha3_256Concat,
  sha256,
  sha384Concat,
} from './hash.ts';
export {
  generateRecipient,
  type HpkeOpenInput,
  type HpkeRecipient,
  type HpkeSealed,
  type HpkeSealInput,
  hpkeOpen,
  hpkeSeal,
  importRecipient,
  RecipientKey,
  recipientPublicKey,
} from './hpke/hpke.ts';
export type { Kem, KemKeyPair, KemPrivateKey } from './hpke/kem.ts';
export { generateKemKey, importKemKey, type KemName, kemEncapsulateTo } from './hpke/kems.ts';
export { type HpkeSuiteId, hpkeSuite, hpkeSuiteCategory5, hpkeSuiteCnsa, hpkeSuites } from './hpke/suites.ts';
export { type PublicJwk, publicJwk, signJwt } from './jose.ts';
export { KeyPool, type KeyPoolOptions, keyPoolSizeMax } from './key-pool.ts';
export { KeyShare, type KeyShareAlgorithm, keyShareAlgorithms } from './key-share.ts';
export {
  decoyPasswordHash,
  hashPassword,
  passwordNeedsRehash,
  verifyPassword,
} from './password.ts';
export type { PasswordCost, PasswordLevel } from './password-cost.ts';
export { derivePasswordKey, passwordKeyCost } from './password-key.ts';
export { privateKeyPkcs8 } from './pkcs8.ts';
export { CryptoPool, type CryptoPoolOptions, cryptoPool, type LaneSnapshot, type PoolLane } from './pool.ts';
export type {
  AlgorithmEntry,
  AlgorithmFamily,
  AlgorithmSizes,
  AlgorithmStatus,
  AlgorithmStatusKind,
  AlgorithmTransition,
} from './registry/entry.ts';
export {
  algorithm,
  algorithms,
  findAlgorithm,
  findPublicKeyAlgorithm,
  findTlsGroup,
  type PublicKeyDescription,
  statusAt,
} from './registry/registry.ts';
export { type TransitionDocumentId, transitionDocuments } from './registry/transitions.ts';
export { type SecretAccess, SecretBytes, secretAccess } from './secret-bytes.ts';
export {
  knownAnswerTests,
  runSelfTests,
  type SelfTest,
  type SelfTestReport,
  type SelfTestResult,
} from './self-test.ts';
export {
  generateSigningKey,
  importSigningKey,
  importVerifyKey,
  SigningKey,
  type SigningKeyPair,
  type SignOptions,
  type VerifyInput,
  VerifyKey,
  verifySignature,
} from './signature.ts';
export { type SignatureAlgorithm, signatureAlgorithms } from './signature-schemes.ts';
export {
  type AeadOpenInput,
  type AeadSealInput,
  type AeadSuite,
  aeadOpen,
  aeadSeal,
  aeadSealWithNonce,
  aeadSizes,
  aeadSuite,
  aeadSuites,
} from './symmetric/aead-suites.ts';
export {
  openTlsRecord,
  type TlsCipher,
  type TlsHash,
  type TlsRecordInput,
  tlsHash,
  tlsKeyBytes,
  tlsMac,
} from './tls-handshake.ts';
