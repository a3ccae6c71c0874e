import { algorithms, findAlgorithm, findPublicKeyAlgorithm, findTlsGroup } from '@quantumvault/crypto';
import { builtInPolicies, namedGroups, tlsGroupsOfPolicy, validatePolicy } from '@quantumvault/inventory';
import { describe, expect, it } from 'vitest';

// The inventory package carries no registry of its own; where its tables repeat facts, they must not disagree.
describe('CRY-9: the inventory tables agree with the algorithm registry', () => {
  it('every built-in policy is valid under the real registry', () => {
    for (const policy of builtInPolicies) {
      expect(validatePolicy(policy, { findAlgorithm, findPublicKeyAlgorithm }, '2026-11-23'), policy.name).toEqual([]);
    }
  });

  it('every TLS group that both know has the same name, strength and category', () => {
    let compared = 0;
    for (const group of namedGroups) {
      const entry = findTlsGroup(group.codePoint);
      if (entry === undefined) continue;
      compared += 1;
      expect(entry.tlsGroup?.name).toBe(group.name);
      expect(entry.quantumVulnerable, group.name).toBe(group.quantumSecurityLevel === 0);
      expect(entry.quantumSecurityLevel, group.name).toBe(group.quantumSecurityLevel);
      expect(entry.classicalSecurityBits, group.name).toBe(group.classicalSecurityBits);
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('every TLS group of the registry is in the scanner’s table', () => {
    const known = new Set(namedGroups.map(({ codePoint }) => codePoint));
    const missing = algorithms.flatMap(({ tlsGroup }) =>
      tlsGroup === undefined || known.has(tlsGroup.code) ? [] : [tlsGroup.name],
    );
    expect(missing).toEqual([]);
  });

  it('the groups of a policy can be looked up for its risk', () => {
    for (const policy of builtInPolicies) {
      for (const group of tlsGroupsOfPolicy(policy)) expect(findAlgorithm(group), group).toBeDefined();
    }
  });
});
