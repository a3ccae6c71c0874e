import type { GrantRules } from '@quantumvault/api';
import { type AddressWords, parseRange, rangeContains, wordsOfAddress } from './address-ranges.ts';
import type { AccessFacts, Conditions } from './grant.ts';
import { readRules } from './rules.ts';
import { compileWeeklyHours } from './weekly-hours.ts';

/** How a condition stands: `unknown` when the fact that it asks for is not known. */
export type Standing = 'met' | 'unmet' | 'unknown';

export type RuleName = keyof GrantRules;

/** `unreadable`: rules that this release does not know, written by a newer one or by hand. */
export type ConditionName = 'notBefore' | 'expiresAt' | RuleName | 'unreadable';

/** Facts of one decision in the form in which conditions ask for them; the address is read when the first one does. */
export class DecisionFacts {
  readonly facts: AccessFacts;
  readonly nowMs: number;
  #address: AddressWords | null | undefined;
  constructor(facts: AccessFacts) {
    this.facts = facts;
    this.nowMs = facts.now.getTime();
  }
  get address(): AddressWords | null {
    if (this.#address === undefined) {
      this.#address = this.facts.address === null ? null : wordsOfAddress(this.facts.address);
    }
    return this.#address;
  }
}

export interface CompiledCondition {
  readonly name: ConditionName;
  readonly standing: (of: DecisionFacts) => Standing;
}

const metIf = (holds: boolean): Standing => (holds ? 'met' : 'unmet');

type Compiler<Name extends RuleName> = (given: NonNullable<GrantRules[Name]>) => CompiledCondition['standing'];

/** Whether a fact is in a list; a fact that is not known is neither in it nor outside. */
function oneOf(entries: readonly string[], fact: (facts: AccessFacts) => string | null): CompiledCondition['standing'] {
  const set = new Set(entries);
  return ({ facts }) => {
    const value = fact(facts);
    return value === null ? 'unknown' : metIf(set.has(value));
  };
}

const compilers: { readonly [Name in RuleName]: Compiler<Name> } = {
  mfaMaxAgeSeconds:
    (given) =>
    ({ nowMs, facts: { mfaAt } }) =>
      mfaAt === null ? 'unknown' : metIf(nowMs - mfaAt.getTime() <= given * 1_000),
  countries: (given) => oneOf(given, ({ country }) => country),
  devices: (given) => oneOf(given, ({ deviceId }) => deviceId),
  purposes: (given) => oneOf(given, ({ purpose }) => purpose),
  macAddresses: (given) => {
    const set = new Set(given);
    return ({ facts: { macAddresses } }) =>
      macAddresses.length === 0 ? 'unknown' : metIf(macAddresses.some((mac) => set.has(mac)));
  },
  addresses: (given) => {
    const ranges = given.flatMap((text) => parseRange(text) ?? []);
    return ({ address }) => {
      if (address === null) return 'unknown';
      for (const range of ranges) if (rangeContains(range, address)) return 'met';
      return 'unmet';
    };
  },
  hours: (given) => {
    const check = compileWeeklyHours(given);
    return ({ nowMs }) => {
      const holds = check(nowMs);
      return holds === null ? 'unknown' : metIf(holds);
    };
  },
};

/** In this order they are judged: what costs least comes first. */
const ruleNames = Object.keys(compilers) as readonly RuleName[];

const unreadable: CompiledCondition = { name: 'unreadable', standing: () => 'unknown' };

/** Reads the conditions of a grant once, so that a decision parses nothing. */
export function compileConditions({ notBefore, expiresAt, rules }: Conditions): readonly CompiledCondition[] {
  const conditions: CompiledCondition[] = [];
  if (expiresAt !== undefined) {
    const endMs = expiresAt.getTime();
    conditions.push({ name: 'expiresAt', standing: ({ nowMs }) => metIf(nowMs < endMs) });
  }
  if (notBefore !== undefined) {
    const startMs = notBefore.getTime();
    conditions.push({ name: 'notBefore', standing: ({ nowMs }) => metIf(nowMs >= startMs) });
  }
  if (rules === undefined) return conditions;
  const read = readRules(rules);
  if ('problems' in read) return [...conditions, unreadable];
  for (const name of ruleNames) conditions.push(...compileRule(name, read.rules));
  return conditions;
}

function compileRule<Name extends RuleName>(name: Name, rules: GrantRules): CompiledCondition[] {
  const given = rules[name];
  return given === undefined ? [] : [{ name, standing: compilers[name](given) }];
}
