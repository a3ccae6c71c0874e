import { type AccessRequestView, permissionsOfRole } from '@quantumvault/api';
import type { Place } from '../../../kernel/access.ts';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { GrantId, NewId } from '../../../kernel/ids.ts';
import { isRole } from '../../../kernel/permissions.ts';
import type { Transaction, UnitOfWork, WriteTransaction } from '../../../kernel/unit-of-work.ts';
import { refuseEscalation } from '../domain/escalation.ts';
import { grantsOfSubjectMax } from '../domain/grant.ts';
import type { HeldRole } from '../domain/role.ts';
import { requestView, type StoredRequest } from '../domain/temporary.ts';
import { accessErrors } from '../errors.ts';
import type { GrantRepository } from '../ports/grant-repository.ts';
import type { PlaceDirectory } from '../ports/place-directory.ts';
import type { RoleRepository } from '../ports/role-repository.ts';
import type { TemporaryRepository } from '../ports/temporary-repository.ts';
import { recordingRefusals } from '../refusals.ts';

interface Options {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly approvals: ApprovalGate;
  readonly grants: GrantRepository;
  readonly roles: RoleRepository;
  readonly temporary: TemporaryRepository;
  readonly places: PlaceDirectory;
  readonly newId: NewId;
}

/** The request, locked and still open to be decided by this actor. Throws `ACCESS_*`. */
async function holdOpen(
  temporary: TemporaryRepository,
  tx: Transaction,
  { actor, id }: { readonly actor: Actor; readonly id: string },
): Promise<StoredRequest> {
  const request = await temporary.findRequestForUpdate(tx, id);
  if (request === null) throw accessErrors.ACCESS_REQUEST_NOT_FOUND();
  const pair = { one: actor.id, other: request.subjectId, since: request.createdAt };
  if (actor.kind !== 'user' || (await temporary.isSamePerson(tx, pair))) throw accessErrors.ACCESS_SELF_APPROVAL();
  if (request.status === 'lapsed') throw accessErrors.ACCESS_REQUEST_LAPSED();
  if (request.status !== 'pending') throw accessErrors.ACCESS_REQUEST_DECIDED();
  return request;
}

/**
 * Gives what somebody else asked for, for the time that was asked for and from now on (ACC-8). Whoever approves must be
 * another person, and must hold himself what he gives. Throws `ACCESS_*`.
 */
export class ApproveRequest {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(
    actor: Actor,
    { id, reason }: { readonly id: string; readonly reason?: string | undefined },
  ): Promise<AccessRequestView> {
    await this.#authorize(actor, 'access.decide', { type: 'access-request', id });
    const { uow, places } = this.#options;
    const resource = { type: 'access-request', id };
    const place = await places.placeOf(actor.tenantId, resource);
    return recordingRefusals(uow, { actor, action: 'access.decide', resource }, () =>
      uow.write(actor, (tx) => this.#approve(tx, { actor, id, place, reason: reason ?? null })),
    );
  }

  async #approve(
    tx: WriteTransaction,
    given: { readonly actor: Actor; readonly id: string; readonly place: Place | null; readonly reason: string | null },
  ): Promise<AccessRequestView> {
    const { approvals, grants, temporary, newId } = this.#options;
    const { actor, id, place, reason } = given;
    // One colleague is no quorum: where grants need approval, access for a time is a grant that ends (ACC-9).
    await approvals.refuseDetour(tx, 'grant.create');
    const request = await holdOpen(temporary, tx, given);
    const role = await this.#roleOf(tx, request);
    refuseEscalation(actor, { permissions: role.permissions, place });
    if ((await grants.holdSubject(tx, request.subjectId)) === null) throw accessErrors.ACCESS_SUBJECT_NOT_FOUND();
    if ((await grants.count(tx, request.subjectId)) >= grantsOfSubjectMax) throw accessErrors.ACCESS_GRANTS_FULL();
    const now = await temporary.now(tx);
    const expiresAt = new Date(now.getTime() + request.durationSeconds * 1_000);
    const grant = await grants.insert(tx, {
      id: newId<GrantId>(),
      subjectId: request.subjectId,
      effect: 'allow',
      role,
      place: request.place,
      notBefore: null,
      expiresAt,
      rules: {},
      source: 'temporary',
      grantedBy: actor.id,
    });
    const decided = { status: 'approved', by: actor.id, reason, grantId: grant.id } as const;
    const approved = await temporary.decideRequest(tx, id, decided);
    await tx.audit({
      action: 'access.request-approved',
      resource: { type: 'access-request', id },
      ...(reason === null ? {} : { reason: { code: 'STATED', text: reason } }),
      details: {
        subjectId: request.subjectId,
        role: role.name,
        grantId: grant.id,
        expiresAt: expiresAt.toISOString(),
      },
    });
    await tx.publish('access.request-decided', { requestId: id, subjectId: request.subjectId, status: 'approved' });
    return requestView(approved);
  }

  async #roleOf(tx: Transaction, { role, customRoleId }: StoredRequest): Promise<HeldRole> {
    if (customRoleId === null && isRole(role))
      return { name: role, customId: null, permissions: permissionsOfRole[role] };
    const custom = customRoleId === null ? null : await this.#options.roles.findForUpdate(tx, customRoleId);
    if (custom === null) throw accessErrors.ACCESS_ROLE_NOT_FOUND();
    return { name: custom.name, customId: custom.id, permissions: custom.permissions };
  }
}

/** Refuses what somebody asked for. Throws `ACCESS_*`. */
export class DenyRequest {
  readonly #authorize: Authorize;
  readonly #options: Pick<Options, 'uow' | 'temporary'>;
  constructor(options: Pick<Options, 'authorize' | 'uow' | 'temporary'>) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(
    actor: Actor,
    { id, reason }: { readonly id: string; readonly reason: string },
  ): Promise<AccessRequestView> {
    await this.#authorize(actor, 'access.decide', { type: 'access-request', id });
    const { uow, temporary } = this.#options;
    const resource = { type: 'access-request', id };
    return recordingRefusals(uow, { actor, action: 'access.decide', resource }, () =>
      uow.write(actor, async (tx) => {
        const { subjectId } = await holdOpen(temporary, tx, { actor, id });
        const denied = await temporary.decideRequest(tx, id, { status: 'denied', by: actor.id, reason, grantId: null });
        await tx.audit({
          action: 'access.request-denied',
          resource,
          reason: { code: 'STATED', text: reason },
          details: { subjectId, role: denied.role },
        });
        await tx.publish('access.request-decided', { requestId: id, subjectId, status: 'denied' });
        return requestView(denied);
      }),
    );
  }
}
