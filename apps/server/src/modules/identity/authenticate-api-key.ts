import { constantTimeEqual, randomBytes } from '@quantumvault/crypto';
import type { Actor } from '../../kernel/actor.ts';
import type { ActorId, ApiKeyId, TenantId } from '../../kernel/ids.ts';
import { isRole, permissionsOf } from '../../kernel/permissions.ts';
import type { Authenticator } from '../../platform/http/request-hooks.ts';
import { presentedKey } from './api-key.ts';
import type { ApiKeyDirectory } from './api-key-directory.ts';
import { identityErrors } from './errors.ts';

/** Counts a refusal before authentication (AUD-1); it must not write to the database in the request. */
export type CountRefusal = (sourceAddress: string | null) => void;

/**
 * Builds the actor of a request from its API key (ACC-1, ACC-2). Missing, malformed, unknown, wrong, revoked and expired
 * keys take one path (ACC-11): one lookup, one hash, one `timingSafeEqual`, against a dummy where there is nothing to
 * compare, and one answer.
 */
export class ApiKeyAuthenticator implements Authenticator {
  readonly #directory: ApiKeyDirectory;
  readonly #countRefusal: CountRefusal;
  readonly #dummyHash = randomBytes(32);

  constructor(options: { directory: ApiKeyDirectory; countRefusal: CountRefusal }) {
    this.#directory = options.directory;
    this.#countRefusal = options.countRefusal;
  }

  async authenticate(credential: string | null, request: Actor['request']): Promise<Actor> {
    const presented = presentedKey(credential);
    const found = await this.#directory.find(presented.prefix);
    const equal = constantTimeEqual(presented.secretHash, found?.secretHash ?? this.#dummyHash);
    if (found === null || !(equal && presented.wellFormed && found.usable)) {
      this.#countRefusal(request.sourceAddress);
      throw identityErrors.IDENTITY_UNAUTHENTICATED();
    }
    this.#directory.noteUse(found.id);
    const roles = found.roles.filter(isRole);
    return {
      kind: 'user',
      id: found.subjectId as ActorId,
      tenantId: found.tenantId as TenantId,
      roles,
      permissions: permissionsOf(roles),
      apiKeyId: found.id as ApiKeyId,
      request,
    };
  }
}
