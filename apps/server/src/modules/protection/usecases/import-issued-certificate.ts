import type { RouteOutput, Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { Transaction, UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { AssetRepository } from '../../inventory/index.ts';
import { protectionErrors } from '../domain/errors.ts';
import { certificateContentSchema } from '../domain/tls-bundle.ts';
import type { Artifact, ArtifactRepository } from '../ports/artifact-repository.ts';
import type { ReadIssuedCertificate } from '../ports/certificate-maker.ts';

export type IssuedCertificateView = RouteOutput<Routes['importIssuedCertificate']>;

/**
 * Takes the chain that an authority issued for the request of the newest bundle or certificate (INV-9). From then on it
 * is what is handed out, and a scan that sees it knows that it is in use. Throws `PROTECTION_ARTIFACT_NOT_FOUND` or
 * `PROTECTION_CERTIFICATE_INVALID` with the reason.
 */
export class ImportIssuedCertificate {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  readonly #artifacts: ArtifactRepository;
  readonly #readIssued: ReadIssuedCertificate;
  readonly #newId: NewId;
  readonly #clock: Clock;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    assets: AssetRepository;
    artifacts: ArtifactRepository;
    readIssued: ReadIssuedCertificate;
    newId: NewId;
    clock: Clock;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
    this.#artifacts = options.artifacts;
    this.#readIssued = options.readIssued;
    this.#newId = options.newId;
    this.#clock = options.clock;
  }

  async execute(actor: Actor, assetId: string, chainPem: string): Promise<IssuedCertificateView> {
    await this.#authorize(actor, 'asset.protect', { type: 'asset', id: assetId });
    return this.#uow.write(actor, async (tx) => {
      const asset = await this.#assets.findForUpdate(tx, assetId);
      const artifact = asset === null || asset.archivedAt !== null ? null : await this.#newest(tx, assetId);
      if (asset === null || artifact === null) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
      const { certificatePem: ownPem, host } = certificateContentSchema.parse(artifact.content);
      if (host === undefined) {
        throw protectionErrors.PROTECTION_CERTIFICATE_INVALID({
          detail: 'The request was made by a release that did not keep its name; protect the asset again.',
        });
      }
      const issued = await this.#readIssued({ chainPem, ownPem, host }, this.#clock.now());
      await this.#artifacts.insertIssued(tx, artifact.id, {
        ...issued,
        id: this.#newId<string>(),
        createdBy: actor.id,
      });
      const { encryptionProfile, risk } = asset;
      const applied = encryptionProfile?.appliedPolicy;
      if (encryptionProfile !== null && applied !== undefined) {
        const certificates = [...new Set([...(applied.certificates ?? []), issued.sha256])].slice(-certificatesMax);
        const appliedPolicy = { ...applied, certificates };
        await this.#assets.change(tx, asset.id, { encryptionProfile: { ...encryptionProfile, appliedPolicy }, risk });
      }
      await tx.audit({
        action: 'certificate.imported',
        resource: { type: 'asset', id: assetId },
        details: { artifactId: artifact.id, sha256: issued.sha256, notAfter: issued.notAfter.toISOString() },
      });
      return {
        artifactId: artifact.id,
        sha256: issued.sha256,
        notBefore: issued.notBefore.toISOString(),
        notAfter: issued.notAfter.toISOString(),
      };
    });
  }

  async #newest(tx: Transaction, assetId: string): Promise<Artifact | null> {
    return (
      (await this.#artifacts.findNewest(tx, assetId, 'tls-bundle')) ??
      (await this.#artifacts.findNewest(tx, assetId, 'certificate'))
    );
  }
}

// A certificate is renewed some times before its key is.
const certificatesMax = 16;
