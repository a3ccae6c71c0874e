import type { AlgorithmRegistry } from '../algorithm-facts.ts';
import type { CryptoUse } from '../asset/encryption-profile.ts';

/**
 * What a quantum computer would do to an asset, in one word. `partial`: what is recorded today stays secret, and only its
 * signatures fall, from the day of the quantum computer on. `unknown`: nobody has looked, or not all could be resolved.
 */
export const readinesses = ['vulnerable', 'partial', 'safe', 'unknown'] as const;
export type Readiness = (typeof readinesses)[number];

const bitsOfCategoryOne = 128;

/** INV-2: the facts that the risk is computed from, without its years and weights. Empty uses mean that nobody knows. */
export function quantumReadiness(uses: readonly CryptoUse[], registry: AlgorithmRegistry): Readiness {
  const judged = uses.map((use) => ({ role: use.role, state: stateOf(use, registry) }));
  const vulnerable = judged.filter(({ state }) => state === 'vulnerable');
  if (vulnerable.length > 0) {
    const isSignatureAlone = vulnerable.every(({ role }) => role === 'signature');
    const isSecret = judged.some(({ role, state }) => role === 'key-establishment' && state === 'safe');
    return isSignatureAlone && isSecret ? 'partial' : 'vulnerable';
  }
  return judged.length === 0 || judged.some(({ state }) => state === 'unknown') ? 'unknown' : 'safe';
}

function stateOf(use: CryptoUse, registry: AlgorithmRegistry): 'vulnerable' | 'unknown' | 'safe' {
  if (use.algorithm === 'none') return 'vulnerable';
  const facts = registry.findAlgorithm(use.algorithm);
  if (facts === undefined) return 'unknown';
  const { quantumVulnerable, classicalSecurityBits = bitsOfCategoryOne, quantumSecurityLevel = 0, status } = facts;
  // NIST category 1 is a key of 128 bits: what is weaker today, or broken, is no better then.
  const isWeak =
    status?.kind === 'disallowed' || (quantumSecurityLevel === 0 && classicalSecurityBits < bitsOfCategoryOne);
  return quantumVulnerable || isWeak ? 'vulnerable' : 'safe';
}
