import type { UserView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { ActorId, GrantId } from '../../../kernel/ids.ts';
import { permissionsOfRole, type Role } from '../../../kernel/permissions.ts';
import type { UnitOfWork, WriteTransaction } from '../../../kernel/unit-of-work.ts';
import { refuseEscalation } from '../../access/index.ts';
import { identityErrors } from '../errors.ts';
import type { PeopleRepository } from '../people/people-repository.ts';
import { userView } from '../people/user.ts';
import { recordingRefusal, unrepeated } from '../recording-refusal.ts';
import { type InvitationIssuer, issueInvitation } from './issue-invitation.ts';

export interface Invited {
  readonly user: UserView;
  readonly token: string;
  readonly expiresAt: string;
}

export interface InviteUserInput {
  readonly email: string;
  readonly displayName?: string | undefined;
  readonly roles: readonly Role[];
}

export interface InvitingDeps extends InvitationIssuer {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly approvals: ApprovalGate;
  readonly people: PeopleRepository;
}

/**
 * ACC-12: invites somebody by email address. Roles are granted at once and mean nothing before the invited has joined.
 * Who was off-boarded and comes back is the same subject, so that the log knows one person. Throws `IDENTITY_USER_EXISTS`.
 */
export class InviteUser {
  readonly #deps: InvitingDeps;
  constructor(deps: InvitingDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, input: InviteUserInput): Promise<Invited> {
    await this.#deps.authorize(actor, 'user.invite', { type: 'organization', id: actor.tenantId });
    const resource = { type: 'organization', id: actor.tenantId };
    const roles = [...new Set(input.roles)];
    const { authorize, uow } = this.#deps;
    if (roles.length > 0) await authorize(actor, 'grant.create', resource);
    return recordingRefusal({ uow, actor, permission: 'grant.create', resource }, () => {
      // What the inviter holds for a time alone, or from some networks, must not become somebody's for good.
      refuseEscalation(actor, { permissions: roles.flatMap((role) => permissionsOfRole[role]), place: null });
      return this.#invite(actor, { ...input, roles });
    });
  }

  async #invite(actor: Actor, input: InviteUserInput): Promise<Invited> {
    const { roles } = input;
    return this.#deps.uow.write(unrepeated(actor), async (tx) => {
      // Whoever invites himself under another name must not get round the approval of grants (ACC-9).
      if (roles.length > 0) await this.#deps.approvals.refuseDetour(tx, 'grant.create');
      const id = await this.#subjectFor(tx, input);
      await this.#grant(tx, { id, roles, grantedBy: actor.id });
      const issued = await issueInvitation(this.#deps, tx, { subjectId: id, invitedBy: actor.id });
      const { invitationId, token, expiresAt } = issued;
      await tx.audit({
        action: 'user.invited',
        resource: { type: 'user', id },
        details: { invitationId, roles: roles.join(' '), expiresAt: expiresAt.toISOString() },
      });
      const user = await this.#deps.people.find(tx, id);
      if (user === null) throw new Error('an invited user is not there');
      return { user: userView(user), token, expiresAt: expiresAt.toISOString() };
    });
  }

  async #subjectFor(tx: WriteTransaction, { email, displayName }: InviteUserInput): Promise<string> {
    const { people, newId } = this.#deps;
    const known = await people.findByEmail(tx, email);
    if (known === null) {
      const id = newId<ActorId>();
      const isFree = await people.insertInvited(tx, { id, email, displayName: displayName ?? email });
      if (!isFree) throw identityErrors.IDENTITY_USER_EXISTS();
      return id;
    }
    const user = await people.hold(tx, known.id);
    if (user?.status !== 'offboarded') throw identityErrors.IDENTITY_USER_EXISTS();
    await people.setStatus(tx, user.id, 'invited');
    if (displayName !== undefined) await people.setDisplayName(tx, user.id, displayName);
    return user.id;
  }

  async #grant(
    tx: WriteTransaction,
    { id, roles, grantedBy }: { id: string; roles: readonly Role[]; grantedBy: string },
  ): Promise<void> {
    const { people, newId } = this.#deps;
    for (const role of roles) {
      await people.grantRole(tx, { id: newId<GrantId>(), subjectId: id, role, grantedBy });
      await tx.audit({ action: 'role.assigned', resource: { type: 'user', id }, details: { role } });
    }
  }
}
