import type { RouteOutput, Routes } from '@quantumvault/api';
import { secretAccess } from '@quantumvault/crypto';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { type TimeCrypto, untimed } from '../../../kernel/time-crypto.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../../keys/index.ts';
import { openDataKey, recipientWrapContext } from '../domain/data-key.ts';
import { protectionErrors } from '../domain/errors.ts';
import type { ArtifactRepository } from '../ports/artifact-repository.ts';
import { readDataKey } from '../read-data-key.ts';

export type UnwrappedDataKeyView = RouteOutput<Routes['unwrapDataKey']>;

/**
 * Hands the plain data key of a data store to a caller who may have it; the event is durable before the answer leaves.
 * Throws `PROTECTION_ARTIFACT_NOT_FOUND`.
 */
export class UnwrapDataKey {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #artifacts: ArtifactRepository;
  readonly #tenantKeys: TenantKeys;
  readonly #timeCrypto: TimeCrypto;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    artifacts: ArtifactRepository;
    tenantKeys: TenantKeys;
    timeCrypto?: TimeCrypto;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#artifacts = options.artifacts;
    this.#tenantKeys = options.tenantKeys;
    this.#timeCrypto = options.timeCrypto ?? untimed;
  }

  async execute(actor: Actor, assetId: string, wantedArtifactId?: string): Promise<UnwrappedDataKeyView> {
    await this.#authorize(actor, 'data-key.unwrap', { type: 'asset', id: assetId });
    // An answer that holds a secret must never be stored for repetition.
    const unrepeated: Actor = { ...actor, request: { ...actor.request, idempotency: null } };
    return this.#uow.write(unrepeated, async (tx) => {
      const { artifactId, binding, recipient, wrapped } = await readDataKey(
        this.#artifacts,
        tx,
        assetId,
        wantedArtifactId,
      );
      // Withdrawn between the two statements: nothing may come to depend on it. Asked for by its id, it was wanted so.
      const isCurrent = await this.#artifacts.handOut(tx, artifactId);
      if (!isCurrent && wantedArtifactId === undefined) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
      using seed = await this.#tenantKeys.unwrap(tx, recipientWrapContext(binding), {
        suite: recipient.wrapSuite,
        bytes: recipient.wrapped,
        kekVersion: recipient.kekVersion ?? 0,
      });
      using dataKey = this.#timeCrypto({ operation: 'decapsulate', algorithm: 'X-Wing' }, () =>
        openDataKey(binding, wrapped, seed),
      );
      await tx.audit({
        action: 'data-key.unwrapped',
        resource: { type: 'asset', id: assetId },
        details: { artifactId, dataKeyId: binding.dataKeyId, suite: wrapped.suite },
      });
      return {
        artifactId,
        algorithm: 'AES-256',
        dataKey: dataKey.open(secretAccess, (bytes) => Buffer.from(bytes).toString('base64')),
      };
    });
  }
}
