import { constantTimeEqual, randomBytes } from '@quantumvault/crypto';
import { type Actor, noCredential } from '../../kernel/actor.ts';
import type { ActorId, TenantId } from '../../kernel/ids.ts';
import { isPermission, type Permission, permissions } from '../../kernel/permissions.ts';
import type { AccessDirectory } from '../access/index.ts';
import { presentedKey } from './api-key.ts';
import type { ApiKeyDirectory } from './api-key-directory.ts';
import type { KeyLimitReader } from './api-keys/key-limit-reader.ts';
import { isWithin } from './api-keys/key-limits.ts';
import { identityErrors } from './errors.ts';

/**
 * What somebody does with his whole account: its credentials, and the roles that it asks for or takes. A key for one place has none
 * of it (`needWholeAccount` for the rest).
 */
const ofAccount: ReadonlySet<Permission> = new Set([
  'identity.secure',
  'api-key.create-own',
  'approval.sign',
  'grant.request',
  'access.break-glass',
]);

/** What a key is good for; null: for all that its owner may. */
function permissionsOf(limits: {
  permissions: readonly string[] | null;
  place: unknown;
}): ReadonlySet<Permission> | null {
  if (limits.place === null && limits.permissions === null) return null;
  const given = (limits.permissions ?? permissions).filter(isPermission);
  return new Set(limits.place === null ? given : given.filter((permission) => !ofAccount.has(permission)));
}

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
  readonly #limits: KeyLimitReader;
  readonly #countRefusal: CountRefusal;
  readonly #dummyHash = randomBytes(32);

  constructor(options: {
    directory: ApiKeyDirectory;
    access: Pick<AccessDirectory, 'at'>;
    limits: KeyLimitReader;
    countRefusal: CountRefusal;
  }) {
    this.#directory = options.directory;
    this.#access = options.access;
    this.#limits = options.limits;
    this.#countRefusal = options.countRefusal;
  }

  async authenticate(credential: string | null, request: Actor['request']): Promise<Actor> {
    const presented = presentedKey(credential);
    const found = await this.#directory.find(presented.prefix);
    const equal = constantTimeEqual(presented.secretHash, found?.secretHash ?? this.#dummyHash);
    if (found === null || !(equal && presented.wellFormed && found.usable)) throw this.#refused(request);
    const tenantId = found.tenantId as TenantId;
    const limits = await this.#limits.of({ tenantId, id: found.id });
    // Only who holds the right key comes here; the answer says no more than to anybody else.
    if (!isWithin(limits.allowedNetworks, request.sourceAddress)) throw this.#refused(request);
    this.#directory.noteUse(found.id);
    const subject = { tenantId, subjectId: found.subjectId as ActorId };
    const access = await this.#access.at({ ...subject, version: found.accessVersion });
    return {
      kind: found.subjectKind,
      id: subject.subjectId,
      tenantId: subject.tenantId,
      access: limits.place === null ? access : await this.#limits.narrow(tenantId, access, limits.place),
      credential: {
        ...noCredential,
        kind: 'api-key',
        id: found.id,
        permissions: permissionsOf(limits),
        ...(limits.place === null ? {} : { isPlaced: true }),
      },
      request,
      approval: null,
    };
  }

  #refused(request: Actor['request']) {
    this.#countRefusal(request.sourceAddress);
    return identityErrors.IDENTITY_UNAUTHENTICATED();
  }
}
