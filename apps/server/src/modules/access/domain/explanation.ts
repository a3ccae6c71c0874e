import { type Explanation, lowest } from '@quantumvault/access';
import type { AccessExplanation } from '@quantumvault/api';
import type { Place } from '../../../kernel/access.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import { sentenceOf } from './refusal.ts';

// Those that settle the answer come first; nobody reads more.
const grantsShownMax = 200;

export function explanationView(
  explanation: Explanation,
  asked: { readonly subjectId: string; readonly permission: Permission; readonly place: Place | null },
): AccessExplanation {
  const { decision, grants } = explanation;
  return {
    allowed: decision.isAllowed,
    reason: decision.isAllowed ? (decision.by === null ? 'MEMBER' : 'GRANT') : decision.reason,
    sentence: sentenceOf(explanation, asked.permission),
    ...asked,
    decidedBy: decision.by?.id ?? null,
    grants: grants.slice(0, grantsShownMax).map(({ grant, level, isInherited, isReaching, isApplying, lacking }) => ({
      grantId: grant.id,
      effect: grant.effect,
      role: grant.role,
      level,
      placeId: lowest(grant.place).id || null,
      inherited: isInherited,
      reaching: isReaching,
      applies: isApplying,
      lacking: [...lacking],
    })),
    truncated: grants.length > grantsShownMax,
  };
}
