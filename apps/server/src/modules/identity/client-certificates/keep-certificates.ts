import type { ClientCertificateView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { type Clock, isoInstant } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import { permissions } from '../../../kernel/permissions.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { handsOn } from '../../access/index.ts';
import type { ApiKeyRepository } from '../api-keys/api-key-repository.ts';
import { needUnlimitedKey } from '../api-keys/make-key.ts';
import { identityErrors } from '../errors.ts';
import { recordingRefusal } from '../recording-refusal.ts';
import { certificateOfPem } from './certificate-facts.ts';
import type { BoundCertificate, CertificateRepository } from './certificate-repository.ts';

export interface CertificateDeps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly certificates: CertificateRepository;
  readonly keys: Pick<ApiKeyRepository, 'find'>;
  readonly clock: Clock;
  readonly newId: NewId;
}

const certificateView = (bound: BoundCertificate): ClientCertificateView => ({
  ...bound,
  permissions: [...bound.permissions],
  notAfter: isoInstant(bound.notAfter),
  createdAt: isoInstant(bound.createdAt),
});

/** Certificates that stand for somebody, newest first. */
export class ListClientCertificates {
  readonly #deps: CertificateDeps;
  constructor(deps: CertificateDeps) {
    this.#deps = deps;
  }

  async execute(
    actor: Actor,
    input: { limit: number; cursor?: string | undefined; subjectId?: string | undefined },
  ): Promise<Page<ClientCertificateView>> {
    await this.#deps.authorize(actor, 'client-certificate.read', { type: 'organization', id: actor.tenantId });
    const before = input.cursor === undefined ? null : String(decodeCursor(input.cursor, ['uuid'])[0]);
    const query = { before, limit: input.limit + 1, subjectId: input.subjectId ?? null };
    const found = await this.#deps.uow.read(actor.tenantId, (tx) => this.#deps.certificates.list(tx, query));
    return pageOf(found.map(certificateView), input.limit, ({ id }) => [id]);
  }
}

export interface BindInput {
  readonly subjectId: string;
  readonly match: ClientCertificateView['match'];
  /** PEM. */
  readonly certificate: string;
}

/**
 * Lets a certificate stand for a service account or a device, for at most what whoever binds it holds for good: the private
 * key may be his own. Throws `IDENTITY_*`.
 */
export class BindClientCertificate {
  readonly #deps: CertificateDeps;
  constructor(deps: CertificateDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, { subjectId, match, certificate }: BindInput): Promise<ClientCertificateView> {
    await this.#deps.authorize(actor, 'client-certificate.bind', { type: 'subject', id: subjectId });
    const { certificates, uow, clock, newId } = this.#deps;
    const resource = { type: 'subject', id: subjectId };
    return recordingRefusal({ uow, actor, permission: 'client-certificate.bind', resource }, async () => {
      await needUnlimitedKey(this.#deps, actor, null);
      const read = certificateOfPem(certificate, clock.now());
      return uow.write(actor, async (tx) => {
        if (!(await certificates.holdMachine(tx, subjectId))) throw identityErrors.IDENTITY_MACHINE_NOT_FOUND();
        const bound = await certificates.insert(tx, {
          id: newId<string>(),
          subjectId,
          match,
          digest: match === 'names' ? read.names : read.certificate,
          subjectName: read.subject.slice(0, 2000),
          issuerName: read.issuer.slice(0, 2000),
          notAfter: read.notAfter,
          permissions: handsOn(actor, { permissions, place: null }),
          createdBy: actor.id,
        });
        if (bound === null) throw identityErrors.IDENTITY_CERTIFICATE_TAKEN();
        await tx.audit({
          action: 'client-certificate.bound',
          resource: { type: 'client-certificate', id: bound.id },
          details: {
            subjectId,
            match,
            sha256: Buffer.from(read.certificate).toString('hex'),
            permissions: bound.permissions.length,
          },
        });
        return certificateView(bound);
      });
    });
  }
}

/** Lets a certificate stand for nobody, from the next request on. Throws `IDENTITY_CERTIFICATE_NOT_FOUND`. */
export class UnbindClientCertificate {
  readonly #deps: CertificateDeps;
  constructor(deps: CertificateDeps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#deps.authorize(actor, 'client-certificate.unbind', { type: 'client-certificate', id });
    await this.#deps.uow.write(actor, async (tx) => {
      const subjectId = await this.#deps.certificates.unbind(tx, id);
      if (subjectId === null) throw identityErrors.IDENTITY_CERTIFICATE_NOT_FOUND();
      await tx.audit({
        action: 'client-certificate.unbound',
        resource: { type: 'client-certificate', id },
        details: { subjectId },
      });
    });
  }
}
