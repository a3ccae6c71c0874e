export interface MoscaInput {
  readonly dataLifetimeYears: number;
  readonly migrationYears: number;
  readonly quantumHorizonYears: number;
}

export interface MoscaVerdict extends MoscaInput {
  /** Horizon minus migration minus lifetime; below zero, data will be readable while it must be secret. */
  readonly marginYears: number;
  readonly verdict: 'late' | 'tight' | 'in-time';
  readonly because: string;
}

/** A margin below this is no comfort: the horizon is an estimate of decades-old precision. */
export const tightMarginYears = 2;

/**
 * Mosca's inequality: if the time data must stay secret plus the time a migration takes exceeds the time until a
 * quantum computer, then starting today is already too late for some of the data.
 */
export function moscaVerdict(input: MoscaInput): MoscaVerdict {
  const { dataLifetimeYears, migrationYears, quantumHorizonYears } = input;
  const marginYears = Math.round((quantumHorizonYears - migrationYears - dataLifetimeYears) * 10) / 10;
  const verdict = marginYears < 0 ? 'late' : marginYears < tightMarginYears ? 'tight' : 'in-time';
  return {
    dataLifetimeYears,
    migrationYears,
    quantumHorizonYears,
    marginYears,
    verdict,
    because: `${migrationYears} years of migration + ${dataLifetimeYears} years of secrecy against a horizon of ${quantumHorizonYears} years`,
  };
}
