import type { AlgorithmFacts, AlgorithmRegistry } from '../algorithm-facts.ts';
import { type ProtectionMode, type ProtectionPolicyRules, policyLimits } from './protection-policy.ts';

export interface PolicyIssue {
  /** The field at fault. */
  readonly field: keyof ProtectionPolicyRules;
  readonly code:
    | 'unknown-algorithm'
    | 'wrong-kind'
    | 'not-in-mode'
    | 'half-missing'
    | 'too-weak'
    | 'disallowed'
    | 'out-of-range'
    | 'empty'
    | 'repeated';
  readonly message: string;
}

type Nature = 'classical' | 'pqc' | 'hybrid';

const kemFamilies: ReadonlySet<string> = new Set([
  'kem',
  'hybrid-kem',
  'composite-kem',
  'key-agreement',
  'key-transport',
]);
const signatureFamilies: ReadonlySet<string> = new Set(['signature', 'composite-signature']);
const aeadFamilies: ReadonlySet<string> = new Set(['aead']);

/**
 * Everything that is wrong with a policy; empty means valid (INV-8). `today` is YYYY-MM-DD and decides which
 * algorithms are already disallowed.
 */
export function validatePolicy(
  policy: ProtectionPolicyRules,
  registry: AlgorithmRegistry,
  today: string,
): readonly PolicyIssue[] {
  const issues: PolicyIssue[] = [...checkNumbers(policy)];
  for (const [field, families] of [
    ['kem', kemFamilies],
    ['signature', signatureFamilies],
    ['aead', aeadFamilies],
  ] as const) {
    issues.push(...checkChoices(policy, field, families, registry, today));
  }
  return issues;
}

function* checkNumbers(policy: ProtectionPolicyRules): Generator<PolicyIssue> {
  const { rotationDaysMin, rotationDaysMax, nameCharactersMax } = policyLimits;
  const { rotationDays, targetLevel, deadline, name, mode } = policy;
  if (name.trim() === '' || name.length > nameCharactersMax) {
    yield { field: 'name', code: 'out-of-range', message: `A name has 1 to ${nameCharactersMax} characters.` };
  }
  if (!Number.isInteger(rotationDays) || rotationDays < rotationDaysMin || rotationDays > rotationDaysMax) {
    yield {
      field: 'rotationDays',
      code: 'out-of-range',
      message: `Rotation happens every ${rotationDaysMin} to ${rotationDaysMax} days.`,
    };
  }
  const levelMin = mode === 'classical' ? 0 : 1;
  const levelMax = mode === 'classical' ? 0 : 5;
  if (!Number.isInteger(targetLevel) || targetLevel < levelMin || targetLevel > levelMax) {
    yield {
      field: 'targetLevel',
      code: 'out-of-range',
      message: `In ${mode} mode the target level is ${levelMin} to ${levelMax}.`,
    };
  }
  if (deadline !== null && !isRealDay(deadline)) {
    yield { field: 'deadline', code: 'out-of-range', message: 'The deadline is not a day in the form YYYY-MM-DD.' };
  }
}

function* checkChoices(
  policy: ProtectionPolicyRules,
  field: 'kem' | 'signature' | 'aead',
  families: ReadonlySet<string>,
  registry: AlgorithmRegistry,
  today: string,
): Generator<PolicyIssue> {
  const choices = policy[field];
  if (choices.length === 0) yield { field, code: 'empty', message: `At least one ${field} algorithm is needed.` };
  if (choices.length > policyLimits.choicesMax) {
    yield { field, code: 'out-of-range', message: `At most ${policyLimits.choicesMax} algorithms per list.` };
    return;
  }
  if (new Set(choices).size < choices.length)
    yield { field, code: 'repeated', message: 'An algorithm is listed twice.' };

  const natures: Nature[] = [];
  for (const id of choices) {
    const facts = registry.findAlgorithm(id);
    // An alias is read elsewhere but never stored (CRY-9), so a policy must spell the id itself.
    if (facts === undefined || facts.id !== id) {
      const hint = facts === undefined ? '' : ` Write "${facts.id}".`;
      yield {
        field,
        code: 'unknown-algorithm',
        message: `"${id.slice(0, 80)}" is not an algorithm of the registry.${hint}`,
      };
      continue;
    }
    if (!families.has(facts.family)) {
      yield { field, code: 'wrong-kind', message: `${id} is a ${facts.family}, which cannot serve as ${field}.` };
      continue;
    }
    if (facts.status?.kind === 'disallowed' && (facts.status.from ?? '') <= today) {
      yield { field, code: 'disallowed', message: `${id} is disallowed since ${facts.status.from ?? 'long ago'}.` };
    }
    if (field === 'aead') continue;
    const nature = natureOf(facts);
    natures.push(nature);
    if (!isInMode(nature, policy.mode)) {
      yield { field, code: 'not-in-mode', message: `${id} is ${nature}; a policy in ${policy.mode} mode refuses it.` };
    } else if (nature !== 'classical' && (facts.quantumSecurityLevel ?? 0) < policy.targetLevel) {
      yield {
        field,
        code: 'too-weak',
        message: `${id} has category ${facts.quantumSecurityLevel ?? 0}, below the target ${policy.targetLevel}.`,
      };
    }
  }
  if (field !== 'aead' && policy.mode === 'hybrid' && natures.length > 0 && !hasBothHalves(natures)) {
    yield {
      field,
      code: 'half-missing',
      message: `A hybrid policy needs a post-quantum and a classical ${field}, or one that is both.`,
    };
  }
}

/** Which of the two worlds an algorithm belongs to, or both. */
export function natureOf(facts: AlgorithmFacts): Nature {
  if (facts.family === 'hybrid-kem' || facts.family.startsWith('composite-')) return 'hybrid';
  return facts.quantumVulnerable ? 'classical' : 'pqc';
}

// Hybrid mode lists both halves, either in one algorithm or as a pair; the other modes accept only their own kind.
function isInMode(nature: Nature, mode: ProtectionMode): boolean {
  return mode === 'hybrid' || nature === mode;
}

function hasBothHalves(natures: readonly Nature[]): boolean {
  return natures.includes('hybrid') || (natures.includes('pqc') && natures.includes('classical'));
}

function isRealDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}
