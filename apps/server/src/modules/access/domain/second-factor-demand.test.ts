import { type RouteContract, routes } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { compileAccess, type SecondFactorState } from '../../../kernel/access.ts';
import { type Credential, noCredential } from '../../../kernel/actor.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import { secondFactorDemand, stepUpPermissions } from './second-factor-demand.ts';

const now = new Date('2026-11-26T12:00:00Z');
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);

const nobody: SecondFactorState = { isRequired: false, isEnrolled: false, stepUpMaxAgeSeconds: 600 };
const enrolled = { ...nobody, isEnrolled: true };
const required = { ...nobody, isRequired: true };
const both = { ...enrolled, isRequired: true };

const session = (authenticated: number, mfa: number | null): Partial<Credential> => ({
  kind: 'session',
  authenticatedAt: ago(authenticated),
  mfaAt: mfa === null ? null : ago(mfa),
});
const apiKey: Partial<Credential> = { kind: 'api-key' };
const dangerous = 'credential.reset' satisfies Permission;

// state, credential, and what is demanded for: an ordinary read, something dangerous, the own second factors, oneself.
const MFA = 'MFA_REQUIRED';
const UP = 'STEP_UP_REQUIRED';
const cases: readonly [string, SecondFactorState, Partial<Credential>, ...(string | null)[]][] = [
  ['no factor, fresh password', nobody, session(10, null), null, null, null, null],
  ['no factor, at the very limit', nobody, session(600, null), null, null, null, null],
  ['no factor, old password', nobody, session(601, null), null, UP, UP, null],
  ['a factor, password alone', enrolled, session(10, null), null, UP, UP, null],
  ['a factor, shown', enrolled, session(10, 10), null, null, null, null],
  ['a factor, shown long ago, password fresh', enrolled, session(10, 601), null, UP, UP, null],
  ['required, none there, fresh password', required, session(10, null), MFA, MFA, null, null],
  ['required, none there, old password', required, session(601, null), MFA, MFA, UP, null],
  ['required, none there, though the session says so', required, session(10, 10), MFA, MFA, null, null],
  ['required and there, not shown', both, session(10, null), MFA, MFA, UP, null],
  ['required and there, shown', both, session(10, 10), null, null, null, null],
  ['required and there, shown long ago', both, session(10, 601), null, UP, UP, null],
  ['API key, nothing required', nobody, apiKey, null, null, UP, null],
  ['API key, a factor there', enrolled, apiKey, null, null, UP, null],
  ['API key, required and there', both, apiKey, null, UP, UP, null],
  ['API key, required and none there', required, apiKey, MFA, MFA, UP, null],
  ['API key that claims a fresh factor', both, { ...apiKey, mfaAt: null, authenticatedAt: now }, null, UP, UP, null],
  ['no credential at all', both, {}, null, UP, UP, null],
];

describe('ACC-5: what an actor must show', () => {
  it.each(cases)('ACC-5: %s', (_, secondFactor, credential, ...wanted) => {
    const actor = {
      kind: 'user',
      access: compileAccess([], secondFactor),
      credential: { ...noCredential, ...credential },
      approval: null,
    } as const;
    const actions: Permission[] = ['asset.read', dangerous, 'identity.secure', 'identity.self'];
    expect(actions.map((action) => secondFactorDemand(actor, action, now))).toEqual(wanted);
  });

  it('ACC-5: asks users alone, and nobody who carries out what was approved', () => {
    const base = { access: compileAccess([], both), credential: noCredential, approval: null };
    for (const kind of ['service-account', 'device', 'job', 'system'] as const)
      expect(secondFactorDemand({ ...base, kind }, dangerous, now)).toBeNull();
    const approval = { id: 'a', planHash: new Uint8Array(32) };
    expect(secondFactorDemand({ ...base, kind: 'user', approval }, dangerous, now)).toBeNull();
  });

  it('ACC-5: a permission demands a fresh proof on every route or on none, so that none is a way around', () => {
    const contracts = Object.values(routes) as RouteContract[];
    const silent = contracts.filter(
      (contract) => contract.auth === 'actor' && stepUpPermissions.has(contract.permission) && contract.stepUp !== true,
    );
    expect(silent.map(({ id }) => id)).toEqual([]);
    expect(stepUpPermissions.size).toBeGreaterThan(1);
  });
});
