import { type GrantRules, grantRulesSchema } from '@quantumvault/api';
import { parseRange } from './address-ranges.ts';
import { isTimeZone } from './weekly-hours.ts';

export interface RuleProblem {
  /** Within the rules, e.g. `addresses.0`. */
  readonly path: string;
  readonly message: string;
}

export type ReadRules = { readonly rules: GrantRules } | { readonly problems: readonly RuleProblem[] };

/** Reads stored or given rules: their form, and that networks are networks and time zones are known to this runtime. */
export function readRules(value: unknown): ReadRules {
  const parsed = grantRulesSchema.safeParse(value);
  if (!parsed.success) {
    return {
      problems: parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })),
    };
  }
  const { addresses = [], hours } = parsed.data;
  const problems = addresses.flatMap((text, index) =>
    parseRange(text) === null
      ? [{ path: `addresses.${index}`, message: 'not an address or a network without bits behind its prefix' }]
      : [],
  );
  if (hours !== undefined && !isTimeZone(hours.timeZone)) {
    problems.push({ path: 'hours.timeZone', message: 'this server knows no such time zone' });
  }
  return problems.length === 0 ? { rules: parsed.data } : { problems };
}
