import type { RouteOutput, Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../../keys/index.ts';
import { serverConfig } from '../domain/server-config.ts';
import type { ArtifactRepository } from '../ports/artifact-repository.ts';
import { readCertificate } from '../read-certificate.ts';

export type TlsBundleView = RouteOutput<Routes['getTlsBundle']>;

/**
 * Hands the newest bundle of a TLS endpoint, private key included, to a caller who may have it; the event is durable
 * before the answer leaves. Throws `PROTECTION_ARTIFACT_NOT_FOUND`.
 */
export class GetTlsBundle {
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

  async execute(actor: Actor, assetId: string): Promise<TlsBundleView> {
    await this.#authorize(actor, 'tls-bundle.read', { type: 'asset', id: assetId });
    const deps = { artifacts: this.#artifacts, tenantKeys: this.#tenantKeys };
    // An answer that holds a secret must never be stored for repetition.
    const unrepeated: Actor = { ...actor, request: { ...actor.request, idempotency: null } };
    const { bundle, content } = await this.#uow.write(unrepeated, (tx) =>
      readCertificate(deps, tx, { assetId, kind: 'tls-bundle' }),
    );
    const { nodeTlsOptions: options, host, port } = content;
    if (options === undefined) throw new Error('a TLS bundle lacks its server options');
    const { keyAlgorithm } = bundle;
    const isPlaceKnown = host !== undefined && port !== undefined;
    return {
      ...bundle,
      nodeTlsOptions: options,
      serverConfig: isPlaceKnown ? serverConfig({ host, port, keyAlgorithm, options }) : null,
    };
  }
}
