import type { ActorId, NewId } from '../../../kernel/ids.ts';
import type { WriteTransaction } from '../../../kernel/unit-of-work.ts';
import type { SubjectKeys } from '../../keys/index.ts';
import type { SecuritySettingsStore } from '../security/settings-store.ts';
import type { SessionKeys } from '../tokens/session-keys.ts';
import { newSecret } from './secrets.ts';
import type { ClientFacts, EndReason, MustChange, OpenedSession } from './session.ts';
import type { SealedAddress, SessionStore } from './session-store.ts';

/** The place of an address in a session, as the subject's key binds it. */
export const addressField = 'session-address';
const userAgentLengthMax = 120;

export interface SignInFacts {
  /** When the first factor was shown. */
  readonly authenticatedAt: Date;
  /** When the second one was; null when none was. */
  readonly mfaAt: Date | null;
  readonly mustChange: MustChange | null;
  readonly client: ClientFacts;
}

export interface SessionOpenerOptions {
  readonly store: SessionStore;
  readonly settings: SecuritySettingsStore;
  readonly keys: Pick<SessionKeys, 'issue'>;
  readonly subjectKeys: Pick<SubjectKeys, 'forSubject'>;
  readonly newId: NewId;
}

/** Begins sessions, once whoever signs in has shown all that is asked for; every way to sign in ends here (ACC-4). */
export class SessionOpener {
  readonly #options: SessionOpenerOptions;
  constructor(options: SessionOpenerOptions) {
    this.#options = options;
  }

  /**
   * Makes the session of a subject in the transaction of the sign-in, whose actor is the subject itself (`signingIn`).
   * The oldest sessions end when there are too many.
   */
  async completeSignIn(
    tx: WriteTransaction,
    subject: { readonly subjectId: ActorId },
    facts: SignInFacts,
  ): Promise<OpenedSession> {
    const { store, settings, keys, newId } = this.#options;
    const { subjectId } = subject;
    const { session: limits } = (await settings.read(tx)).settings;
    await store.lockSubject(tx, subjectId);
    const live = await store.live(tx, subjectId);
    const tooMany = live.slice(limits.concurrentMax - 1).map(({ id }) => id);
    if (tooMany.length > 0) await this.endSessions(tx, { subjectId, ids: tooMany, reason: 'session-limit' });

    const sessionId = newId<string>();
    const { transport, userAgent, request } = facts.client;
    const refresh = newSecret('qvr');
    const csrf = transport === 'cookie' ? newSecret('qvc') : null;
    const endsAt = await store.insert(tx, {
      id: sessionId,
      subjectId,
      transport,
      idleSeconds: limits.idleMinutesMax * 60,
      lifetimeSeconds: limits.hoursMax * 3600,
      authenticatedAt: facts.authenticatedAt,
      mfaAt: facts.mfaAt,
      csrfHash: csrf?.hash ?? null,
      mustChange: facts.mustChange,
      address: await this.#seal(tx, subjectId, request.sourceAddress),
      userAgent: printable(userAgent),
    });
    await store.insertRefreshToken(tx, { sessionId, hash: refresh.hash, generation: 1 });
    await tx.audit({
      action: 'session.created',
      resource: { type: 'session', id: sessionId },
      details: { subjectId, transport, secondFactor: facts.mfaAt !== null },
    });
    const access = await keys.issue({ subjectId, organizationId: tx.tenantId, sessionId, endsAt });
    return {
      sessionId,
      organizationId: tx.tenantId,
      subjectId,
      transport,
      accessToken: access.text,
      refreshToken: refresh.text,
      csrfToken: csrf?.text ?? null,
      expiresAt: access.expiresAt,
      endsAt,
      mustChange: facts.mustChange,
    };
  }

  /** Ends sessions with one event each; the ids of those that had not ended. `ids` null: all of the subject. */
  async endSessions(
    tx: WriteTransaction,
    which: { readonly subjectId: ActorId; readonly ids: readonly string[] | null; readonly reason: EndReason },
  ): Promise<readonly string[]> {
    const ended = await this.#options.store.end(tx, which);
    for (const id of ended) {
      await tx.audit({
        action: 'session.revoked',
        resource: { type: 'session', id },
        reason: { code: which.reason.toUpperCase().replaceAll('-', '_') },
        details: { subjectId: which.subjectId },
      });
    }
    return ended;
  }

  // The unit of work has fetched this key for the events of the transaction, so nothing is opened while it runs.
  async #seal(tx: WriteTransaction, subjectId: ActorId, address: string | null): Promise<SealedAddress | null> {
    if (address === null) return null;
    const key = await this.#options.subjectKeys.forSubject(tx.tenantId, subjectId);
    const { suite, bytes } = key.seal(addressField, address);
    return { keyId: key.id, suite, bytes };
  }
}

/** What a client calls itself, as far as it can be shown: one line, and not long. */
function printable(text: string | null): string | null {
  const line = (text ?? '').replaceAll(/[^\x20-\x7e]/g, '').trim();
  return line === '' ? null : line.slice(0, userAgentLengthMax);
}
