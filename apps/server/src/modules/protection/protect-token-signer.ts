import { generateSigningKey, publicJwk, type SigningKeyPair, type SyncSignatureAlgorithm } from '@quantumvault/crypto';
import type { ArtifactId, NewId } from '../../kernel/ids.ts';
import type { WriteTransaction } from '../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../keys/index.ts';
import type { ProtectionPlan } from './domain/plan.ts';
import { type TokenKeysContent, tokenKeyWrapContext } from './domain/token-keys.ts';
import { type Made, provenanceOf } from './made.ts';
import type { ArtifactRepository, StoredAssetKey } from './ports/artifact-repository.ts';

/**
 * Protects an API or a token issuer (INV-9): new signing keys, whose private halves are wrapped under the tenant's KEK
 * and never leave; tokens are signed here. It all happens in the transaction of the completion, so that no key outlives
 * an attempt that came to nothing.
 */
export function createProtectTokenSigner(options: {
  artifacts: ArtifactRepository;
  tenantKeys: TenantKeys;
  newId: NewId;
  /** Where keys come from: a pool, or made when they are needed. */
  makeKeys?: (algorithm: SyncSignatureAlgorithm) => SigningKeyPair;
}) {
  const { artifacts, tenantKeys, newId, makeKeys = generateSigningKey } = options;
  return async (
    tx: WriteTransaction,
    plan: Extract<ProtectionPlan, { kind: 'token-keys' }>,
    made: Made,
  ): Promise<ArtifactId> => {
    const artifactId = newId<ArtifactId>();
    const keys: StoredAssetKey[] = [];
    const names: TokenKeysContent['keys'] = [];
    for (const algorithm of plan.signatures) {
      const keyId = newId<string>();
      const pair = makeKeys(algorithm);
      using privateKey = pair.privateKey;
      const context = tokenKeyWrapContext({ assetId: made.asset.id, keyId, algorithm });
      const wrapped = await tenantKeys.wrap(tx, context, privateKey);
      names.push({ keyId, kid: publicJwk(algorithm, pair.publicKey).kid, algorithm });
      keys.push({
        id: keyId,
        purpose: 'token-signing',
        algorithm,
        publicKey: pair.publicKey,
        wrapSuite: wrapped.suite,
        wrapped: wrapped.bytes,
        kekVersion: wrapped.kekVersion,
      });
    }
    const content: TokenKeysContent = { keys: names, overlapDays: plan.overlapDays };
    await artifacts.insert(tx, { id: artifactId, ...provenanceOf(made), kind: 'jwks', content, keys });
    return artifactId;
  };
}
export type ProtectTokenSigner = ReturnType<typeof createProtectTokenSigner>;
