import type { ArtifactId, NewId } from '../../kernel/ids.ts';
import type { WriteTransaction } from '../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../keys/index.ts';
import type { CertificatePlan } from './domain/plan.ts';
import { type CertificateContent, certificateKeyWrapContext } from './domain/tls-bundle.ts';
import { type Made, provenanceOf } from './made.ts';
import type { ArtifactRepository } from './ports/artifact-repository.ts';
import type { MadeCertificate } from './ports/certificate-maker.ts';

/** Stores a certificate with its private key wrapped under the tenant's KEK (INV-9). */
export function createProtectCertificate(options: {
  artifacts: ArtifactRepository;
  tenantKeys: TenantKeys;
  newId: NewId;
}) {
  const { artifacts, tenantKeys, newId } = options;
  return async (
    tx: WriteTransaction,
    input: {
      readonly plan: CertificatePlan;
      readonly certificate: MadeCertificate;
      readonly content: Omit<CertificateContent, 'keyId' | 'certificatePem' | 'csrPem'>;
    },
    made: Made,
  ): Promise<ArtifactId> => {
    const { plan, certificate, content } = input;
    const artifactId = newId<ArtifactId>();
    const keyId = newId<string>();
    const context = certificateKeyWrapContext(plan.kind, { assetId: made.asset.id, keyId, algorithm: plan.signature });
    const wrapped = await tenantKeys.wrap(tx, context, certificate.privateKey);
    const { certificatePem, csrPem } = certificate;
    const stored: CertificateContent = { keyId, certificatePem, csrPem, ...content };
    await artifacts.insert(tx, {
      id: artifactId,
      ...provenanceOf(made),
      kind: plan.kind,
      content: stored,
      keys: [
        {
          id: keyId,
          purpose: plan.kind === 'tls-bundle' ? 'tls-server' : 'certificate',
          algorithm: plan.signature,
          publicKey: certificate.publicKey,
          wrapSuite: wrapped.suite,
          wrapped: wrapped.bytes,
          kekVersion: wrapped.kekVersion,
        },
      ],
    });
    return artifactId;
  };
}
export type ProtectCertificate = ReturnType<typeof createProtectCertificate>;
