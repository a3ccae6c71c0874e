import { type RouteOutput, type Routes, tlsBundleSchema } from '@quantumvault/api';
import { z } from 'zod';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../../keys/index.ts';
import { protectionErrors } from '../domain/errors.ts';
import { privateKeyPem, tlsKeyWrapContext } from '../domain/tls-bundle.ts';
import type { ArtifactRepository } from '../ports/artifact-repository.ts';

export type TlsBundleView = RouteOutput<Routes['getTlsBundle']>;

const contentSchema = z.strictObject({
  keyId: z.string(),
  ...tlsBundleSchema.pick({ certificatePem: true, csrPem: true, nodeTlsOptions: true }).shape,
});

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
    // An answer that holds a secret must never be stored for repetition.
    const unrepeated: Actor = { ...actor, request: { ...actor.request, idempotency: null } };
    return this.#uow.write(unrepeated, async (tx) => {
      const artifact = await this.#artifacts.findNewest(tx, assetId, 'tls-bundle');
      if (artifact === null) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
      const { keyId, certificatePem, csrPem, nodeTlsOptions } = contentSchema.parse(artifact.content);
      const key = artifact.keys.find(({ id }) => id === keyId);
      if (key === undefined) throw new Error('an artefact lacks its key');
      if (!(await this.#artifacts.handOut(tx, artifact.id))) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
      const context = tlsKeyWrapContext({ assetId: artifact.assetId, keyId, algorithm: key.algorithm });
      using privateKey = await this.#tenantKeys.unwrap(tx, context, {
        suite: key.wrapSuite,
        bytes: key.wrapped,
        kekVersion: key.kekVersion ?? 0,
      });
      await tx.audit({
        action: 'tls-bundle.read',
        resource: { type: 'asset', id: assetId },
        details: { artifactId: artifact.id, keyId, keyAlgorithm: key.algorithm },
      });
      return {
        artifactId: artifact.id,
        keyAlgorithm: key.algorithm,
        certificatePem,
        csrPem,
        privateKeyPem: privateKeyPem(privateKey),
        nodeTlsOptions,
      };
    });
  }
}
