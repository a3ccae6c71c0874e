import type { AccessExplanation, PlaceInput } from '@quantumvault/api';
import type { Place } from '../../../kernel/access.ts';
import { type Actor, internalRequest, noCredential } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { type ActorId, idFrom } from '../../../kernel/ids.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { type Deciding, explain } from '../domain/decide.ts';
import { explanationView } from '../domain/explanation.ts';
import { placeResource } from '../domain/grant.ts';
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
  readonly access: Pick<AccessDirectory, 'now'>;
  readonly places: PlaceDirectory;
  readonly clock: Clock;
}

/**
 * ACC-6: why something is allowed or refused, for oneself with the facts of this very request, for others with those that
 * are given. Whoever has no `grant.read` learns of nobody but himself. Throws `ACCESS_SUBJECT_NOT_FOUND`.
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
    return explanationView(explanation, { subjectId, permission: input.permission, place });
  }

  async #other(actor: Actor, subjectId: ActorId): Promise<Deciding> {
    const held = await this.#options.uow.read(actor.tenantId, (tx) => this.#options.access.now(tx, subjectId));
    if (held === null) throw accessErrors.ACCESS_SUBJECT_NOT_FOUND();
    return { kind: 'user', access: held, credential: noCredential };
  }

  #placeOf(actor: Actor, { place, resource }: ExplainInput): Promise<Place | null> {
    return this.#options.places.placeOf(actor.tenantId, resource ?? placeResource(place, actor.tenantId));
  }
}

function withFacts(subject: Deciding, facts: GivenFacts): Deciding {
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
