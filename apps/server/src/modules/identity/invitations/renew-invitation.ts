import type { Actor } from '../../../kernel/actor.ts';
import { isRole, permissions, permissionsOfRole } from '../../../kernel/permissions.ts';
import { refuseEscalation } from '../../access/index.ts';
import { identityErrors } from '../errors.ts';
import { userView } from '../people/user.ts';
import { recordingRefusal, unrepeated } from '../recording-refusal.ts';
import type { Invited, InvitingDeps } from './invite-user.ts';
import { issueInvitation } from './issue-invitation.ts';

/**
 * Invites again, with a new token; the one before is void. Whoever gets the token can become the person, with the roles that the
 * first invitation held ready: so it takes what giving them takes (ACC-6). Throws `IDENTITY_USER_NOT_FOUND`,
 * `IDENTITY_USER_STATE` and `ACCESS_ESCALATION`.
 */
export class RenewInvitation {
  readonly #deps: InvitingDeps;
  constructor(deps: InvitingDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, id: string): Promise<Invited> {
    await this.#deps.authorize(actor, 'user.invite', { type: 'user', id });
    const { uow } = this.#deps;
    const attempt = { uow, actor, permission: 'user.invite', resource: { type: 'user', id } } as const;
    return recordingRefusal(attempt, () => this.#renew(actor, id));
  }

  #renew(actor: Actor, id: string): Promise<Invited> {
    const { people, uow } = this.#deps;
    return uow.write(unrepeated(actor), async (tx) => {
      const user = await people.hold(tx, id);
      if (user === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
      if (user.status !== 'invited')
        throw identityErrors.IDENTITY_USER_STATE({ detail: `The user is ${user.status}.` });
      // As for the first invitation: an approval of grants that was demanded since holds for its roles too (ACC-9).
      if (user.roles.length > 0) await this.#deps.approvals.refuseDetour(tx, 'grant.create');
      for (const role of user.roles) {
        // An invitation gives built-in roles alone; of another one nothing is known here, and it counts as everything.
        refuseEscalation(actor, { permissions: isRole(role) ? permissionsOfRole[role] : permissions, place: null });
      }
      const issued = await issueInvitation(this.#deps, tx, { subjectId: id, invitedBy: actor.id });
      const { invitationId, token, expiresAt } = issued;
      await tx.audit({
        action: 'user.invited',
        resource: { type: 'user', id },
        details: { invitationId, isAgain: true, expiresAt: expiresAt.toISOString() },
      });
      const after = await people.find(tx, id);
      if (after === null) throw new Error('an invited user is not there');
      return { user: userView(after), token, expiresAt: expiresAt.toISOString() };
    });
  }
}
