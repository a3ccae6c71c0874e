import { PkiError } from '@quantumvault/pki';
import { type Actor, noCredential } from '../../../kernel/actor.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import { isPermission } from '../../../kernel/permissions.ts';
import type { AccessDirectory } from '../../access/index.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { identityErrors } from '../errors.ts';
import { isValidAt, type ReadCertificate, readCertificate } from './certificate-facts.ts';
import type { CertificateDirectory } from './certificate-repository.ts';

/** A certificate that the listener has verified, and the organization in which it is to stand for somebody. */
export interface PresentedCertificate {
  readonly der: Uint8Array;
  readonly organizationId: string;
}

/**
 * Builds the actor of a request from the certificate of its connection (ACC-2). The listener has verified the chain when the
 * connection began; whether the certificate has ended since, and whether it still stands for somebody, is asked with each
 * request. The client names the organization, so an organization can bind what it likes and touches nobody else.
 */
export class CertificateAuthenticator {
  readonly #directory: CertificateDirectory;
  readonly #access: Pick<AccessDirectory, 'at'>;
  readonly #clock: Clock;
  readonly #countRefusal: CountRefusal;

  constructor(options: {
    directory: CertificateDirectory;
    access: Pick<AccessDirectory, 'at'>;
    clock: Clock;
    countRefusal: CountRefusal;
  }) {
    this.#directory = options.directory;
    this.#access = options.access;
    this.#clock = options.clock;
    this.#countRefusal = options.countRefusal;
  }

  async authenticate({ der, organizationId }: PresentedCertificate, request: Actor['request']): Promise<Actor> {
    const read = tryRead(der);
    const found = read === null ? null : await this.#directory.find({ organizationId, ...read });
    if (read === null || found === null || !found.usable || !isValidAt(read, this.#clock.now())) {
      this.#countRefusal(request.sourceAddress);
      throw identityErrors.IDENTITY_UNAUTHENTICATED();
    }
    const subject = { tenantId: organizationId as TenantId, subjectId: found.subjectId as ActorId };
    return {
      kind: found.subjectKind,
      id: subject.subjectId,
      tenantId: subject.tenantId,
      access: await this.#access.at({ ...subject, version: found.accessVersion }),
      credential: {
        ...noCredential,
        kind: 'certificate',
        id: found.id,
        permissions: new Set(found.permissions.filter(isPermission)),
        deviceId: found.subjectKind === 'device' ? found.subjectId : null,
      },
      request,
      approval: null,
    };
  }
}

/** OpenSSL reads what we may not: then it is the certificate of nobody. */
function tryRead(der: Uint8Array): ReadCertificate | null {
  try {
    return readCertificate(der);
  } catch (error) {
    if (error instanceof PkiError) return null;
    throw error;
  }
}
