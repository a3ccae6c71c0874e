/*
 * Access decisions (ACC-6, ACC-7): grants with places and conditions in, an answer with its reason out. Pure: the server
 * decides with it, and `qv access test` checks a policy without a server by the very same code.
 *
 * Compile the grants of a subject once with `CompiledAccess`, then `decide` each request; `explain` says why.
 */
export { CompiledAccess, type CompiledGrant } from './compile.ts';
export type { ConditionName, RuleName, Standing } from './conditions.ts';
export { type Ask, type Asking, type Decision, decide, type RefusalReason } from './decide.ts';
export { type Explanation, explain, type GrantStanding, type Lacking } from './explain.ts';
export {
  type AccessFacts,
  type Conditions,
  type Grant,
  lowest,
  type Place,
  type PlaceLevel,
  pathTo,
} from './grant.ts';
export { missingToHandOn } from './hand-on.ts';
export { type PolicyOutcome, type PolicyTest, PolicyTestFileError, runPolicyTests } from './policy-tests.ts';
export { type Reach, reachOf } from './reach.ts';
export { type ReadRules, type RuleProblem, readRules } from './rules.ts';
