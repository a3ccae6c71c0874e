import type { RouteOutput, Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { dataKeyBytesBound } from '../domain/data-key.ts';
import type { ArtifactRepository } from '../ports/artifact-repository.ts';
import { readDataKey } from '../read-data-key.ts';

export type DataKeyView = RouteOutput<Routes['getDataKey']>;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/**
 * The newest wrapped data key of a data store, with all that the holder of the recipient's private key needs to open
 * it elsewhere (RFC 9180). Public by nature. Throws `PROTECTION_ARTIFACT_NOT_FOUND`.
 */
export class GetDataKey {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #artifacts: ArtifactRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; artifacts: ArtifactRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#artifacts = options.artifacts;
  }

  async execute(actor: Actor, assetId: string, artifactId?: string): Promise<DataKeyView> {
    await this.#authorize(actor, 'asset.read', { type: 'asset', id: assetId });
    const found = await this.#uow.read(actor.tenantId, (tx) => readDataKey(this.#artifacts, tx, assetId, artifactId));
    const { info, aad } = dataKeyBytesBound(found.binding);
    return {
      artifactId: found.artifactId,
      suite: found.wrapped.suite,
      recipientPublicKey: base64(found.recipient.publicKey ?? new Uint8Array()),
      enc: base64(found.wrapped.enc),
      wrappedDataKey: base64(found.wrapped.ciphertext),
      info: base64(info),
      aad: base64(aad),
    };
  }
}
