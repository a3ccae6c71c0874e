import type { ArtifactId, NewId } from '../../kernel/ids.ts';
import { type TimeCrypto, untimed } from '../../kernel/time-crypto.ts';
import type { WriteTransaction } from '../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../keys/index.ts';
import { makeDataKey, recipientWrapContext } from './domain/data-key.ts';
import type { ProtectionPlan } from './domain/plan.ts';
import { type Made, provenanceOf } from './made.ts';
import type { ArtifactRepository } from './ports/artifact-repository.ts';

/** How a data key names its parts in the artefact; the bytes are in `asset_key`. */
export interface DataKeyContent {
  readonly recipientKeyId: string;
  readonly dataKeyId: string;
  readonly keyVersion: number;
}

/**
 * Protects a data store (INV-9): a hybrid recipient of its own, whose private seed is wrapped under the tenant's KEK,
 * and a 32-byte data key wrapped to that recipient. It all happens in the transaction of the completion, in about a
 * millisecond, so that no secret outlives an attempt that came to nothing.
 */
export function createProtectDataStore(options: {
  artifacts: ArtifactRepository;
  tenantKeys: TenantKeys;
  newId: NewId;
  timeCrypto?: TimeCrypto;
}) {
  const { artifacts, tenantKeys, newId, timeCrypto = untimed } = options;
  return async (
    tx: WriteTransaction,
    plan: Extract<ProtectionPlan, { kind: 'data-key' }>,
    made: Made,
  ): Promise<ArtifactId> => {
    const artifactId = newId<ArtifactId>();
    const binding = {
      tenantId: tx.tenantId,
      assetId: made.asset.id,
      recipientKeyId: newId<string>(),
      dataKeyId: newId<string>(),
      keyVersion: 1,
    };
    const { publicKey, recipientSeed, wrapped } = timeCrypto({ operation: 'encapsulate', algorithm: 'X-Wing' }, () =>
      makeDataKey(binding),
    );
    using seed = recipientSeed;
    const wrappedSeed = await tenantKeys.wrap(tx, recipientWrapContext(binding), seed);
    const content: DataKeyContent = {
      recipientKeyId: binding.recipientKeyId,
      dataKeyId: binding.dataKeyId,
      keyVersion: binding.keyVersion,
    };
    await artifacts.insert(tx, {
      id: artifactId,
      ...provenanceOf(made),
      kind: 'data-key',
      content,
      keys: [
        {
          id: binding.recipientKeyId,
          purpose: 'recipient',
          algorithm: plan.kem,
          publicKey,
          wrapSuite: wrappedSeed.suite,
          wrapped: wrappedSeed.bytes,
          kekVersion: wrappedSeed.kekVersion,
        },
        {
          id: binding.dataKeyId,
          purpose: 'data-key',
          algorithm: plan.aead,
          publicKey: null,
          wrapSuite: wrapped.suite,
          wrapped: Buffer.concat([wrapped.enc, wrapped.ciphertext]),
          kekVersion: null,
        },
      ],
    });
    return artifactId;
  };
}
export type ProtectDataStore = ReturnType<typeof createProtectDataStore>;
