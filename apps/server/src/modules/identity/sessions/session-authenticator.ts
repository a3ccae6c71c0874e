import { constantTimeEqual } from '@quantumvault/crypto';
import { type Actor, noCredential } from '../../../kernel/actor.ts';
import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import type { Authenticator } from '../../../platform/http/request-hooks.ts';
import type { AccessDirectory } from '../../access/index.ts';
import type { ApiKeyAuthenticator, CountRefusal } from '../authenticate-api-key.ts';
import type { CertificateAuthenticator } from '../client-certificates/authenticate-certificate.ts';
import { type DeviceAuthenticator, deviceTokenStart } from '../devices/authenticate-device.ts';
import { identityErrors } from '../errors.ts';
import type { SessionKeys } from '../tokens/session-keys.ts';
import { hashOfSecret } from './secrets.ts';
import type { SessionDirectory } from './session-directory.ts';

type Presented = Parameters<Authenticator['authenticate']>[0];

/** What a session may do whose password must be changed first. */
const openToMustChange: ReadonlySet<string> = new Set(['changePassword', 'signOut', 'whoAmI']);
const permissionsOfMustChange: ReadonlySet<Permission> = new Set<Permission>(['identity.self', 'identity.read']);

/**
 * Builds the actor of a request from an access token (ACC-4). The token is verified first, without a word to the database;
 * then one lookup finds the session as it is now, so that whatever ends a session ends it for the next request, on every
 * process.
 */
export class SessionAuthenticator {
  readonly #keys: Pick<SessionKeys, 'read'>;
  readonly #directory: SessionDirectory;
  readonly #access: Pick<AccessDirectory, 'at'>;
  readonly #countRefusal: CountRefusal;

  constructor(options: {
    keys: Pick<SessionKeys, 'read'>;
    directory: SessionDirectory;
    access: Pick<AccessDirectory, 'at'>;
    countRefusal: CountRefusal;
  }) {
    this.#keys = options.keys;
    this.#directory = options.directory;
    this.#access = options.access;
    this.#countRefusal = options.countRefusal;
  }

  async authenticate(presented: Presented, request: Actor['request']): Promise<Actor> {
    const transport = presented.header === null ? 'cookie' : 'token';
    const claims = this.#keys.read(presented.header ?? presented.cookie ?? '');
    if (claims === null) throw this.#refused(request);
    const found = await this.#directory.find(claims.sessionId);
    const isTheirs =
      found?.tenantId === claims.organizationId &&
      found.subjectId === claims.subjectId &&
      // A token that lives in a cookie is worth nothing in a header: a script that got hold of it could else use it.
      found.transport === transport;
    if (found === null || !found.usable || !isTheirs) throw this.#refused(request);
    if (found.transport === 'cookie') needCsrf(presented, found.csrfHash);
    const isHeld = found.mustChange !== null;
    if (isHeld && !openToMustChange.has(presented.route ?? ''))
      throw identityErrors.IDENTITY_PASSWORD_CHANGE_REQUIRED();
    this.#directory.noteUse(claims.sessionId);
    const subject = { tenantId: found.tenantId as TenantId, subjectId: found.subjectId as ActorId };
    return {
      kind: found.subjectKind,
      id: subject.subjectId,
      tenantId: subject.tenantId,
      access: await this.#access.at({ ...subject, version: found.accessVersion }),
      credential: {
        ...noCredential,
        kind: 'session',
        id: claims.sessionId,
        permissions: isHeld ? permissionsOfMustChange : null,
        authenticatedAt: found.authenticatedAt,
        mfaAt: found.mfaAt,
      },
      request,
      approval: null,
    };
  }

  #refused(request: Actor['request']) {
    this.#countRefusal(request.sourceAddress);
    return identityErrors.IDENTITY_UNAUTHENTICATED();
  }
}

/** ACC-4: a request with cookies that changes state shows that a page of ours made it, by two signs that no other page has. */
export function needCsrf(
  presented: Pick<Presented, 'csrfToken' | 'isSafe' | 'isSameOrigin'>,
  csrfHash: Uint8Array | null,
): void {
  if (presented.isSafe) return;
  const given = hashOfSecret(presented.csrfToken ?? '');
  const isToken = csrfHash !== null && constantTimeEqual(given, csrfHash);
  if (!isToken || !presented.isSameOrigin) throw identityErrors.IDENTITY_CSRF_REFUSED();
}

/** The one authenticator of requests: tells an access token, which has dots, from a device's token and an API key. */
export class RequestAuthenticator implements Authenticator {
  readonly #apiKeys: Pick<ApiKeyAuthenticator, 'authenticate'>;
  readonly #sessions: Pick<SessionAuthenticator, 'authenticate'>;
  readonly #devices: Pick<DeviceAuthenticator, 'authenticate' | 'onDevice'>;
  readonly #certificates: Pick<CertificateAuthenticator, 'authenticate'>;

  constructor(options: {
    apiKeys: Pick<ApiKeyAuthenticator, 'authenticate'>;
    sessions: Pick<SessionAuthenticator, 'authenticate'>;
    devices: Pick<DeviceAuthenticator, 'authenticate' | 'onDevice'>;
    certificates: Pick<CertificateAuthenticator, 'authenticate'>;
  }) {
    this.#certificates = options.certificates;
    this.#apiKeys = options.apiKeys;
    this.#devices = options.devices;
    this.#sessions = options.sessions;
  }

  async authenticate(presented: Presented, request: Actor['request']): Promise<Actor> {
    const actor = await this.#whoIs(presented, request);
    return presented.deviceToken === null ? actor : this.#devices.onDevice(actor, presented.deviceToken);
  }

  #whoIs(presented: Presented, request: Actor['request']): Promise<Actor> {
    if (presented.header?.startsWith(deviceTokenStart) === true)
      return this.#devices.authenticate(presented.header, request);
    if (presented.certificate !== null) return this.#certificates.authenticate(presented.certificate, request);
    const isToken = presented.header === null ? presented.cookie !== null : presented.header.includes('.');
    return isToken
      ? this.#sessions.authenticate(presented, request)
      : this.#apiKeys.authenticate(presented.header, request);
  }
}
