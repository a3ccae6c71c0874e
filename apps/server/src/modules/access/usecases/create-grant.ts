import type { GrantRules, GrantView, PlaceInput } from '@quantumvault/api';
import type { Place } from '../../../kernel/access.ts';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate, ApprovalTicket, PlanOf } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { type ActorId, type GrantId, idFrom, type NewId } from '../../../kernel/ids.ts';
import type { Transaction, UnitOfWork, WriteTransaction } from '../../../kernel/unit-of-work.ts';
import { refuseEscalation } from '../domain/escalation.ts';
import { checkedRules, roleOfName } from '../domain/give.ts';
import { grantsOfSubjectMax, grantView, placeResource } from '../domain/grant.ts';
import { accessErrors } from '../errors.ts';
import type { GrantRepository } from '../ports/grant-repository.ts';
import type { PlaceDirectory } from '../ports/place-directory.ts';
import type { RoleRepository } from '../ports/role-repository.ts';
import { recordingRefusals } from '../refusals.ts';

export interface CreateGrantInput {
  readonly subjectId: string;
  readonly effect: 'allow' | 'deny';
  readonly role: string;
  readonly place?: PlaceInput | undefined;
  readonly notBefore?: string | undefined;
  readonly expiresAt?: string | undefined;
  readonly rules?: GrantRules | undefined;
}

export interface CreateGrantOptions {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly approvals: ApprovalGate;
  readonly grants: GrantRepository;
  readonly roles: RoleRepository;
  readonly places: PlaceDirectory;
  readonly clock: Clock;
  readonly newId: NewId;
}

const instantOf = (text: string | undefined): Date | null => (text === undefined ? null : new Date(text));

/**
 * Gives a role to somebody, or denies it, on a place and under conditions. Nobody gives what he does not hold there for
 * good, and nobody gives anything to himself (ACC-6). Throws `ACCESS_*`.
 */
export class CreateGrant {
  readonly #authorize: Authorize;
  readonly #options: CreateGrantOptions;
  constructor(options: CreateGrantOptions) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, input: CreateGrantInput): Promise<GrantView> {
    await this.#authorize(actor, 'grant.create', placeResource(input.place, actor.tenantId));
    const { uow } = this.#options;
    const resource = placeResource(input.place, actor.tenantId);
    return recordingRefusals(uow, { actor, action: 'grant.create', resource }, () => this.#checked(actor, input));
  }

  async #checked(actor: Actor, input: CreateGrantInput): Promise<GrantView> {
    const { uow, clock, approvals } = this.#options;
    const rules = checkedRules(input.rules);
    const expiresAt = instantOf(input.expiresAt);
    if (expiresAt !== null && expiresAt <= clock.now()) throw accessErrors.ACCESS_GRANT_EXPIRED();
    if (input.effect === 'allow' && input.subjectId === actor.id) throw accessErrors.ACCESS_SELF_GRANT();
    const place = await this.#place(actor, input.place);
    const ticket = await approvals.gate(actor, {
      operation: 'grant.create',
      resource: { type: 'subject', id: input.subjectId },
      plan: (tx) => this.#plan(tx, input, rules),
    });
    return uow.write(actor, (tx) => this.#give(tx, { actor, input, place, rules, expiresAt, ticket }));
  }

  async #plan(tx: Transaction, input: CreateGrantInput, rules: GrantRules): Promise<PlanOf<'grant.create'>> {
    const { grants, roles } = this.#options;
    // The gate asks in a transaction that only reads, and once more in that of the grant, which holds the role by then.
    const role = await roleOfName(input.role, (inTx, name) => roles.peekByName(inTx, name), tx);
    const subjectName = await grants.nameOf(tx, input.subjectId);
    if (subjectName === null) throw accessErrors.ACCESS_SUBJECT_NOT_FOUND();
    return {
      subjectId: input.subjectId,
      subjectName,
      effect: input.effect,
      role: role.name,
      permissions: role.permissions.toSorted(),
      environmentId: input.place?.environmentId ?? null,
      projectId: input.place?.projectId ?? null,
      serviceId: input.place?.serviceId ?? null,
      notBefore: input.notBefore ?? null,
      expiresAt: input.expiresAt ?? null,
      rules,
    };
  }

  async #place(actor: Actor, given: PlaceInput | undefined): Promise<Place | null> {
    if (given === undefined) return null;
    const place = await this.#options.places.placeOf(actor.tenantId, placeResource(given, actor.tenantId));
    if (place === null) throw accessErrors.ACCESS_PLACE_UNKNOWN();
    return place;
  }

  async #give(
    tx: WriteTransaction,
    wanted: {
      readonly actor: Actor;
      readonly input: CreateGrantInput;
      readonly place: Place | null;
      readonly rules: GrantRules;
      readonly expiresAt: Date | null;
      readonly ticket: ApprovalTicket;
    },
  ): Promise<GrantView> {
    const { grants, roles, newId } = this.#options;
    const { actor, input, place, rules, expiresAt, ticket } = wanted;
    const role = await roleOfName(input.role, (inTx, name) => roles.findByName(inTx, name), tx);
    // Only an allowance hands something on; a denial takes.
    if (input.effect === 'allow') refuseEscalation(actor, { permissions: role.permissions, place });
    if ((await grants.holdSubject(tx, input.subjectId)) === null) throw accessErrors.ACCESS_SUBJECT_NOT_FOUND();
    if ((await grants.count(tx, input.subjectId)) >= grantsOfSubjectMax) throw accessErrors.ACCESS_GRANTS_FULL();
    const hadAdministrators = input.effect === 'deny' ? await grants.countAdministrators(tx) : 0;
    // Behind the lock of the subject, as every change of its rights is.
    await ticket.consume(tx);
    const grant = await grants.insert(tx, {
      id: newId<GrantId>(),
      subjectId: idFrom<ActorId>(input.subjectId),
      effect: input.effect,
      role,
      place,
      notBefore: instantOf(input.notBefore),
      expiresAt,
      rules,
      source: 'direct',
      grantedBy: actor.id,
    });
    if (hadAdministrators > 0 && (await grants.countAdministrators(tx)) === 0)
      throw accessErrors.ACCESS_LAST_ADMINISTRATOR();
    await tx.audit({
      action: input.effect === 'allow' ? 'grant.created' : 'grant.denied',
      resource: { type: 'grant', id: grant.id },
      details: {
        subjectId: grant.subjectId,
        role: grant.role,
        environmentId: grant.place?.environmentId ?? null,
        projectId: grant.place?.projectId ?? null,
        serviceId: grant.place?.serviceId ?? null,
        notBefore: input.notBefore ?? null,
        expiresAt: input.expiresAt ?? null,
        conditions: Object.keys(rules).join(' '),
      },
    });
    return grantView(grant);
  }
}
