import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testRegistry } from '../../test/algorithms.ts';
import type { AlgorithmRegistry } from '../algorithm-facts.ts';
import { exposures, sensitivities } from '../asset/asset.ts';
import { cryptoRoles } from '../asset/encryption-profile.ts';
import { severities } from '../severity.ts';
import { assessRisk, type RiskInput } from './assess-risk.ts';
import { agilities, defaultRiskSettings, impactMax, lifetimeMultipliers, type RiskSettings } from './risk-tables.ts';

const tlsUses = [
  { role: 'key-establishment' as const, algorithm: 'x25519' },
  { role: 'signature' as const, algorithm: 'EC-P256' },
  { role: 'encryption' as const, algorithm: 'AES-256-GCM' },
];
const base: RiskInput = {
  sensitivity: 'confidential',
  exposure: 'internet',
  dataLifetimeYears: 7,
  uses: tlsUses,
  weaknesses: [],
  agility: 'configurable',
};
const assess = (change: Partial<RiskInput>, settings: RiskSettings = defaultRiskSettings, registry = testRegistry) =>
  assessRisk({ ...base, ...change }, settings, registry);

const use = fc.record({
  role: fc.constantFrom(...cryptoRoles),
  algorithm: fc.constantFrom(
    'x25519',
    'X-Wing',
    'ML-KEM-512',
    'RSA-1024',
    'EC-P256',
    'AES-128-GCM',
    'AES-256-GCM',
    'none',
    '1.2.3',
  ),
});
const weakness = fc.record({
  id: fc.constant('w'),
  severity: fc.constantFrom(...severities),
  message: fc.constant('m'),
});
const years = fc.double({ min: 0, max: 60, noNaN: true });
const input: fc.Arbitrary<RiskInput> = fc.record({
  sensitivity: fc.constantFrom(...sensitivities),
  exposure: fc.constantFrom(...exposures),
  dataLifetimeYears: years,
  uses: fc.array(use, { minLength: 1, maxLength: 4 }),
  weaknesses: fc.array(weakness, { maxLength: 3 }),
  agility: fc.constantFrom(...agilities),
});
const settings: fc.Arbitrary<RiskSettings> = fc.record({ quantumHorizonYears: years, migrationYears: years });

/** A registry of one synthetic algorithm, to vary its strength freely. */
function syntheticRegistry(bits: number, isVulnerable: boolean, level: number): AlgorithmRegistry {
  const facts = {
    id: 'synthetic',
    family: 'kem',
    quantumVulnerable: isVulnerable,
    classicalSecurityBits: bits,
    quantumSecurityLevel: level,
  };
  return { findAlgorithm: () => facts, findPublicKeyAlgorithm: () => facts };
}

describe('INV-2: risk', () => {
  it('the impact is the classic score', () => {
    for (const [index, sensitivity] of sensitivities.entries()) {
      for (const [rank, exposure] of exposures.entries()) {
        const { impact } = assess({ sensitivity, exposure, dataLifetimeYears: 1 });
        expect(impact).toBe((index + 1) * 10 + (rank + 1) * 5);
      }
    }
    expect(assess({ dataLifetimeYears: 7 }).impact).toBe(45 * 1.5);
    expect(lifetimeMultipliers.map(({ multiplier }) => multiplier)).toEqual([1, 1.1, 1.25, 1.5, 1.75, 2]);
  });

  it('the score stays within 0 and 100 and every number explains itself', () => {
    fc.assert(
      fc.property(input, settings, (risk, horizon) => {
        const result = assessRisk(risk, horizon, testRegistry);
        expect(result.score).toBeGreaterThanOrEqual(0);
        expect(result.score).toBeLessThanOrEqual(100);
        expect(result.explanation.map(({ factor }) => factor)).toEqual([
          'impact',
          'exploitability now',
          'exploitability by a quantum computer',
          'exploitability',
          'agility',
          'score',
        ]);
        for (const { value, because } of result.explanation) {
          expect(Number.isFinite(value)).toBe(true);
          expect(because.length).toBeGreaterThan(10);
        }
      }),
    );
  });

  it('the factors of the explanation make the score, to the rounding that they are shown with', () => {
    fc.assert(
      fc.property(input, settings, (risk, horizon) => {
        const { explanation, score } = assessRisk(risk, horizon, testRegistry);
        const value = (name: string) => explanation.find(({ factor }) => factor === name)?.value ?? Number.NaN;
        const combined = 1 - (1 - value('exploitability now')) * (1 - value('exploitability by a quantum computer'));
        // Each of the two is shown to three digits, and either moves the combination by at most its own error.
        expect(Math.abs(value('exploitability') - combined)).toBeLessThanOrEqual(0.0016);
        const product = (value('impact') / impactMax) * value('exploitability') * value('agility') * 100;
        expect(Math.abs(score - product)).toBeLessThanOrEqual(0.05 + 0.05 + 1e-9);
        expect(value('score')).toBe(score);
      }),
    );
  });

  it('an ML-KEM endpoint and an RSA-1024 endpoint of equal sensitivity differ, whatever else they share', () => {
    fc.assert(
      fc.property(input, settings, (risk, horizon) => {
        const score = (uses: RiskInput['uses']) =>
          assessRisk({ ...risk, uses, weaknesses: [] }, horizon, testRegistry).score;
        const sound = score([{ role: 'key-establishment', algorithm: 'ML-KEM-768' }, ...tlsUses.slice(1)]);
        const broken = score([
          { role: 'key-establishment', algorithm: 'RSA-1024' },
          { role: 'signature', algorithm: 'RSA-1024' },
          ...tlsUses.slice(2),
        ]);
        // Not by a rounding: the least impact there is still keeps them more than two points apart.
        expect(broken - sound).toBeGreaterThan(2);
      }),
    );
  });

  it('the score is monotone in every input', () => {
    const neverLower = (worse: (risk: RiskInput, horizon: RiskSettings) => readonly [RiskInput, RiskSettings]) =>
      fc.assert(
        fc.property(input, settings, (risk, horizon) => {
          const [worseRisk, worseHorizon] = worse(risk, horizon);
          expect(assessRisk(worseRisk, worseHorizon, testRegistry).score).toBeGreaterThanOrEqual(
            assessRisk(risk, horizon, testRegistry).score,
          );
        }),
      );
    const next = <T>(list: readonly T[], value: T): T =>
      list[Math.min(list.indexOf(value) + 1, list.length - 1)] ?? value;
    neverLower((risk, horizon) => [{ ...risk, sensitivity: next(sensitivities, risk.sensitivity) }, horizon]);
    neverLower((risk, horizon) => [{ ...risk, exposure: next(exposures, risk.exposure) }, horizon]);
    neverLower((risk, horizon) => [{ ...risk, agility: next(agilities, risk.agility) }, horizon]);
    neverLower((risk, horizon) => [{ ...risk, dataLifetimeYears: risk.dataLifetimeYears * 1.3 + 0.5 }, horizon]);
    neverLower((risk, horizon) => [risk, { ...horizon, migrationYears: horizon.migrationYears * 1.3 + 0.5 }]);
    neverLower((risk, horizon) => [risk, { ...horizon, quantumHorizonYears: horizon.quantumHorizonYears * 0.7 }]);
    neverLower((risk, horizon) => [
      { ...risk, uses: [...risk.uses, { role: 'key-establishment', algorithm: 'x25519' }] },
      horizon,
    ]);
    neverLower((risk, horizon) => [
      { ...risk, weaknesses: [...risk.weaknesses, { id: 'x', severity: 'high', message: 'm' }] },
      horizon,
    ]);
    neverLower((risk, horizon) => [
      {
        ...risk,
        weaknesses: risk.weaknesses.map((entry) => ({ ...entry, severity: next(severities, entry.severity) })),
      },
      horizon,
    ]);
  });

  it('the score is monotone in strength: fewer bits, a lower category or Shor never lower it', () => {
    const bits = fc.integer({ min: 0, max: 300 });
    const level = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(
        input,
        settings,
        bits,
        bits,
        level,
        level,
        (risk, horizon, oneBits, otherBits, oneLevel, otherLevel) => {
          const strong = syntheticRegistry(Math.max(oneBits, otherBits), false, Math.max(oneLevel, otherLevel));
          const weak = syntheticRegistry(Math.min(oneBits, otherBits), false, Math.min(oneLevel, otherLevel));
          const broken = syntheticRegistry(Math.min(oneBits, otherBits), true, 0);
          const [first, second, third] = [strong, weak, broken].map(
            (registry) => assessRisk(risk, horizon, registry).score,
          );
          expect(second).toBeGreaterThanOrEqual(first ?? Number.NaN);
          expect(third).toBeGreaterThanOrEqual(second ?? Number.NaN);
        },
      ),
    );
  });

  it('moving the key establishment to a hybrid lowers the score and ends the harvesting', () => {
    const before = assess({});
    const after = assess({ uses: [{ role: 'key-establishment', algorithm: 'X25519MLKEM768' }, ...tlsUses.slice(1)] });
    expect(after.score).toBeLessThan(before.score);
    expect(before.harvestNowDecryptLater.isExposed).toBe(true);
    expect(after.harvestNowDecryptLater.isExposed).toBe(false);
  });

  it('a vulnerable signature alone is no harvesting', () => {
    expect(assess({ uses: [{ role: 'signature', algorithm: 'EC-P256' }] }).harvestNowDecryptLater.isExposed).toBe(
      false,
    );
  });

  it('short-lived data is not worth harvesting', () => {
    expect(assess({ dataLifetimeYears: 1 }).harvestNowDecryptLater.isExposed).toBe(false);
  });

  it.each([
    [1, 3, 8, 'in-time', 4],
    [4, 3, 8, 'tight', 1],
    [5, 3, 8, 'tight', 0],
    [6, 3, 8, 'late', -1],
  ])(
    'Mosca: %i years of secrecy, %i of migration, horizon %i: %s',
    (dataLifetimeYears, migrationYears, quantumHorizonYears, verdict, marginYears) => {
      expect(assess({ dataLifetimeYears }, { migrationYears, quantumHorizonYears }).mosca).toMatchObject({
        verdict,
        marginYears,
      });
    },
  );

  it('what is unknown weighs more than what is sound and less than what is broken (INV-4)', () => {
    const scoreOf = (algorithm: string) => assess({ uses: [{ role: 'key-establishment', algorithm }] }).score;
    expect(scoreOf('unknown')).toBeGreaterThan(scoreOf('X-Wing'));
    expect(scoreOf('unknown')).toBeLessThan(scoreOf('none'));
    expect(assess({ uses: [] }).score).toBeGreaterThan(scoreOf('X-Wing'));
  });

  it.each([
    { dataLifetimeYears: -1 },
    { dataLifetimeYears: Number.NaN },
    { dataLifetimeYears: Number.POSITIVE_INFINITY },
  ])('%j is refused', (change) => {
    expect(() => assess(change)).toThrow(expect.objectContaining({ code: 'INVENTORY_INPUT_INVALID' }));
  });
});
