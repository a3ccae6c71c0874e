import type { RouteOutput, Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../../keys/index.ts';
import type { ArtifactRepository } from '../ports/artifact-repository.ts';
import { readCertificate } from '../read-certificate.ts';

export type CertificateView = RouteOutput<Routes['getCertificate']>;

/**
 * Hands key, request and certificate of a certificate asset to a caller who may have them; the event is durable before
 * the answer leaves. Throws `PROTECTION_ARTIFACT_NOT_FOUND`.
 */
export class GetCertificate {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #artifacts: ArtifactRepository;
  readonly #tenantKeys: TenantKeys;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    artifacts: ArtifactRepository;
    tenantKeys: TenantKeys;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#artifacts = options.artifacts;
    this.#tenantKeys = options.tenantKeys;
  }

  async execute(actor: Actor, assetId: string): Promise<CertificateView> {
    await this.#authorize(actor, 'tls-bundle.read', { type: 'asset', id: assetId });
    const deps = { artifacts: this.#artifacts, tenantKeys: this.#tenantKeys };
    // An answer that holds a secret must never be stored for repetition.
    const unrepeated: Actor = { ...actor, request: { ...actor.request, idempotency: null } };
    const { bundle } = await this.#uow.write(unrepeated, (tx) =>
      readCertificate(deps, tx, { assetId, kind: 'certificate' }),
    );
    return bundle;
  }
}
