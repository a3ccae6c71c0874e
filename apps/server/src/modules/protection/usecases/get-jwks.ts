import type { RouteOutput, Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { protectionErrors } from '../domain/errors.ts';
import { jwksAt, tokenKeysContentSchema } from '../domain/token-keys.ts';
import type { Artifact, ArtifactRepository } from '../ports/artifact-repository.ts';

export type JwksView = RouteOutput<Routes['getJwks']>;

// More rotations within one overlap than anybody needs; a set that grew without end would be fetched by every verifier.
const generationsMax = 64;

/** The public signing keys of an API or token issuer, to publish as they are. Throws `PROTECTION_ARTIFACT_NOT_FOUND`. */
export class GetJwks {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #artifacts: ArtifactRepository;
  readonly #clock: Clock;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; artifacts: ArtifactRepository; clock: Clock }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#artifacts = options.artifacts;
    this.#clock = options.clock;
  }

  async execute(actor: Actor, assetId: string): Promise<JwksView> {
    await this.#authorize(actor, 'asset.read', { type: 'asset', id: assetId });
    const artifacts = await this.#uow.read(actor.tenantId, (tx) =>
      this.#artifacts.listNewest(tx, assetId, 'jwks', generationsMax),
    );
    if (artifacts.length === 0) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
    return jwksAt(artifacts.map(generationOf), this.#clock.now());
  }
}

function generationOf({ content, createdAt, keys }: Artifact) {
  const { overlapDays, keys: names } = tokenKeysContentSchema.parse(content);
  return {
    createdAt,
    overlapDays,
    keys: names.map(({ keyId, algorithm }) => {
      const publicKey = keys.find(({ id }) => id === keyId)?.publicKey;
      if (publicKey === undefined || publicKey === null) throw new Error('an artefact lacks a public key');
      return { algorithm, publicKey: new Uint8Array(publicKey) };
    }),
  };
}
