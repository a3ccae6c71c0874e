import type { AlgorithmFacts, AlgorithmRegistry } from '../algorithm-facts.ts';
import { type Exposure, exposureWeight, type Sensitivity, sensitivityWeight } from '../asset/asset.ts';
import type { ClassicalWeakness, CryptoUse } from '../asset/encryption-profile.ts';
import { InventoryError } from '../errors.ts';
import { severityRank } from '../severity.ts';
import { type MoscaVerdict, moscaVerdict } from './mosca.ts';
import {
  type Agility,
  agilityFactors,
  horizonPressureMin,
  impactMax,
  lifetimeMultipliers,
  quantumLevelExploitability,
  quantumUnknownExploitability,
  type RiskBand,
  type RiskSettings,
  riskBands,
  severityExploitability,
  signatureQuantumWeight,
  strengthExploitability,
  unknownExploitability,
} from './risk-tables.ts';

/** All that the score depends on; nothing else does. */
export interface RiskInput {
  readonly sensitivity: Sensitivity;
  readonly exposure: Exposure;
  readonly dataLifetimeYears: number;
  /** What protects the asset now; empty means that nobody knows. */
  readonly uses: readonly CryptoUse[];
  readonly weaknesses: readonly ClassicalWeakness[];
  readonly agility: Agility;
}

export interface RiskAssessment {
  /** 0 to 100, one decimal. */
  readonly score: number;
  readonly band: RiskBand;
  /** The classic score (sensitivity * 10 + exposure * 5) * lifetime multiplier, 15 to 130. */
  readonly impact: number;
  /** 0 to 1. */
  readonly exploitability: { readonly now: number; readonly quantum: number; readonly combined: number };
  readonly agilityFactor: number;
  readonly mosca: MoscaVerdict;
  /** Data that an attacker can record today and read later. */
  readonly harvestNowDecryptLater: { readonly isExposed: boolean; readonly because: string };
  /** Weaknesses that hold today, worst first. */
  readonly weaknesses: readonly ClassicalWeakness[];
  /** Each number of the score with its reason, in the order of the calculation. */
  readonly explanation: readonly { readonly factor: string; readonly value: number; readonly because: string }[];
}

interface Weighed {
  readonly value: number;
  readonly because: string;
}

/**
 * Scores an asset (INV-2): impact * exploitability * agility, scaled to 0..100. Raising any input that makes matters
 * worse never lowers the score. Throws `INVENTORY_INPUT_INVALID` for years that are negative or not finite.
 */
export function assessRisk(input: RiskInput, settings: RiskSettings, registry: AlgorithmRegistry): RiskAssessment {
  requireYears('dataLifetimeYears', input.dataLifetimeYears);
  requireYears('quantumHorizonYears', settings.quantumHorizonYears);
  requireYears('migrationYears', settings.migrationYears);

  const impact = weighImpact(input);
  const now = exploitabilityNow(input, registry);
  const quantum = exploitabilityQuantum(input, settings, registry);
  // Either way in is enough, so the two combine like independent chances.
  const combined = 1 - (1 - now.value) * (1 - quantum.value);
  const agilityFactor = agilityFactors[input.agility];
  const score = round((impact.value / impactMax) * combined * agilityFactor * 100, 1);
  const mosca = moscaVerdict({ dataLifetimeYears: input.dataLifetimeYears, ...settings });
  return {
    score,
    band: riskBands.find(({ scoreMin }) => score >= scoreMin)?.name ?? 'low',
    impact: impact.value,
    exploitability: { now: round(now.value, 3), quantum: round(quantum.value, 3), combined: round(combined, 3) },
    agilityFactor,
    mosca,
    harvestNowDecryptLater: judgeHarvest(input, settings, registry),
    weaknesses: input.weaknesses.toSorted((left, right) => severityRank(right.severity) - severityRank(left.severity)),
    explanation: [
      { factor: 'impact', ...impact },
      { factor: 'exploitability now', value: round(now.value, 3), because: now.because },
      { factor: 'exploitability by a quantum computer', value: round(quantum.value, 3), because: quantum.because },
      {
        factor: 'exploitability',
        value: round(combined, 3),
        because: 'one way in is enough: 1 - (1 - now) * (1 - quantum)',
      },
      { factor: 'agility', value: agilityFactor, because: `changing this asset is rated "${input.agility}"` },
      { factor: 'score', value: score, because: `impact / ${impactMax} * exploitability * agility * 100` },
    ],
  };
}

function weighImpact({ sensitivity, exposure, dataLifetimeYears }: RiskInput): Weighed {
  const multiplier = lifetimeMultipliers.find(({ yearsMax }) => dataLifetimeYears <= yearsMax)?.multiplier ?? 2;
  const base = sensitivityWeight(sensitivity) * 10 + exposureWeight(exposure) * 5;
  return {
    value: round(base * multiplier, 2),
    because: `(${sensitivity} ${sensitivityWeight(sensitivity)} * 10 + ${exposure} ${exposureWeight(exposure)} * 5) * ${multiplier} for ${dataLifetimeYears} years of secrecy`,
  };
}

function exploitabilityNow(input: RiskInput, registry: AlgorithmRegistry): Weighed {
  const candidates: Weighed[] = input.uses.map((use) => weighStrength(use, registry));
  if (input.uses.length === 0)
    candidates.push({ value: unknownExploitability, because: 'nothing is known of its cryptography' });
  for (const { severity, message } of input.weaknesses) {
    candidates.push({ value: severityExploitability[severity], because: `${severity} weakness: ${message}` });
  }
  return worst(candidates);
}

function weighStrength(use: CryptoUse, registry: AlgorithmRegistry): Weighed {
  if (use.algorithm === 'none') return { value: 1, because: `${use.role} is not protected at all` };
  const bits = registry.findAlgorithm(use.algorithm)?.classicalSecurityBits ?? bitsOfSoundUnknown(use, registry);
  if (bits === undefined)
    return { value: unknownExploitability, because: `the strength of ${use.algorithm} is unknown` };
  const row = strengthExploitability.find(({ bitsMin }) => bits >= bitsMin);
  return {
    value: row?.value ?? 1,
    because: `${use.algorithm} has ${bits} bits of strength: ${row?.because ?? 'none'}`,
  };
}

// Composites and hash signatures list a quantum category and no classical bits: their category is at least 128 bits.
function bitsOfSoundUnknown(use: CryptoUse, registry: AlgorithmRegistry): number | undefined {
  const facts = registry.findAlgorithm(use.algorithm);
  return facts !== undefined && !facts.quantumVulnerable && (facts.quantumSecurityLevel ?? 0) > 0 ? 128 : undefined;
}

function exploitabilityQuantum(input: RiskInput, settings: RiskSettings, registry: AlgorithmRegistry): Weighed {
  if (input.uses.length === 0) {
    const pressure = secrecyPressure(input.dataLifetimeYears, settings);
    return { value: quantumUnknownExploitability * pressure, because: 'nothing is known of its cryptography' };
  }
  return worst(
    input.uses.map((use) => {
      const { value, because } = weighQuantum(use, registry);
      const isSignature = use.role === 'signature';
      const pressure = isSignature ? forgeryPressure(settings) : secrecyPressure(input.dataLifetimeYears, settings);
      const weight = isSignature ? signatureQuantumWeight : 1;
      const years = isSignature
        ? `${settings.migrationYears} years of migration`
        : `${settings.migrationYears} years of migration and ${input.dataLifetimeYears} of secrecy`;
      return {
        value: value * pressure * weight,
        because: `${because}; ${years} against a horizon of ${settings.quantumHorizonYears} weigh ${round(pressure, 2)}`,
      };
    }),
  );
}

function weighQuantum(use: CryptoUse, registry: AlgorithmRegistry): Weighed {
  if (use.algorithm === 'none') return { value: 1, because: `${use.role} is not protected at all` };
  const facts = registry.findAlgorithm(use.algorithm);
  if (facts === undefined) return { value: quantumUnknownExploitability, because: `${use.algorithm} is unknown` };
  if (facts.quantumVulnerable) return { value: 1, because: `${facts.id} is broken by Shor's algorithm` };
  const level = quantumLevel(facts);
  return {
    value: quantumLevelExploitability[level] ?? quantumUnknownExploitability,
    because: `${facts.id} has NIST category ${level}`,
  };
}

// A symmetric algorithm that the registry gives no category counts by its key: 256 bits as 5, 192 as 3, 128 as 1.
function quantumLevel(facts: AlgorithmFacts): number {
  if (facts.quantumSecurityLevel !== undefined && facts.quantumSecurityLevel > 0) return facts.quantumSecurityLevel;
  const bits = facts.classicalSecurityBits ?? 0;
  return bits >= 256 ? 5 : bits >= 192 ? 3 : bits >= 128 ? 1 : 0;
}

function secrecyPressure(dataLifetimeYears: number, settings: RiskSettings): number {
  return pressure(dataLifetimeYears + settings.migrationYears, settings.quantumHorizonYears);
}

function forgeryPressure(settings: RiskSettings): number {
  return pressure(settings.migrationYears, settings.quantumHorizonYears);
}

function pressure(neededYears: number, horizonYears: number): number {
  if (horizonYears === 0) return 1;
  return Math.min(1, Math.max(horizonPressureMin, neededYears / horizonYears));
}

function judgeHarvest(
  input: RiskInput,
  settings: RiskSettings,
  registry: AlgorithmRegistry,
): RiskAssessment['harvestNowDecryptLater'] {
  const broken = input.uses.find(
    (use) =>
      use.role === 'key-establishment' &&
      (use.algorithm === 'none' || registry.findAlgorithm(use.algorithm)?.quantumVulnerable),
  );
  if (broken === undefined)
    return { isExposed: false, because: 'no key establishment in use is known to be quantum-vulnerable' };
  const isExposed = input.dataLifetimeYears + settings.migrationYears >= settings.quantumHorizonYears;
  return {
    isExposed,
    because: isExposed
      ? `${broken.algorithm} can be recorded now; the last data sent before the migration ends must stay secret beyond the horizon`
      : `${broken.algorithm} is quantum-vulnerable, but its data expires before the horizon`,
  };
}

function worst(candidates: readonly Weighed[]): Weighed {
  return candidates.reduce((left, right) => (right.value > left.value ? right : left));
}

function requireYears(name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new InventoryError('INVENTORY_INPUT_INVALID', `${name} must be a number of years, zero or more.`);
  }
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
