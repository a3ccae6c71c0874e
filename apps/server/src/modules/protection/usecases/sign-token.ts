import type { RouteInput, RouteOutput, Routes } from '@quantumvault/api';
import { importSigningKey, publicJwk, signJwt } from '@quantumvault/crypto';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../../keys/index.ts';
import { protectionErrors } from '../domain/errors.ts';
import { tokenKeysContentSchema, tokenKeyWrapContext } from '../domain/token-keys.ts';
import type { ArtifactRepository } from '../ports/artifact-repository.ts';

export type SignTokenInput = RouteInput<Routes['signToken']>['body'];
export type SignedTokenView = RouteOutput<Routes['signToken']>;

/**
 * Signs claims as a JWT with the newest key of an API or token issuer; the event is durable before the answer leaves and
 * says nothing of the claims. `iat` and `exp` are the server's own. A token lives at most a day, and a replaced key stays
 * in the JWK Set for a week, so that every token can be verified to its end. Throws `PROTECTION_ARTIFACT_NOT_FOUND` or
 * `PROTECTION_KEY_NOT_OFFERED`.
 */
export class SignToken {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #artifacts: ArtifactRepository;
  readonly #tenantKeys: TenantKeys;
  readonly #clock: Clock;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    artifacts: ArtifactRepository;
    tenantKeys: TenantKeys;
    clock: Clock;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#artifacts = options.artifacts;
    this.#tenantKeys = options.tenantKeys;
    this.#clock = options.clock;
  }

  async execute(actor: Actor, assetId: string, input: SignTokenInput): Promise<SignedTokenView> {
    await this.#authorize(actor, 'token.sign', { type: 'asset', id: assetId });
    // Whoever holds a token may act with it, so it must never be stored for repetition.
    const unrepeated: Actor = { ...actor, request: { ...actor.request, idempotency: null } };
    return this.#uow.write(unrepeated, async (tx) => {
      const artifact = await this.#artifacts.findNewest(tx, assetId, 'jwks');
      if (artifact === null) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
      const named = tokenKeysContentSchema.parse(artifact.content).keys;
      const found = named.flatMap(({ keyId, algorithm }) => {
        const stored = artifact.keys.find(({ id }) => id === keyId);
        if (stored?.publicKey === undefined || stored.publicKey === null) throw new Error('an artefact lacks a key');
        const { alg, kid } = publicJwk(algorithm, new Uint8Array(stored.publicKey));
        return [{ keyId, algorithm, alg, kid, stored }];
      });
      const wanted = input.algorithm === undefined ? found[0] : found.find(({ alg }) => alg === input.algorithm);
      if (wanted === undefined) {
        const offers = found.map(({ alg }) => alg).join(' and ');
        throw protectionErrors.PROTECTION_KEY_NOT_OFFERED({ detail: `The current signing keys are for ${offers}.` });
      }
      if (!(await this.#artifacts.handOut(tx, artifact.id))) throw protectionErrors.PROTECTION_ARTIFACT_NOT_FOUND();
      const { keyId, algorithm, alg, kid, stored } = wanted;
      const context = tokenKeyWrapContext({ assetId: artifact.assetId, keyId, algorithm });
      using privateKey = await this.#tenantKeys.unwrap(tx, context, {
        suite: stored.wrapSuite,
        bytes: stored.wrapped,
        kekVersion: stored.kekVersion ?? 0,
      });
      using key = importSigningKey({ algorithm, privateKey });
      const issuedAt = Math.floor(this.#clock.now().getTime() / 1000);
      const expiresAt = issuedAt + input.expiresInSeconds;
      const token = await signJwt({ key, claims: { ...input.claims, iat: issuedAt, exp: expiresAt } });
      await tx.audit({
        action: 'token.signed',
        resource: { type: 'asset', id: assetId },
        details: { artifactId: artifact.id, keyId, keyAlgorithm: algorithm, expiresInSeconds: input.expiresInSeconds },
      });
      return { token, kid, algorithm: alg, expiresAt: new Date(expiresAt * 1000).toISOString() };
    });
  }
}
