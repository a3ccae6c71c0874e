import { TLSSocket } from 'node:tls';
import type { QvRequest } from './request.ts';

// `__Host-`: the browser takes it over TLS or from loopback alone, for this very host, on every path, and no other host of
// the domain can set it. The refresh token's has a path, so that it travels to one route only; `__Secure-` allows that.
export const cookieNames = {
  access: '__Host-qv-session',
  /** The rest of a token that is too long for one cookie. */
  accessRest: '__Host-qv-session-rest',
  /** Readable by script: what a request that changes state repeats in a header. */
  csrf: '__Host-qv-csrf',
  refresh: '__Secure-qv-refresh',
} as const;
export const refreshPath = '/api/auth/refresh';

/** What a request shows of who sends it, before anything is believed. */
export interface PresentedCredentials {
  /** X-API-Key or Bearer: whoever sends a header means it, so cookies beside it are not looked at. */
  readonly header: string | null;
  /** The access token of a browser. */
  readonly cookie: string | null;
  readonly csrfToken: string | null;
  /** Of the connection, verified by the listener, where there is nothing else and X-QV-Organization says where it is known. */
  readonly certificate: { readonly der: Uint8Array; readonly organizationId: string } | null;
  /** X-QV-Device: token of the device that the request comes from (ACC-7), beside who sends it. */
  readonly deviceToken: string | null;
  /** GET and HEAD change little, and nothing for a page elsewhere: an export of the log uses its approval up. */
  readonly isSafe: boolean;
  readonly isSameOrigin: boolean;
  /** Id of the route's contract; null outside the contract. */
  readonly route: string | null;
}

const cookieValue = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,8000}$/;

/** The value of a cookie; null when there is none, or two of that name: then somebody else has set one. */
export function cookieOf(request: QvRequest, name: string): string | null {
  const header = request.headers.cookie;
  if (header === undefined || header.length > 16_384) return null;
  const found = header.split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at > 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : [];
  });
  const [value] = found;
  return found.length === 1 && value !== undefined && cookieValue.test(value) ? value : null;
}

function headerCredential(request: QvRequest): string | null {
  const header = request.headers['x-api-key'];
  if (typeof header === 'string') return header;
  const bearer = /^Bearer ([\x21-\x7e]{1,8000})$/.exec(request.headers.authorization ?? '');
  return bearer?.[1] ?? null;
}

/**
 * Whether a browser says that a page of this very origin sends the request: Sec-Fetch-Site, Origin, or both. Without
 * either nobody says so. The origin's host must be the one that the request names; TLS may end before this process, so
 * the scheme is not compared.
 */
export function isSameOrigin(headers: QvRequest['headers']): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  if (headers.origin === undefined) return site !== undefined;
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host?.toLowerCase();
}

/** Whether a browser says that a page of another origin sends the request: a sister host's has the cookies of this one. */
const isFromElsewhere = ({ 'sec-fetch-site': site }: QvRequest['headers']): boolean =>
  site === 'same-site' || site === 'cross-site';

/** Whether a browser's page sends it, as far as headers say that no page can leave out or forge. */
export const isBrowser = (headers: QvRequest['headers']): boolean =>
  headers['sec-fetch-site'] !== undefined || headers.origin !== undefined;

export const csrfTokenOf = (request: QvRequest): string | null => {
  const header = request.headers['x-csrf-token'];
  return typeof header === 'string' && header.length <= 100 ? header : null;
};

/** Text that is no token is refused as a wrong one is: a condition on devices must not be met by silence. */
const deviceTokenOf = (request: QvRequest): string | null => {
  const header = request.headers['x-qv-device'];
  return header === undefined ? null : String(header).slice(0, 200);
};

const organizationPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** With TLS that ends before this process there is none: a header that speaks of a certificate is never believed. */
function certificateOf(request: QvRequest): PresentedCredentials['certificate'] {
  const organizationId = request.headers['x-qv-organization'];
  const { socket } = request.raw;
  if (typeof organizationId !== 'string' || !organizationPattern.test(organizationId)) return null;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null;
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? null : { der: certificate.raw, organizationId };
}

export function presentedBy(request: QvRequest): PresentedCredentials {
  const { headers } = request;
  const header = headerCredential(request);
  const hasHeader = header !== null || headers.authorization !== undefined;
  const first = hasHeader ? null : cookieOf(request, cookieNames.access);
  return {
    header,
    cookie: first === null ? null : first + (cookieOf(request, cookieNames.accessRest) ?? ''),
    csrfToken: csrfTokenOf(request),
    certificate: hasHeader || first !== null ? null : certificateOf(request),
    deviceToken: deviceTokenOf(request),
    isSafe: (request.method === 'GET' || request.method === 'HEAD') && !isFromElsewhere(headers),
    isSameOrigin: isSameOrigin(headers),
    route: request.qv.contract?.id ?? null,
  };
}
