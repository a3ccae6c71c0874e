import type { ApproverKeyView } from '@quantumvault/api';
import { isoInstant } from '../../../kernel/clock.ts';

/** A public key that a person signs approvals with. */
export interface ApproverKey {
  readonly id: string;
  readonly subjectId: string;
  /** `qvs1...` */
  readonly signer: string;
  readonly algorithm: string;
  readonly fingerprint: Uint8Array;
  readonly createdAt: Date;
  readonly withdrawnAt: Date | null;
}

export const approverKeyView = (key: ApproverKey): ApproverKeyView => ({
  id: key.id,
  signer: key.signer,
  algorithm: key.algorithm,
  fingerprint: Buffer.from(key.fingerprint).toString('hex'),
  createdAt: isoInstant(key.createdAt),
  withdrawnAt: key.withdrawnAt === null ? null : isoInstant(key.withdrawnAt),
});
