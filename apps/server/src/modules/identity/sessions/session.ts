import type { SignInAnswer } from '@quantumvault/api';
import { noAccess } from '../../../kernel/access.ts';
import { type Actor, noCredential, type RequestFacts } from '../../../kernel/actor.ts';
import type { ActorId, TenantId } from '../../../kernel/ids.ts';

export type Transport = 'cookie' | 'token';
export type MustChange = 'administrator' | 'breached' | 'expired';
export type EndReason =
  | 'signed-out'
  | 'revoked'
  | 'refresh-reused'
  | 'session-limit'
  | 'password-changed'
  | 'password-reset'
  | 'factors-reset'
  | 'subject-ended';

/** What a client says of itself while it signs in. */
export interface ClientFacts {
  readonly transport: Transport;
  readonly userAgent: string | null;
  readonly request: RequestFacts;
}

/** A session with the tokens that were just made for it; how they travel is the transport's. */
export interface OpenedSession {
  readonly sessionId: string;
  readonly organizationId: string;
  readonly subjectId: string;
  readonly transport: Transport;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Null for a refresh: the token stays the session's. */
  readonly csrfToken: string | null;
  readonly expiresAt: Date;
  readonly endsAt: Date;
  readonly mustChange: MustChange | null;
}

export type SecondFactorNeeded = Omit<Extract<SignInAnswer, { status: 'second-factor' }>, 'expiresAt'> & {
  readonly expiresAt: Date;
};

/** Who is about to sign in: known, and not yet allowed anything. For the units of work before there is a session. */
export function signingIn(subject: { tenantId: TenantId; subjectId: ActorId }, request: RequestFacts): Actor {
  return {
    kind: 'user',
    id: subject.subjectId,
    tenantId: subject.tenantId,
    access: noAccess,
    credential: noCredential,
    request: { ...request, idempotency: null },
    approval: null,
  };
}
