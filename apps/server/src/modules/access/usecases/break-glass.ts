import type { BreakGlassView, PlaceInput } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { GrantId, NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { roleOfName } from '../domain/give.ts';
import { grantsOfSubjectMax, placeResource } from '../domain/grant.ts';
import { breakGlassView } from '../domain/temporary.ts';
import { accessErrors } from '../errors.ts';
import type { GrantRepository } from '../ports/grant-repository.ts';
import type { PlaceDirectory } from '../ports/place-directory.ts';
import type { RoleRepository } from '../ports/role-repository.ts';
import type { TemporaryRepository } from '../ports/temporary-repository.ts';
import { recordingRefusals } from '../refusals.ts';

interface Options {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly grants: GrantRepository;
  readonly roles: RoleRepository;
  readonly temporary: TemporaryRepository;
  readonly places: PlaceDirectory;
  readonly newId: NewId;
}

export interface BreakGlassInput {
  readonly role: string;
  readonly place?: PlaceInput | undefined;
  readonly durationSeconds: number;
  readonly reason: string;
}

/**
 * Takes a role at once (ACC-8). The danger is plain: this goes around everybody. So it ends within hours, each use of it
 * is an event, the other administrators learn of it in the same transaction, one of them must review it, and whoever has
 * a review overdue cannot do it again. It overrides no denial. Throws `ACCESS_*`.
 */
export class BreakGlass {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, input: BreakGlassInput): Promise<BreakGlassView> {
    await this.#authorize(actor, 'access.break-glass', placeResource(input.place, actor.tenantId));
    const { uow, places } = this.#options;
    const resource = placeResource(input.place, actor.tenantId);
    if (input.place !== undefined && (await places.placeOf(actor.tenantId, resource)) === null)
      throw accessErrors.ACCESS_PLACE_UNKNOWN();
    return recordingRefusals(uow, { actor, action: 'access.break-glass', resource }, () => this.#break(actor, input));
  }

  #break(actor: Actor, input: BreakGlassInput): Promise<BreakGlassView> {
    const { uow, grants, roles, temporary, newId } = this.#options;
    if (actor.kind !== 'user') throw accessErrors.ACCESS_EMERGENCY_PERSON();
    // The installation is not one organization's emergency.
    if (input.role === 'platform-admin') throw accessErrors.ACCESS_EMERGENCY_ROLE();
    return uow.write(actor, async (tx) => {
      const role = await roleOfName(input.role, (inTx, name) => roles.findByName(inTx, name), tx);
      if ((await grants.holdSubject(tx, actor.id)) === null) throw accessErrors.ACCESS_SUBJECT_NOT_FOUND();
      if (await temporary.hasOverdueReview(tx, actor.id)) throw accessErrors.ACCESS_REVIEW_OVERDUE();
      if ((await grants.count(tx, actor.id)) >= grantsOfSubjectMax) throw accessErrors.ACCESS_GRANTS_FULL();
      const now = await temporary.now(tx);
      const expiresAt = new Date(now.getTime() + input.durationSeconds * 1_000);
      const grant = await grants.insert(tx, {
        id: newId<GrantId>(),
        subjectId: actor.id,
        effect: 'allow',
        role,
        place: placeGiven(input.place),
        notBefore: null,
        expiresAt,
        rules: {},
        source: 'break-glass',
        grantedBy: actor.id,
      });
      const about = { grantId: grant.id, subjectId: actor.id };
      const broken = await temporary.insertBreakGlass(tx, { ...about, reason: input.reason });
      const notified = await temporary.notifyAdministrators(tx, {
        kind: 'break-glass',
        resourceId: grant.id,
        except: actor.id,
      });
      await tx.audit({
        action: 'access.glass-broken',
        resource: { type: 'grant', id: grant.id },
        reason: { code: 'EMERGENCY', text: input.reason },
        details: {
          role: role.name,
          expiresAt: expiresAt.toISOString(),
          reviewDueAt: broken.reviewDueAt.toISOString(),
          notified,
        },
      });
      await tx.publish('access.glass-broken', { ...about, role: role.name, expiresAt: expiresAt.toISOString() });
      return breakGlassView(broken);
    });
  }
}

const placeGiven = (place: PlaceInput | undefined) =>
  place === undefined
    ? null
    : {
        environmentId: place.environmentId ?? null,
        projectId: place.projectId ?? null,
        serviceId: place.serviceId ?? null,
      };

/**
 * Says of somebody else's emergency whether it was one. What was not is also ended at once. Throws
 * `ACCESS_BREAK_GLASS_NOT_FOUND`, `ACCESS_REVIEWED` or `ACCESS_SELF_APPROVAL`.
 */
export class ReviewBreakGlass {
  readonly #authorize: Authorize;
  readonly #options: Pick<Options, 'uow' | 'grants' | 'temporary'>;
  constructor(options: Pick<Options, 'authorize' | 'uow' | 'grants' | 'temporary'>) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(
    actor: Actor,
    {
      id,
      verdict,
      note,
    }: { readonly id: string; readonly verdict: 'justified' | 'unjustified'; readonly note: string },
  ): Promise<BreakGlassView> {
    await this.#authorize(actor, 'access.review', { type: 'break-glass', id });
    const { uow, grants, temporary } = this.#options;
    const resource = { type: 'grant', id };
    return recordingRefusals(uow, { actor, action: 'access.review', resource }, () =>
      uow.write(actor, async (tx) => {
        const broken = await temporary.findBreakGlassForUpdate(tx, id);
        if (broken === null) throw accessErrors.ACCESS_BREAK_GLASS_NOT_FOUND();
        const pair = { one: actor.id, other: broken.subjectId, since: broken.createdAt };
        if (actor.kind !== 'user' || (await temporary.isSamePerson(tx, pair)))
          throw accessErrors.ACCESS_SELF_APPROVAL();
        if (broken.reviewedAt !== null) throw accessErrors.ACCESS_REVIEWED();
        if (verdict === 'unjustified' && broken.revokedAt === null) await grants.revoke(tx, id);
        const reviewed = await temporary.review(tx, id, { by: actor.id, verdict, note });
        await tx.audit({
          action: 'access.glass-reviewed',
          resource,
          reason: { code: verdict.toUpperCase(), text: note },
          details: { subjectId: broken.subjectId, role: broken.role, overdue: broken.isOverdue },
        });
        return breakGlassView(reviewed);
      }),
    );
  }
}
