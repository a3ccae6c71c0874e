import type { OffboardingView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { isoInstant } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork, WriteTransaction } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import type { PeopleRepository } from '../people/people-repository.ts';
import { needAdministratorLeft, needAnother, needRightsOver } from '../people/protect-administrators.ts';
import { recordingRefusal } from '../recording-refusal.ts';
import type { OffboardingRepository, Revocation } from './offboarding-repository.ts';
import { notKnown } from './seen-credentials.ts';

// Some hundreds of credentials are what one person can have seen; a robot's account is cut here, and the report says so.
const seenMax = 1_000;

export interface OffboardUserInput {
  readonly id: string;
  readonly reason?: string | undefined;
}

/**
 * ACC-12: takes away all that a user has in one transaction, and reports which credentials the user has seen. The report
 * is kept: what it lists is work for days. Throws `IDENTITY_*`.
 */
export class OffboardUser {
  readonly #deps: {
    readonly authorize: Authorize;
    readonly uow: UnitOfWork;
    readonly approvals: ApprovalGate;
    readonly people: PeopleRepository;
    readonly offboardings: OffboardingRepository;
    readonly revocations: readonly Revocation[];
    readonly newId: NewId;
  };
  constructor(deps: {
    authorize: Authorize;
    uow: UnitOfWork;
    approvals: ApprovalGate;
    people: PeopleRepository;
    offboardings: OffboardingRepository;
    revocations: readonly Revocation[];
    newId: NewId;
  }) {
    this.#deps = deps;
  }

  async execute(actor: Actor, { id, reason }: OffboardUserInput): Promise<OffboardingView> {
    await this.#deps.authorize(actor, 'user.offboard', { type: 'user', id });
    const { authorize, people, uow, approvals } = this.#deps;
    const target = await uow.read(actor.tenantId, (tx) => people.find(tx, id));
    if (target === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
    await needRightsOver(authorize, actor, target);
    const resource = { type: 'user', id };
    const attempt = { uow, actor, permission: 'user.offboard', resource } as const;
    await recordingRefusal(attempt, async () => needAnother(actor, id));
    const ticket = await approvals.gate(actor, {
      operation: 'user.offboard',
      resource,
      plan: async (tx) => {
        const user = await people.find(tx, id);
        if (user === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
        return { userId: id, name: user.displayName, email: user.email, reason: reason ?? null };
      },
    });
    return recordingRefusal(attempt, () => {
      return uow.write(actor, async (tx) => {
        const user = await people.hold(tx, id);
        if (user === null) throw identityErrors.IDENTITY_USER_NOT_FOUND();
        if (user.status === 'offboarded')
          throw identityErrors.IDENTITY_USER_STATE({ detail: 'The user is offboarded.' });
        await needAdministratorLeft(people, tx, user);
        await ticket.consume(tx);
        const report = await this.#takeAway(tx, actor, id);
        const said = reason === undefined ? {} : { reason: { code: 'user-offboarded', text: reason } };
        const details = { reportId: report.id, toRotate: report.rotate.length, ...report.revoked };
        await tx.audit({ action: 'user.offboarded', resource, ...said, details });
        return report;
      });
    });
  }

  async #takeAway(tx: WriteTransaction, actor: Actor, id: string): Promise<OffboardingView> {
    const { people, offboardings, revocations, newId } = this.#deps;
    const revoked = {
      sessions: 0,
      apiKeys: 0,
      grants: 0,
      approvals: 0,
      invitations: 0,
      factors: 0,
    };
    await people.setStatus(tx, id, 'offboarded');
    await people.setPassword(tx, id, null);
    const seen = await offboardings.seen(tx, id, seenMax + 1);
    const serviceAccounts = await offboardings.serviceAccountsOf(tx, id);
    for (const { of, revoke } of revocations) revoked[of] += await revoke(tx, id);
    const report = {
      id: newId<string>(),
      userId: id,
      offboardedBy: actor.id,
      revoked,
      rotate: seen.slice(0, seenMax).map((credential) => ({ ...credential })),
      isTruncated: seen.length > seenMax,
      serviceAccounts: [...serviceAccounts],
      notKnown: [...notKnown],
    };
    const { offboardedAt } = await offboardings.insertReport(tx, report);
    return { ...report, offboardedAt: isoInstant(offboardedAt) };
  }
}
