import { type Explanation, lowest } from '@quantumvault/access';
import type { AccessExplanation } from '@quantumvault/api';
import type { Place } from '../../../kernel/access.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import { answerOf, type Proof, proofSentence } from './proof.ts';
import { sentenceOf } from './refusal.ts';

// Those that settle the answer come first; nobody reads more.
const grantsShownMax = 200;

export function explanationView(
  explanation: Explanation,
  asked: {
    readonly subjectId: string;
    readonly permission: Permission;
    readonly place: Place | null;
    readonly proof: Proof;
    readonly approvals: AccessExplanation['approvals'];
  },
): AccessExplanation {
  const { decision, grants } = explanation;
  const answer = answerOf(explanation, asked.proof);
  const sentences = [sentenceOf(explanation, asked.permission), proofSentence(asked.proof)];
  // A lacking proof says nothing about what nobody granted, unless nothing is looked at without it.
  const isAboutProof = decision.isAllowed || answer.reason === 'MFA_REQUIRED';
  return {
    ...answer,
    sentence: sentences.filter((sentence, at) => sentence !== null && (at === 0 || isAboutProof)).join(' '),
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
