import type { ArtifactId, NewId } from '../../kernel/ids.ts';
import type { WriteTransaction } from '../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../keys/index.ts';
import { type NodeTlsOptions, type TlsBundle, type TlsPlan, tlsKeyWrapContext } from './domain/tls-bundle.ts';
import { type Made, provenanceOf } from './made.ts';
import type { ArtifactRepository } from './ports/artifact-repository.ts';

/** The public part of a TLS bundle, as the artefact holds it. */
export interface TlsBundleContent {
  readonly keyId: string;
  readonly certificatePem: string;
  readonly csrPem: string;
  readonly nodeTlsOptions: NodeTlsOptions;
}

/** Stores a TLS bundle with its private key wrapped under the tenant's KEK (INV-9). */
export function createProtectTlsEndpoint(options: {
  artifacts: ArtifactRepository;
  tenantKeys: TenantKeys;
  newId: NewId;
}) {
  const { artifacts, tenantKeys, newId } = options;
  return async (tx: WriteTransaction, plan: TlsPlan, bundle: TlsBundle, made: Made): Promise<ArtifactId> => {
    const artifactId = newId<ArtifactId>();
    const keyId = newId<string>();
    const wrapped = await tenantKeys.wrap(
      tx,
      tlsKeyWrapContext({ assetId: made.asset.id, keyId, algorithm: plan.signature }),
      bundle.privateKey,
    );
    const { certificatePem, csrPem, nodeTlsOptions } = bundle;
    const content: TlsBundleContent = { keyId, certificatePem, csrPem, nodeTlsOptions };
    await artifacts.insert(tx, {
      id: artifactId,
      ...provenanceOf(made),
      kind: 'tls-bundle',
      content,
      keys: [
        {
          id: keyId,
          purpose: 'tls-server',
          algorithm: plan.signature,
          publicKey: bundle.publicKey,
          wrapSuite: wrapped.suite,
          wrapped: wrapped.bytes,
          kekVersion: wrapped.kekVersion,
        },
      ],
    });
    return artifactId;
  };
}
export type ProtectTlsEndpoint = ReturnType<typeof createProtectTlsEndpoint>;
