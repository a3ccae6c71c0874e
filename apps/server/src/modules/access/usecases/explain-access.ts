import type { AccessExplanation, PlaceInput } from '@quantumvault/api';
import type { Grant, Place } from '../../../kernel/access.ts';
import { type Actor, internalRequest, noCredential } from '../../../kernel/actor.ts';
import type { ApprovalOutlooks } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { type ActorId, idFrom } from '../../../kernel/ids.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { type Deciding, decide, explain } from '../domain/decide.ts';
import { explanationView } from '../domain/explanation.ts';
import { placeResource } from '../domain/grant.ts';
import { type Proving, proofOf } from '../domain/proof.ts';
import { accessErrors } from '../errors.ts';
import type { AccessDirectory } from '../ports/access-directory.ts';
import type { PlaceDirectory } from '../ports/place-directory.ts';

export interface ExplainInput {
  readonly permission: Permission;
  readonly subjectId?: string | undefined;
  readonly place?: PlaceInput | undefined;
  readonly resource?: { readonly type: string; readonly id: string } | undefined;
  readonly facts?: GivenFacts | undefined;
}

type Explained = Deciding & Proving;

/** Whether the proof that was shown is known: of this very request, or as it was given. */
const isKnown = (facts: GivenFacts | undefined, isSelf: boolean): boolean =>
  facts === undefined ? isSelf : facts.mfaAt !== undefined;

/** An allowance that has not ended, whatever time was asked about. */
const isLeading = ({ effect, conditions }: Pick<Grant, 'effect' | 'conditions'>, now: Date): boolean =>
  effect === 'allow' && (conditions.expiresAt === undefined || conditions.expiresAt > now);

interface GivenFacts {
  readonly at?: string | undefined;
  readonly address?: string | undefined;
  readonly country?: string | undefined;
  readonly deviceId?: string | undefined;
  readonly mfaAt?: string | undefined;
  readonly purpose?: string | undefined;
}

export interface ExplainOptions {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly access: Pick<AccessDirectory, 'now' | 'kindOf'>;
  readonly outlooks: ApprovalOutlooks;
  readonly places: PlaceDirectory;
  readonly clock: Clock;
}

/**
 * ACC-6: why something is allowed or refused, for oneself with the facts of this very request, for others with those that
 * are given: by grants, by the proof of identity that is demanded (ACC-5), and what waits for others then (ACC-9). Whoever has no
 * `grant.read` learns of nobody but himself; names of approvers take `user.read`. Throws `ACCESS_SUBJECT_NOT_FOUND`.
 */
export class ExplainAccess {
  readonly #authorize: Authorize;
  readonly #options: ExplainOptions;
  constructor(options: ExplainOptions) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, input: ExplainInput): Promise<AccessExplanation> {
    await this.#authorize(actor, 'identity.read', { type: 'actor', id: actor.id });
    const { clock } = this.#options;
    const subjectId = input.subjectId === undefined ? actor.id : idFrom<ActorId>(input.subjectId);
    if (subjectId !== actor.id) await this.#authorize(actor, 'grant.read', { type: 'subject', id: subjectId });
    const subject = subjectId === actor.id ? actor : await this.#other(actor, subjectId);
    const deciding = input.facts === undefined ? subject : withFacts(subject, input.facts);
    const place = await this.#placeOf(actor, input);
    const now = input.facts?.at === undefined ? clock.now() : new Date(input.facts.at);
    const explanation = explain(deciding, { action: input.permission, place, now });
    const proof = proofOf(deciding, {
      action: input.permission,
      now,
      isKnown: isKnown(input.facts, subject === actor),
    });
    const approvals = await this.#approvals(actor, {
      permission: input.permission,
      subjectId,
      isHeld: explanation.decision.isAllowed,
    });
    // Whom no grant leads there learns neither where a thing stands nor whether it is.
    const isKnownThere =
      explanation.grants.some(({ grant, isReaching }) => isReaching && isLeading(grant, clock.now())) ||
      decide(actor, { action: 'grant.read', place, now: clock.now() }).isAllowed;
    return explanationView(explanation, {
      subjectId,
      permission: input.permission,
      place: isKnownThere ? place : null,
      proof,
      approvals,
    });
  }

  /** Whoever holds the permission learns of the demand by using it, so he may know before. */
  async #approvals(
    actor: Actor,
    asked: { readonly permission: Permission; readonly subjectId: string; readonly isHeld: boolean },
  ): Promise<AccessExplanation['approvals']> {
    const { uow, outlooks, clock } = this.#options;
    const may = (action: Permission) => decide(actor, { action, place: null, now: clock.now() }).isAllowed;
    const { permission, subjectId, isHeld } = asked;
    if (!(subjectId === actor.id && isHeld) && !may('approval-policy.read')) return null;
    const wanted = { permission, requesterId: subjectId, withPeople: may('user.read') };
    const found = await uow.read(actor.tenantId, (tx) => outlooks.behind(tx, wanted));
    return found.map(({ thresholds, approvers, ...outlook }) => ({
      ...outlook,
      thresholds: thresholds.map((threshold) => ({ ...threshold })),
      approvers: approvers === null ? null : [...approvers],
    }));
  }

  async #other(actor: Actor, subjectId: ActorId): Promise<Explained> {
    const { uow, access } = this.#options;
    const [held, kind] = await uow.read(actor.tenantId, async (tx) => [
      await access.now(tx, subjectId),
      await access.kindOf(tx, subjectId),
    ]);
    if (held === null || kind === null) throw accessErrors.ACCESS_SUBJECT_NOT_FOUND();
    return { kind, access: held, credential: noCredential, approval: null };
  }

  #placeOf(actor: Actor, { place, resource }: ExplainInput): Promise<Place | null> {
    return this.#options.places.placeOf(actor.tenantId, resource ?? placeResource(place, actor.tenantId));
  }
}

function withFacts(subject: Explained, facts: GivenFacts): Explained {
  return {
    ...subject,
    credential: {
      ...subject.credential,
      deviceId: facts.deviceId ?? null,
      macAddresses: [],
      mfaAt: facts.mfaAt === undefined ? null : new Date(facts.mfaAt),
    },
    request: {
      ...internalRequest('explain'),
      sourceAddress: facts.address ?? null,
      country: facts.country ?? null,
      purpose: facts.purpose ?? null,
    },
  };
}
