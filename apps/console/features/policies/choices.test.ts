import { createPolicyBody } from '@quantumvault/api';
import { algorithm, findAlgorithm, findPublicKeyAlgorithm } from '@quantumvault/crypto';
import { natureOf, validatePolicy } from '@quantumvault/inventory';
import { describe, expect, it } from 'vitest';
import { choices, listWords, modeWords, offeredIn, startOf } from './choices.ts';

const lists = ['kem', 'signature', 'aead'] as const;
const modes = ['classical', 'pqc', 'hybrid'] as const;

describe('INV-8: what the form of a policy offers', () => {
  it.each(lists)('%s: ids, natures and levels are those of the registry, and this product makes them', (list) => {
    for (const choice of choices[list]) {
      const entry = algorithm(choice.id);
      expect({ id: choice.id, nature: natureOf(entry), level: entry.quantumSecurityLevel ?? 0 }).toEqual({
        id: choice.id,
        nature: choice.nature,
        level: choice.level,
      });
      expect(entry.implementation, choice.id).not.toBe('not-offered');
    }
  });

  it.each(modes)('%s: what a new policy begins with is valid, and is offered', (mode) => {
    const spec = { ...startOf(mode), rotationDays: 90, assetTypes: [], deadline: null };
    expect(createPolicyBody.safeParse({ name: 'new', spec }).success).toBe(true);
    const registry = { findAlgorithm, findPublicKeyAlgorithm };
    expect(validatePolicy({ name: 'new', ...spec }, registry, '2026-11-26')).toEqual([]);
    for (const list of lists) {
      const offered = offeredIn(list, spec).map(({ id }) => id);
      expect(offered).toEqual(expect.arrayContaining(spec[list]));
    }
  });

  it('a level leaves out what is below it', () => {
    expect(offeredIn('kem', { mode: 'pqc', targetLevel: 5 }).map(({ id }) => id)).toEqual(['ML-KEM-1024']);
    expect(Object.keys(modeWords).sort()).toEqual([...modes].sort());
    expect(Object.keys(listWords).sort()).toEqual([...lists].sort());
  });
});
