import type { SignedIn } from '@quantumvault/api';
import { isoInstant } from '../../../kernel/clock.ts';
import { cookieNames, isBrowser, isSameOrigin, refreshPath } from '../../../platform/http/presented-credentials.ts';
import type { QvReply, QvRequest } from '../../../platform/http/request.ts';
import { identityErrors } from '../errors.ts';
import type { ClientFacts, OpenedSession, Transport } from './session.ts';

/*
 * How a session's tokens reach its client. A browser gets cookies and nothing else: HttpOnly, Secure, SameSite=Strict, of
 * this host alone (docs/design/sessions.md). Always Secure: browsers keep such cookies over TLS and from loopback, and over
 * anything else they should not.
 */

/** Browsers keep 4,096 bytes of a cookie with its name and attributes. */
const cookiePartMax = 3_800;

/** What a request says of the client that signs in. A page of another origin may not even try (attack case 26: login CSRF). */
export function clientOf(request: QvRequest, wanted: Transport | undefined): ClientFacts {
  const browser = isBrowser(request.headers);
  if (browser && !isSameOrigin(request.headers)) throw identityErrors.IDENTITY_CSRF_REFUSED();
  return {
    transport: browser ? 'cookie' : (wanted ?? 'token'),
    userAgent: request.headers['user-agent'] ?? null,
    request: request.qv.facts,
  };
}

function cookie(name: string, value: string, options: { path: string; maxAge: number; isScripted?: boolean }): string {
  const base = `${name}=${value}; Path=${options.path}; Max-Age=${options.maxAge}; Secure; SameSite=Strict`;
  return options.isScripted === true ? base : `${base}; HttpOnly`;
}

/** Sets the cookies of a browser's session and gives the body of the answer, without any token that is in one. */
export function deliverSession(opened: OpenedSession, reply: QvReply, now: Date): SignedIn {
  const isCookie = opened.transport === 'cookie';
  if (isCookie) {
    const maxAge = Math.max(0, Math.floor((opened.endsAt.getTime() - now.getTime()) / 1000));
    const everywhere = { path: '/', maxAge };
    const rest = opened.accessToken.slice(cookiePartMax);
    const cookies = [
      cookie(cookieNames.access, opened.accessToken.slice(0, cookiePartMax), everywhere),
      cookie(cookieNames.accessRest, rest, rest === '' ? { path: '/', maxAge: 0 } : everywhere),
      cookie(cookieNames.refresh, opened.refreshToken, { path: refreshPath, maxAge }),
    ];
    if (opened.csrfToken !== null)
      cookies.push(cookie(cookieNames.csrf, opened.csrfToken, { ...everywhere, isScripted: true }));
    reply.header('set-cookie', cookies);
  }
  return {
    status: 'signed-in',
    sessionId: opened.sessionId,
    organizationId: opened.organizationId,
    subjectId: opened.subjectId,
    transport: opened.transport,
    accessToken: isCookie ? null : opened.accessToken,
    refreshToken: isCookie ? null : opened.refreshToken,
    csrfToken: opened.csrfToken,
    expiresAt: isoInstant(opened.expiresAt),
    sessionEndsAt: isoInstant(opened.endsAt),
    mustChangePassword: opened.mustChange !== null,
  };
}

/** Takes a browser's cookies away, and whatever else it keeps of this origin. */
export function clearSession(reply: QvReply): void {
  const gone = [cookieNames.access, cookieNames.accessRest, cookieNames.csrf].map((name) =>
    cookie(name, '', { path: '/', maxAge: 0 }),
  );
  reply.header('set-cookie', [...gone, cookie(cookieNames.refresh, '', { path: refreshPath, maxAge: 0 })]);
  reply.header('clear-site-data', '"cache", "cookies", "storage"');
}
