/*
 * Ports that the providers implement. Each comes with its typed errors, an in-memory fake that is a real
 * implementation, and a contract suite that every implementation, the fake included, runs in full.
 */
export {
  type CheckpointStore,
  CheckpointStoreError,
  type CheckpointStoreErrorCode,
  type CheckpointSummary,
} from './checkpoint-store/checkpoint-store.ts';
export { type CheckpointStoreContract, checkpointStoreContract } from './checkpoint-store/contract.ts';
export { MemoryCheckpointStore } from './checkpoint-store/memory-checkpoint-store.ts';
export { type CountryLookupContract, countryLookupContract } from './country-lookup/contract.ts';
export type { CountryLookup } from './country-lookup/country-lookup.ts';
export { MemoryCountryLookup } from './country-lookup/memory-country-lookup.ts';
export type { FreshnessLease } from './freshness-lease/freshness-lease.ts';
export { ManualFreshnessLease } from './freshness-lease/manual-freshness-lease.ts';
export { type KeyWrapperContract, type KeyWrapperUnderTest, keyWrapperContract } from './key-wrapper/contract.ts';
export {
  type KeyWrapper,
  KeyWrapperError,
  type KeyWrapperErrorCode,
  type KeyWrapperState,
  type WrapTarget,
} from './key-wrapper/key-wrapper.ts';
export { MemoryKeyWrapper } from './key-wrapper/memory-key-wrapper.ts';
export { type SignerContract, type SignerSubject, signerContract } from './signer/contract.ts';
export { MemorySigner } from './signer/memory-signer.ts';
export { type Signer, SignerError, type SignerErrorCode, type SignerOptions } from './signer/signer.ts';
