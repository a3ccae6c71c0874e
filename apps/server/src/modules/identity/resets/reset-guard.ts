import type { Actor } from '../../../kernel/actor.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { type AccessDirectory, missingToHandOn } from '../../access/index.ts';
import { identityErrors } from '../errors.ts';
import type { CredentialResets, ResetKind } from './credential-resets.ts';

/** Why an administrator may not reset credentials of somebody. */
export type ResetRefusal =
  | { readonly code: 'OWN_ACCOUNT' | 'BOTH_BY_ONE' }
  | { readonly code: 'MAY_MORE_THAN_ACTOR'; readonly permission: string };

export const errorOfRefusal = {
  OWN_ACCOUNT: identityErrors.IDENTITY_OWN_ACCOUNT,
  BOTH_BY_ONE: identityErrors.IDENTITY_RESET_BY_ANOTHER,
  MAY_MORE_THAN_ACTOR: identityErrors.IDENTITY_USER_ABOVE_ACTOR,
} as const;

const other: Readonly<Record<ResetKind, ResetKind>> = { password: 'factors', factors: 'password' };

/**
 * Whoever resets the credentials of somebody could become that person. So it gives no right that the administrator does not
 * hold there for good (ACC-6: it is handing on to oneself), and nobody replaces both what the person knows and what the
 * person has. What is left, an account without a second factor whose password one administrator resets, is seen by the
 * person, recorded, and no second person for approvals.
 */
export class ResetGuard {
  readonly #access: Pick<AccessDirectory, 'now'>;
  readonly #resets: CredentialResets;
  readonly #clock: Clock;
  constructor(options: { access: Pick<AccessDirectory, 'now'>; resets: CredentialResets; clock: Clock }) {
    this.#access = options.access;
    this.#resets = options.resets;
    this.#clock = options.clock;
  }

  /** Null: the actor may. To be committed with an event, not thrown from inside. Throws `IDENTITY_USER_STATE`. */
  async whyNot(tx: Transaction, actor: Actor, subjectId: ActorId, kind: ResetKind): Promise<ResetRefusal | null> {
    if (actor.id === subjectId) return { code: 'OWN_ACCOUNT' };
    // Two resets at once see each other.
    await this.#resets.hold(tx, subjectId);
    const held = await this.#access.now(tx, subjectId);
    if (held === null) throw identityErrors.IDENTITY_USER_STATE();
    const now = this.#clock.now();
    for (const { effect, permissions, place, conditions } of held.grants) {
      const isOver = conditions.expiresAt !== undefined && conditions.expiresAt <= now;
      if (effect === 'deny' || isOver) continue;
      const [permission] = missingToHandOn(actor, { permissions, place });
      if (permission !== undefined) return { code: 'MAY_MORE_THAN_ACTOR', permission };
    }
    const both = { subjectId, createdBy: actor.id, kind: other[kind] };
    return (await this.#resets.hasBySameHands(tx, both)) ? { code: 'BOTH_BY_ONE' } : null;
  }

  /** Called with the effect, in its transaction. */
  async record(tx: Transaction, actor: Actor, subjectId: ActorId, kind: ResetKind): Promise<void> {
    await this.#resets.record(tx, { subjectId, kind, createdBy: actor.id });
  }
}
