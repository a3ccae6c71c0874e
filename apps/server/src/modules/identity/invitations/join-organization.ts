import { constantTimeEqual, hashPassword, randomBytes, type SecretBytes } from '@quantumvault/crypto';
import { noAccess } from '../../../kernel/access.ts';
import { type Actor, noCredential, type RequestFacts } from '../../../kernel/actor.ts';
import { kernelErrors } from '../../../kernel/errors.ts';
import { type ActorId, idFrom, type TenantId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { identityErrors } from '../errors.ts';
import { recordingWeakness } from '../passwords/password-policy.ts';
import { passwordSecret } from '../passwords/password-verifier.ts';
import type { PeopleRepository } from '../people/people-repository.ts';
import { presentedToken } from '../secret-token.ts';
import type { FoundInvitation, InvitationDirectory, InvitationRepository } from './invitation-repository.ts';
import type { PasswordRules } from './password-rules.ts';

export interface JoinInput {
  readonly token: string;
  readonly password: string;
  readonly displayName: string;
}

export interface Joined {
  readonly userId: string;
  readonly organizationId: string;
  readonly email: string;
}

const passwordBytesMax = 1024;

export type PasswordHasher = (password: SecretBytes) => Promise<string>;
const hashForUsers: PasswordHasher = (password) => hashPassword(password, 'high');

/**
 * ACC-12: whoever holds the token becomes the member that was invited. Unknown, wrong, used, cancelled and expired tokens
 * take one path (ACC-11): one lookup, one comparison, one password hash, one answer. It acts for nobody known, so it is no
 * use case of an actor; what it writes is written as the one who joins.
 */
export class JoinOrganization {
  readonly #deps: {
    readonly directory: InvitationDirectory;
    readonly invitations: InvitationRepository;
    readonly people: PeopleRepository;
    readonly rules: PasswordRules;
    readonly uow: UnitOfWork;
    readonly countRefusal: CountRefusal;
    readonly hash: PasswordHasher;
  };
  readonly #dummyHash = randomBytes(32);

  constructor(deps: {
    directory: InvitationDirectory;
    invitations: InvitationRepository;
    people: PeopleRepository;
    rules: PasswordRules;
    uow: UnitOfWork;
    countRefusal: CountRefusal;
    /** The real cost is for users; tests bring a cheap one. */
    hash?: PasswordHasher;
  }) {
    this.#deps = { ...deps, hash: deps.hash ?? hashForUsers };
  }

  async join(input: JoinInput, request: RequestFacts): Promise<Joined> {
    if (Buffer.byteLength(input.password, 'utf8') > passwordBytesMax) {
      const fields = [{ path: 'body.password', message: `more than ${passwordBytesMax} bytes` }];
      throw kernelErrors.REQUEST_INVALID({ fields });
    }
    const presented = presentedToken('qvi', input.token);
    const found = await this.#deps.directory.find(presented.prefix);
    const equal = constantTimeEqual(presented.secretHash, found?.secretHash ?? this.#dummyHash);
    using password = passwordSecret(input.password);
    const passwordHash = await this.#deps.hash(password);
    if (found === null || !(equal && presented.wellFormed && found.usable)) {
      this.#deps.countRefusal(request.sourceAddress);
      throw identityErrors.IDENTITY_INVITATION_INVALID();
    }
    // Awaited here: the password is erased when this block ends.
    return await this.#become(found, { password, passwordHash, displayName: input.displayName }, request);
  }

  async #become(
    found: FoundInvitation,
    chosen: { password: SecretBytes; passwordHash: string; displayName: string },
    request: RequestFacts,
  ): Promise<Joined> {
    const { people, invitations, rules, uow } = this.#deps;
    const tenantId = idFrom<TenantId>(found.tenantId);
    const invited = await uow.read(tenantId, (tx) => people.find(tx, found.subjectId));
    if (invited === null) throw identityErrors.IDENTITY_INVITATION_INVALID();
    const about = [invited.email, chosen.displayName];
    const actor: Actor = {
      kind: 'user',
      id: idFrom<ActorId>(found.subjectId),
      tenantId,
      access: noAccess,
      credential: noCredential,
      request: { ...request, idempotency: null },
      approval: null,
    };
    await recordingWeakness(
      () => rules.check({ tenantId, password: chosen.password, about }),
      () =>
        uow.write(actor, (tx) =>
          tx.audit({
            action: 'user.joined',
            resource: { type: 'user', id: found.subjectId },
            outcome: 'refused',
            reason: { code: 'PASSWORD_WEAK' },
            details: { invitationId: found.id },
          }),
        ),
    );
    return uow.write(actor, async (tx) => {
      const user = await people.hold(tx, found.subjectId);
      // Somebody with the same token was quicker, or the invitation was cancelled meanwhile.
      if (user?.status !== 'invited' || !(await invitations.accept(tx, found.id)))
        throw identityErrors.IDENTITY_INVITATION_INVALID();
      await people.setPassword(tx, user.id, chosen.passwordHash);
      await people.setDisplayName(tx, user.id, chosen.displayName);
      await people.setStatus(tx, user.id, 'active');
      const details = { invitationId: found.id };
      await tx.audit({ action: 'user.joined', resource: { type: 'user', id: user.id }, details });
      return { userId: user.id, organizationId: tenantId, email: user.email };
    });
  }
}
