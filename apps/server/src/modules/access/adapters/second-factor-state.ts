import { defaultSecuritySettings, type SecuritySettings, securitySettingsDocument } from '@quantumvault/api';
import { sql } from 'kysely';
import { noSecondFactor, type SecondFactorState } from '../../../kernel/access.ts';
import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';

interface Facts {
  readonly kind: string;
  readonly isEnrolled: boolean;
  readonly mfa: unknown;
}

/** What a former release did not know has its default; what does not fit stops whoever asks. */
const mfaOf = (stored: unknown): SecuritySettings['mfa'] =>
  securitySettingsDocument.shape.mfa.parse({ ...defaultSecuritySettings.mfa, ...(stored ?? {}) });

/**
 * ACC-5: what the organization demands of a subject that holds these roles, anywhere and under whatever conditions: a
 * grant that does not hold at this moment may hold at the next.
 */
export async function secondFactorState(
  tx: Transaction,
  subjectId: ActorId,
  roles: readonly string[],
): Promise<SecondFactorState> {
  const { rows } = await sql<Facts>`
    SELECT s.kind,
           EXISTS (SELECT FROM totp_factor t WHERE t.tenant_id = s.tenant_id AND t.subject_id = s.id AND t.state = 'active')
             OR EXISTS (SELECT FROM passkey p WHERE p.tenant_id = s.tenant_id AND p.subject_id = s.id) AS "isEnrolled",
           (SELECT c.document -> 'mfa' FROM security_settings c WHERE c.tenant_id = s.tenant_id) AS mfa
      FROM subject s WHERE s.id = ${subjectId}`.execute(sqlOf(tx));
  const [facts] = rows;
  if (facts?.kind !== 'user') return noSecondFactor;
  const { requiredFor, stepUpMaxAgeSeconds } = mfaOf(facts.mfa);
  const isRequired =
    typeof requiredFor === 'string'
      ? requiredFor === 'everyone'
      : requiredFor.some((required) => roles.includes(required));
  return { isRequired, isEnrolled: facts.isEnrolled, stepUpMaxAgeSeconds };
}
