import type { ClientCertificateView } from '@quantumvault/api';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

export interface BoundCertificate {
  readonly id: string;
  readonly subjectId: string;
  readonly match: ClientCertificateView['match'];
  readonly subjectName: string;
  readonly issuerName: string;
  readonly notAfter: Date;
  readonly permissions: readonly string[];
  readonly createdBy: string;
  readonly createdAt: Date;
}

export interface NewBinding extends Omit<BoundCertificate, 'createdAt'> {
  readonly digest: Uint8Array;
}

/** Bindings of the transaction's organization that are in force. */
export interface CertificateRepository {
  list(
    tx: Transaction,
    query: { readonly before: string | null; readonly limit: number; readonly subjectId: string | null },
  ): Promise<readonly BoundCertificate[]>;
  /** Whether there is such an active service account or device; it stays so until the transaction ends. */
  holdMachine(tx: Transaction, subjectId: string): Promise<boolean>;
  /** Null when somebody of the organization has the certificate or the names. */
  insert(tx: Transaction, binding: NewBinding): Promise<BoundCertificate | null>;
  /** The subject that it stood for; null when there is no such binding. */
  unbind(tx: Transaction, id: string): Promise<string | null>;
}

export interface FoundCertificate {
  readonly id: string;
  readonly subjectId: string;
  readonly subjectKind: 'service-account' | 'device';
  readonly usable: boolean;
  readonly accessVersion: bigint;
  readonly permissions: readonly string[];
}

export interface CertificateDirectory {
  find(wanted: {
    readonly organizationId: string;
    readonly certificate: Uint8Array;
    readonly names: Uint8Array;
  }): Promise<FoundCertificate | null>;
}
