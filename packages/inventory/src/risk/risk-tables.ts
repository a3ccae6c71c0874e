/** Every number of the risk model, each with its reason (docs/design/risk.md). All tables are monotone. */
import type { Severity } from '../severity.ts';

/** How much a longer secrecy time multiplies the impact. A row holds up to and including its years. */
export const lifetimeMultipliers: readonly { readonly yearsMax: number; readonly multiplier: number }[] = [
  { yearsMax: 1, multiplier: 1.0 },
  { yearsMax: 3, multiplier: 1.1 },
  { yearsMax: 5, multiplier: 1.25 },
  { yearsMax: 10, multiplier: 1.5 },
  { yearsMax: 20, multiplier: 1.75 },
  { yearsMax: Number.POSITIVE_INFINITY, multiplier: 2.0 },
];

/** The largest possible impact: top-secret on the internet for more than twenty years. */
export const impactMax = (5 * 10 + 3 * 5) * 2.0;

/** Chance-like weight that today's attackers break an algorithm of this strength. A row holds from its bits upwards. */
export const strengthExploitability: readonly {
  readonly bitsMin: number;
  readonly value: number;
  readonly because: string;
}[] = [
  { bitsMin: 128, value: 0.02, because: 'no known attack is practical' },
  { bitsMin: 112, value: 0.1, because: 'acceptable only for a transition (SP 800-57)' },
  { bitsMin: 96, value: 0.4, because: 'below every current recommendation' },
  { bitsMin: 80, value: 0.7, because: 'within reach of a state' },
  { bitsMin: 1, value: 0.95, because: 'practically broken' },
  { bitsMin: 0, value: 1.0, because: 'no protection at all' },
];

/** What cannot be resolved weighs more than sound algorithms and less than broken ones; it is not guessed. */
export const unknownExploitability = 0.4;

/** The weight of the worst weakness found, which the strength of the algorithms does not show. */
export const severityExploitability: Readonly<Record<Severity, number>> = {
  info: 0,
  low: 0.1,
  medium: 0.35,
  high: 0.7,
  critical: 0.95,
};

/**
 * What a quantum computer would do, by NIST category of the algorithm: 0 is broken by Shor's algorithm, 1 and 2 keep a
 * small rest of doubt, unknown counts as half.
 */
export const quantumLevelExploitability: readonly number[] = [1.0, 0.04, 0.03, 0.02, 0.02, 0.01];
export const quantumUnknownExploitability = 0.5;

/** A broken signature needs the quantum computer at the time of the attack; recorded traffic does not. So it weighs less. */
export const signatureQuantumWeight = 0.6;

/** Even with a far horizon a vulnerable key establishment keeps this share: the date is an estimate. */
export const horizonPressureMin = 0.3;

/** How hard it is to change the asset's cryptography, easiest first. */
export const agilities = ['automated', 'configurable', 'code-change', 'vendor-bound', 'fixed'] as const;

export type Agility = (typeof agilities)[number];

export const agilityFactors: Readonly<Record<Agility, number>> = {
  automated: 0.8,
  configurable: 0.85,
  'code-change': 0.9,
  'vendor-bound': 0.95,
  fixed: 1.0,
};

/** Bands of the headline score, by their lower bound. */
export const riskBands = [
  { name: 'critical', scoreMin: 70 },
  { name: 'high', scoreMin: 45 },
  { name: 'moderate', scoreMin: 20 },
  { name: 'low', scoreMin: 0 },
] as const;

export type RiskBand = (typeof riskBands)[number]['name'];

export interface RiskSettings {
  /** Years until a cryptographically relevant quantum computer is assumed. */
  readonly quantumHorizonYears: number;
  /** Years that moving an asset of this kind to new cryptography takes. */
  readonly migrationYears: number;
}

/**
 * Horizon: 8 years, after which NIST IR 8547 (draft) disallows quantum-vulnerable algorithms (end of 2035).
 * Migration: 3 years, a usual span from inventory to the last changed system.
 */
export const defaultRiskSettings: RiskSettings = { quantumHorizonYears: 8, migrationYears: 3 };
