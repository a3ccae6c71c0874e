import type { ActorId } from '../../../kernel/ids.ts';
import type { WriteTransaction } from '../../../kernel/unit-of-work.ts';
import { generateRecoveryCodes, recoveryCodeHash } from './domain/recovery-codes.ts';
import type { FactorRepository } from './ports/factor-repository.ts';

/** New recovery codes in the place of all former ones; the texts exist in the answer and nowhere else. */
export async function issueRecoveryCodes(
  tx: WriteTransaction,
  subjectId: ActorId,
  factors: FactorRepository,
): Promise<string[]> {
  const codes = generateRecoveryCodes();
  const owner = { tenantId: tx.tenantId, subjectId };
  await factors.replaceRecoveryCodes(
    tx,
    subjectId,
    codes.map((code) => recoveryCodeHash(owner, code)),
  );
  await tx.audit({
    action: 'recovery-codes.created',
    resource: { type: 'user', id: subjectId },
    details: { count: codes.length },
  });
  return [...codes];
}
