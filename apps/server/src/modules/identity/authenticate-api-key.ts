import { constantTimeEqual, randomBytes } from '@quantumvault/crypto';
import { type Actor, noCredential } from '../../kernel/actor.ts';
import type { ActorId, TenantId } from '../../kernel/ids.ts';
import type { AccessDirectory } from '../access/index.ts';
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
export class ApiKeyAuthenticator {
  readonly #directory: ApiKeyDirectory;
  readonly #access: Pick<AccessDirectory, 'at'>;
  readonly #countRefusal: CountRefusal;
  readonly #dummyHash = randomBytes(32);

  constructor(options: {
    directory: ApiKeyDirectory;
    access: Pick<AccessDirectory, 'at'>;
    countRefusal: CountRefusal;
  }) {
    this.#directory = options.directory;
    this.#access = options.access;
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
    const subject = { tenantId: found.tenantId as TenantId, subjectId: found.subjectId as ActorId };
    return {
      kind: found.subjectKind,
      id: subject.subjectId,
      tenantId: subject.tenantId,
      access: await this.#access.at({ ...subject, version: found.accessVersion }),
      credential: { ...noCredential, kind: 'api-key', id: found.id },
      request,
      approval: null,
    };
  }
}
