import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { identityErrors } from '../errors.ts';
import type { SessionKeys } from '../tokens/session-keys.ts';
import type { SessionOpener } from './open-session.ts';
import { hashOfSecret, newSecret } from './secrets.ts';
import { type ClientFacts, type OpenedSession, signingIn } from './session.ts';
import { needCsrf } from './session-authenticator.ts';
import type { FoundRefreshToken, SessionDirectory } from './session-directory.ts';
import type { SessionStore } from './session-store.ts';

export interface RefreshSessionOptions {
  readonly directory: Pick<SessionDirectory, 'findRefreshToken'>;
  readonly store: SessionStore;
  readonly opener: SessionOpener;
  readonly keys: Pick<SessionKeys, 'issue'>;
  readonly uow: UnitOfWork;
  readonly countRefusal: CountRefusal;
}

export interface PresentedRefreshToken {
  readonly text: string;
  readonly csrfToken: string | null;
  readonly isSameOrigin: boolean;
}

/**
 * New tokens for a session (ACC-4). A refresh token is good once. One that comes back after it was replaced has been
 * copied, and nobody can say which of the two holders is the thief: the session ends for both.
 */
export class RefreshSession {
  readonly #options: RefreshSessionOptions;
  constructor(options: RefreshSessionOptions) {
    this.#options = options;
  }

  async redeem(presented: PresentedRefreshToken, client: ClientFacts): Promise<OpenedSession> {
    const { directory, store, uow, keys } = this.#options;
    const current = hashOfSecret(presented.text);
    const found = await directory.findRefreshToken(current);
    if (found === null || found.transport !== client.transport) throw this.#refused(client);
    if (found.transport === 'cookie') needCsrf({ ...presented, isSafe: false }, found.csrfHash);
    if (found.usable && !found.isCurrent) return this.#endFamily(found, client);
    if (!found.usable) throw this.#refused(client);

    const { tenantId, subjectId, sessionId } = idsOf(found);
    const next = newSecret('qvr');
    const replaced = await uow.writeUnaudited(
      { tenantId, reason: 'the next token of a session whose beginning is recorded' },
      (tx) => store.replaceRefreshToken(tx, { sessionId, current, next: next.hash }),
    );
    // Somebody else has used it in the meantime: that is the same token twice.
    if (replaced === null) return this.#endFamily(found, client);
    const { endsAt, mustChange } = replaced;
    const access = await keys.issue({ subjectId, organizationId: tenantId, sessionId, endsAt });
    return {
      sessionId,
      organizationId: tenantId,
      subjectId,
      transport: found.transport,
      accessToken: access.text,
      refreshToken: next.text,
      csrfToken: null,
      expiresAt: access.expiresAt,
      endsAt,
      mustChange,
    };
  }

  async #endFamily(found: FoundRefreshToken, client: ClientFacts): Promise<never> {
    const { tenantId, subjectId, sessionId } = idsOf(found);
    await this.#options.uow.write(signingIn({ tenantId, subjectId }, client.request), async (tx) => {
      await tx.audit({
        action: 'session.refresh-reused',
        resource: { type: 'session', id: sessionId },
        outcome: 'refused',
        reason: { code: 'REFRESH_TOKEN_REUSED' },
        details: { subjectId },
      });
      await this.#options.opener.endSessions(tx, { subjectId, ids: [sessionId], reason: 'refresh-reused' });
      await tx.publish('identity.refresh-token-reused', { subjectId, sessionId });
    });
    throw this.#refused(client);
  }

  #refused(client: ClientFacts) {
    this.#options.countRefusal(client.request.sourceAddress);
    return identityErrors.IDENTITY_SESSION_ENDED();
  }
}

const idsOf = (found: FoundRefreshToken) => ({
  tenantId: found.tenantId as TenantId,
  subjectId: found.subjectId as ActorId,
  sessionId: found.sessionId,
});
