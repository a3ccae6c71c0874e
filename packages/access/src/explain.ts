import { applies, type CompiledGrant } from './compile.ts';
import { type ConditionName, DecisionFacts, type Standing } from './conditions.ts';
import { type Ask, type Asking, type Decision, decide } from './decide.ts';
import { type Grant, lowest, type PlaceLevel, pathTo } from './grant.ts';

export interface Lacking {
  readonly condition: ConditionName;
  readonly standing: Exclude<Standing, 'met'>;
}

/** What one grant says about what was asked. */
export interface GrantStanding {
  readonly grant: Grant;
  /** Where it was given; above the place that was asked about, it is inherited from there. */
  readonly level: PlaceLevel;
  readonly isInherited: boolean;
  /** False: given at another place. */
  readonly isReaching: boolean;
  readonly isApplying: boolean;
  /** Conditions that do not hold or cannot be judged. A denial whose conditions cannot be judged applies. */
  readonly lacking: readonly Lacking[];
}

export interface Explanation {
  readonly decision: Decision;
  /** Grants that name the permission, first those that settle it: applying denials, applying allowances, the others. */
  readonly grants: readonly GrantStanding[];
}

/** Answers *why* (ACC-6): the decision, and what each grant about the permission contributes or lacks. */
export function explain(asking: Asking, ask: Ask): Explanation {
  const facts = new DecisionFacts(ask.facts);
  const path = pathTo(ask.place);
  const asked = lowest(ask.place).id;
  const standings = asking.access.places.flatMap((placeId) =>
    asking.access
      .at(placeId)
      .filter(({ grant }) => grant.permissions.has(ask.permission))
      .map((compiled) => standingOf(compiled, { facts, isReaching: path.includes(placeId), asked })),
  );
  return { decision: decide(asking, ask), grants: standings.sort((a, b) => rank(a) - rank(b)) };
}

function standingOf(
  compiled: CompiledGrant,
  { facts, isReaching, asked }: { facts: DecisionFacts; isReaching: boolean; asked: string },
): GrantStanding {
  const { grant, conditions } = compiled;
  const { level, id } = lowest(grant.place);
  const lacking = conditions.flatMap(({ name, standing }): Lacking[] => {
    const found = standing(facts);
    return found === 'met' ? [] : [{ condition: name, standing: found }];
  });
  const isApplying = isReaching && applies(compiled, facts);
  return { grant, level, isInherited: isReaching && id !== asked, isReaching, isApplying, lacking };
}

const rank = ({ isApplying, isReaching, grant }: GrantStanding): number =>
  (isApplying ? 0 : 2) + (isReaching ? 0 : 2) + (grant.effect === 'deny' ? 0 : 1);
