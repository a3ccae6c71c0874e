/*
 * Cryptography of QuantumVault: AEAD, hashes, key derivation, HPKE with X-Wing, signatures, passwords, secret bytes
 * and the algorithm registry. All primitives come from the runtime's OpenSSL; nothing here is home-made.
 *
 * The recommended way: `seal` for data under a symmetric key, `floeSeal` for streams, `hpkeSeal` to a recipient, Ed25519 together with
 * ML-DSA-44 to sign. Keep keys in `SecretBytes` and hold them with `using`. Store the suite's name with each
 * ciphertext; the readers refuse what they do not know.
 *
 * Signatures: `generateSigningKeyAsync`, `importSigningKey(...).signAsync` and `verifySignatureAsync` (or `importVerifyKey`, for
 * many) serve every algorithm; the same names without Async are for the quick ones in `syncSignatureAlgorithms`. Keys go to
 * files and certificates through `publicKeySpki` and `privateKeyPkcs8`, and come back through `readPublicKeySpki` and
 * `readPrivateKeyPkcs8`.
 */

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
export {
  type BatchPlace,
  batchLimits,
  type RewrapResult,
  rewrapMany,
  type SealItem,
  sealMany,
  type UnsealItem,
  type UnsealResult,
  unsealMany,
} from './batch/seal-many.ts';
export { signMany } from './batch/sign-many.ts';
export {
  type CertificateHash,
  type CertificateScheme,
  type CertificateSignatureInput,
  verifyCertificateSignature,
} from './certificate-signature.ts';
export { type EncryptionContext, encodeContext } from './encryption-context.ts';
export { CryptoError, type CryptoErrorCode, cryptoErrorCodes } from './errors.ts';
export { ByteQueue } from './floe/byte-queue.ts';
export { floeSizes, floeSuite, segmentLength as floeSegmentLength } from './floe/core.ts';
export { FloeReader, type RandomAccess } from './floe/reader.ts';
export { floeOpenSingle, floeSealSingle } from './floe/single.ts';
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
export type { Encapsulation, Kem, KemKeyPair, KemPrivateKey } from './hpke/kem.ts';
export {
  generateCompositeKemKey,
  generateKemKey,
  importExpandedKemKey,
  importKemKey,
  type KemName,
  kemEncapsulateTo,
  kemNames,
} from './hpke/kems.ts';
export {
  type KemPrivateKeyFile,
  type KemPublicKey,
  kemPrivateKeyPkcs8,
  kemPublicKeySpki,
  readKemPrivateKeyPkcs8,
  readKemPublicKeySpki,
} from './hpke/key-forms.ts';
export type { HpkeIds } from './hpke/key-schedule.ts';
export {
  findHpkeSuite,
  type HpkeSuiteId,
  hpkeSuite,
  hpkeSuiteCategory5,
  hpkeSuiteCategory5Chacha,
  hpkeSuiteChacha,
  hpkeSuiteCnsa,
  hpkeSuites,
} from './hpke/suites.ts';
export { jwtHeader, type PublicJwk, publicJwk, signJwt } from './jose.ts';
export { type AgreementInput, agreementPublicKey, agreeOnSecret } from './key-agreement.ts';
export { KeyPool, type KeyPoolOptions, keyPoolSizeMax } from './key-pool.ts';
export { KeyShare, type KeyShareAlgorithm, keyShareAlgorithms } from './key-share.ts';
export {
  decoyPasswordHash,
  hashPassword,
  hashPasswordBy,
  passwordNeedsRehash,
  verifyPassword,
} from './password.ts';
export type { PasswordCost, PasswordLevel } from './password-cost.ts';
export { derivePasswordKey, passwordKeyCost } from './password-key.ts';
export { type Pbkdf2Cost, pbkdf2ForReading, type ScryptCost, scryptForReading } from './password-schemes.ts';
export { CryptoPool, type CryptoPoolOptions, cryptoPool, type LaneSnapshot, type PoolLane } from './pool.ts';
export type {
  AlgorithmEntry,
  AlgorithmFamily,
  AlgorithmSizes,
  AlgorithmStatus,
  AlgorithmStatusKind,
  AlgorithmTransition,
} from './registry/entry.ts';
export { implementationOf, type VettedLibrary, vettedLibraries } from './registry/implementation.ts';
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
  checkShares,
  combineShares,
  type RefreshResult,
  refreshShares,
  type SplitInput,
  type SplitResult,
  splitSecret,
} from './sharing/secret-sharing.ts';
export type { SecretShare, ShareSet } from './sharing/share.ts';
export { ShareError, type ShareFault, type ShareFaultReason } from './sharing/share-error.ts';
export { decodeShare, encodeShare } from './sharing/share-text.ts';
export {
  privateKeyPkcs8,
  publicKeySpki,
  readPrivateKeyPkcs8,
  readPublicKeySpki,
} from './signature/key-forms.ts';
export type { GenerateOptions } from './signature/scheme.ts';
export { slhDsaPrivateKeyFromSeed } from './signature/slh-dsa-seed.ts';
export {
  generateSigningKey,
  generateSigningKeyAsync,
  importSigningKey,
  importVerifyKey,
  SigningKey,
  type SigningKeyPair,
  type SignOptions,
  type VerifyInput,
  VerifyKey,
  verifySignature,
  verifySignatureAsync,
} from './signature.ts';
export {
  compositeSignatureAlgorithms,
  type SignatureAlgorithm,
  type SyncSignatureAlgorithm,
  signatureAlgorithms,
  slhDsaAlgorithms,
  syncSignatureAlgorithms,
} from './signature-schemes.ts';
export type { PasswordScheme } from './stored-password.ts';
export { AeadKey } from './symmetric/aead-key.ts';
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
  type FormatPreservingInput,
  formatPreservingDecrypt,
  formatPreservingEncrypt,
} from './symmetric/format-preserving.ts';
export { deriveKmac256, hkdfSha512, hmacSha512, type KmacInput, kmac256 } from './symmetric/key-derivation.ts';
export {
  type KeyWrapAlgorithm,
  type UnwrapKeyInput,
  unwrapKey,
  type WrapKeyInput,
  wrapKey,
} from './symmetric/key-wrap.ts';
export { type LeakageWarning, type LeakageWarningId, leakageWarnings } from './symmetric/leakage.ts';
export { type OneTimeCodeHash, type OneTimeCodeInput, oneTimeCode } from './symmetric/one-time-code.ts';
export {
  type BlindIndexInput,
  blindIndex,
  type DeterministicOpenInput,
  type DeterministicSealInput,
  deterministicOpen,
  deterministicSeal,
  generateDeterministicKey,
} from './symmetric/searchable.ts';
export {
  openTlsRecord,
  type TlsCipher,
  type TlsHash,
  type TlsRecordInput,
  tlsHash,
  tlsKeyBytes,
  tlsMac,
} from './tls-handshake.ts';
