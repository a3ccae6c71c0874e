import type { WriteTransaction } from '../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../keys/index.ts';
import { protectionErrors } from './domain/errors.ts';
import { certificateContentSchema, certificateKeyWrapContext, privateKeyPem } from './domain/tls-bundle.ts';
import type { ArtifactRepository } from './ports/artifact-repository.ts';

/**
 * Reads the newest certificate that was made for an asset, private key included, and states that it leaves. Once an
 * authority has answered, its chain takes the place of the self-signed certificate. Throws
 * `PROTECTION_ARTIFACT_NOT_FOUND`.
 */
export async function readCertificate(
  options: { readonly artifacts: ArtifactRepository; readonly tenantKeys: TenantKeys },
  tx: WriteTransaction,
  wanted: { readonly assetId: string; readonly kind: 'tls-bundle' | 'certificate' },
) {
  const { artifacts, tenantKeys } = options;
  const { assetId, kind } = wanted;
  const artifact = await artifacts.findNewest(tx, assetId, kind);
  if (artifact === null) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
  const content = certificateContentSchema.parse(artifact.content);
  const { keyId, certificatePem, csrPem } = content;
  const key = artifact.keys.find(({ id }) => id === keyId);
  if (key === undefined) throw new Error('an artefact lacks its key');
  if (!(await artifacts.handOut(tx, artifact.id))) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
  const issued = await artifacts.findIssued(tx, artifact.id);
  const context = certificateKeyWrapContext(kind, { assetId: artifact.assetId, keyId, algorithm: key.algorithm });
  using privateKey = await tenantKeys.unwrap(tx, context, {
    suite: key.wrapSuite,
    bytes: key.wrapped,
    kekVersion: key.kekVersion ?? 0,
  });
  await tx.audit({
    action: kind === 'tls-bundle' ? 'tls-bundle.read' : 'certificate.read',
    resource: { type: 'asset', id: assetId },
    details: { artifactId: artifact.id, keyId, keyAlgorithm: key.algorithm },
  });
  const bundle = {
    artifactId: artifact.id,
    keyAlgorithm: key.algorithm,
    certificatePem: issued?.chainPem ?? certificatePem,
    isIssued: issued !== null,
    csrPem,
    privateKeyPem: privateKeyPem(privateKey),
  };
  return { bundle, content };
}
