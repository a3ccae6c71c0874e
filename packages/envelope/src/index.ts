/*
 * The QV1 envelope (docs/spec/qv1.md): files and streams, sealed for keys or a passphrase, bound to an organization, a
 * purpose and an encryption context.
 *
 * The recommended way: `sealEnvelope` to recipients that `parseRecipient` read, and `openEnvelope` with the keys of
 * `parseKeyFile` and the place where the envelope is expected. Both stream in constant memory. Give an output its name
 * only when the stream has ended without an error. `readEnvelopeHeader` shows what an envelope claims; decide nothing by
 * it. For fields of a table: `CompactColumn` under a key of our own, `FloeColumn` under any. Whoever answers others passes errors through `outsideError`. Readers of QV1 stay when a QV2 comes.
 */
export {
  type ApprovalPlan,
  encodePlan,
  type PlanValue,
  plainText,
  planBytesMax,
  planHash,
  planLines,
} from './approval/plan.ts';
export {
  type ApprovalStatement,
  approvalAlgorithms,
  approvalSignerOf,
  encodeApprovalStatement,
  signApproval,
  type VerifiedApproval,
  verifyApproval,
} from './approval/statement.ts';
export {
  DataKeyCache,
  type DataKeyCacheHooks,
  type DataKeyCacheLimits,
  type DataKeyMiss,
  type DataKeyName,
  dataKeyCacheDefaults,
  leaseMillisecondsMax,
} from './cache/data-key-cache.ts';
export {
  EnvelopeError,
  type EnvelopeErrorCode,
  type EnvelopeErrorKind,
  outsideError,
} from './errors.ts';
export {
  type ColumnPlace,
  type FieldToOpen,
  type FieldToSeal,
  fieldBytesMax,
  type Locator,
} from './fields/column.ts';
export {
  CompactColumn,
  type CompactPlace,
  type CompactSuite,
  type CompactWriting,
  compactRowsMax,
} from './fields/compact.ts';
export { OutsideFieldKey, OwnFieldKey } from './fields/field-key.ts';
export { FloeColumn } from './fields/floe-field.ts';
export { resealMany } from './fields/reseal.ts';
export { type EnvelopeCore, type EnvelopePurpose, envelopePurposes, noTenant } from './header/core.ts';
export type { EnvelopeHeader } from './header/header.ts';
export type {
  HpkeRecipientInfo,
  KekRecipientInfo,
  PassphraseRecipientInfo,
  RecipientInfo,
  UnknownRecipientInfo,
} from './header/recipients.ts';
export { type EnvelopeReader, openEnvelope, openEnvelopeRange, readEnvelopeHeader, rewrapEnvelope } from './open.ts';
export { type EnvelopeProfile, envelopeProfiles, suiteOfProfile, type WrapAead, wrapAeads } from './profile.ts';
export type { HpkeOpeningKey } from './recipients/hpke.ts';
export type { KekOpeningKeys, KekRecipient } from './recipients/kek.ts';
export { type SealFacts, type SealOptions, type SealTo, sealEnvelope, segmentBytesDefault } from './seal.ts';
export { signerUnsaid } from './signature/demand.ts';
export {
  type DetachedFacts,
  type DetachedSignature,
  detachedBytesMax,
  readDetachedSignature,
  signContent,
  verifyContent,
} from './signature/detached.ts';
export { type EnvelopeSignature, readEnvelopeSignature } from './signature/read-signature.ts';
export {
  type EnvelopeSigner,
  type PublicSigner,
  publicSigner,
  type SignatureDemand,
  signerOfKey,
} from './signature/signer.ts';
export {
  formatKeyFile,
  formatRecipient,
  type GeneratedKey,
  generateKey,
  type PublicRecipient,
  parseKeyFile,
  parseRecipient,
} from './text/key-text.ts';
export {
  formatSigner,
  formatSigningKeyFile,
  type GeneratedSigner,
  generateSigner,
  parseSigner,
  parseSigningKeyFile,
  signingAlgorithmDefault,
} from './text/signer-text.ts';
export type { Expected, Opened, OpeningKey, OpenOptions } from './unlock.ts';
export { blobAccess, chunksOf, streamOf } from './web-streams.ts';
