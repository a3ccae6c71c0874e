import { type CompiledCondition, compileConditions, type DecisionFacts } from './conditions.ts';
import { type Grant, lowest } from './grant.ts';

export interface CompiledGrant {
  readonly grant: Grant;
  readonly conditions: readonly CompiledCondition[];
}

/** The grants that speak about one permission at one place. */
export interface Rules {
  /** An allowing grant without conditions, which settles all the others of its place. */
  readonly always: CompiledGrant | null;
  readonly allowing: readonly CompiledGrant[];
  readonly denying: readonly CompiledGrant[];
}

/** Grants in the form in which a decision asks for them: by place, then by permission. */
export class CompiledAccess {
  readonly #byPlace = new Map<string, CompiledGrant[]>();
  readonly #rules = new Map<string, Map<string, Rules>>();

  constructor(grants: readonly Grant[]) {
    for (const grant of grants) {
      const { id } = lowest(grant.place);
      const list = this.#byPlace.get(id) ?? [];
      list.push({ grant, conditions: compileConditions(grant.conditions) });
      this.#byPlace.set(id, list);
    }
  }

  /** Ids of the places on which something is granted, '' for the organization. */
  get places(): readonly string[] {
    return [...this.#byPlace.keys()];
  }

  at(placeId: string): readonly CompiledGrant[] {
    return this.#byPlace.get(placeId) ?? [];
  }

  /** Sorted when they are first asked for: few permissions of a large set of grants ever are. */
  rules(placeId: string, permission: string): Rules | null {
    const here = this.#byPlace.get(placeId);
    if (here === undefined) return null;
    let known = this.#rules.get(placeId);
    if (known === undefined) {
      known = new Map();
      this.#rules.set(placeId, known);
    }
    let rules = known.get(permission);
    if (rules === undefined) {
      rules = rulesAbout(here, permission);
      known.set(permission, rules);
    }
    return rules;
  }
}

function rulesAbout(grants: readonly CompiledGrant[], permission: string): Rules {
  const about = grants.filter(({ grant }) => grant.permissions.has(permission));
  const allowing = about.filter(({ grant }) => grant.effect === 'allow');
  const denying = about.filter(({ grant }) => grant.effect === 'deny');
  return { always: allowing.find(({ conditions }) => conditions.length === 0) ?? null, allowing, denying };
}

/** An allowing grant applies when all its conditions surely hold, a denying one unless one of them surely does not. */
export function applies({ grant, conditions }: CompiledGrant, facts: DecisionFacts): boolean {
  for (const { standing } of conditions) {
    const found = standing(facts);
    if (found === 'unmet' || (found === 'unknown' && grant.effect === 'allow')) return false;
  }
  return true;
}
