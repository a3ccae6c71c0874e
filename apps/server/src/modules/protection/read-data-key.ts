import { z } from 'zod';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import { type DataKeyBinding, encBytes, type WrappedDataKey } from './domain/data-key.ts';
import { protectionErrors } from './domain/errors.ts';
import type { ArtifactRepository, StoredAssetKey } from './ports/artifact-repository.ts';

const contentSchema = z.strictObject({
  recipientKeyId: z.string(),
  dataKeyId: z.string(),
  keyVersion: z.number().int().min(1),
});

export interface StoredDataKey {
  readonly artifactId: string;
  readonly binding: DataKeyBinding;
  readonly recipient: StoredAssetKey;
  readonly wrapped: WrappedDataKey;
}

/** Puts the newest data key of an asset, or an earlier one by its artefact, together again. Throws `PROTECTION_ARTIFACT_NOT_FOUND`. */
export async function readDataKey(
  artifacts: ArtifactRepository,
  tx: Transaction,
  assetId: string,
  artifactId?: string,
): Promise<StoredDataKey> {
  const artifact = await artifacts.findNewest(tx, assetId, 'data-key', artifactId);
  if (artifact === null) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
  const content = contentSchema.parse(artifact.content);
  const recipient = artifact.keys.find((key) => key.id === content.recipientKeyId);
  const dataKey = artifact.keys.find((key) => key.id === content.dataKeyId);
  if (recipient === undefined || dataKey === undefined) throw new Error('an artefact lacks one of its keys');
  return {
    artifactId: artifact.id,
    binding: { tenantId: tx.tenantId, assetId: artifact.assetId, ...content },
    recipient,
    wrapped: {
      suite: dataKey.wrapSuite,
      enc: dataKey.wrapped.subarray(0, encBytes),
      ciphertext: dataKey.wrapped.subarray(encBytes),
    },
  };
}
