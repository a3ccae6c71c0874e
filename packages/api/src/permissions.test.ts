import { describe, expect, it } from 'vitest';
import type { RouteContract } from './contract.ts';
import { memberPermissions, permissions, permissionsOfRole, roles } from './permissions.ts';
import { routes } from './routes.ts';

/** Demanded by a use case beside the permission of its route. */
const demandedInside = ['audit.export-all'];

/** Attack case 2: what answers whoever asks, with what stands in the place of a permission. A route that is new here is a decision. */
const openToAnybody: Readonly<Record<string, string>> = {
  healthLive: 'says no more than that it lives',
  healthReady: 'names parts that are degraded, and nothing of anybody',
  signIn: 'a password',
  refreshSession: 'a refresh token',
  resetPassword: 'a token that an administrator has made',
  startDeviceSignIn: 'nothing: the device waits until somebody signed in approves it',
  pollDeviceSignIn: 'a device code',
  completeSecondFactor: 'a ticket and a second factor',
  startSecondFactorPasskey: 'a ticket',
  startPasskeySignIn: 'nothing: a challenge opens nothing',
  signInWithPasskey: 'a passkey',
  join: 'an invitation',
  enrollDevice: 'a token of one enrolment, and the proof of a key',
  createDeviceToken: 'an assertion that the key of a device has signed',
};

describe('attack case 2: routes without authorisation', () => {
  it('are these and no others', () => {
    const open = (Object.values(routes) as RouteContract[]).filter(({ auth }) => auth !== 'actor');
    expect(open.map(({ id }) => id).toSorted()).toEqual(Object.keys(openToAnybody).toSorted());
  });
});

describe('ACC-6: permissions', () => {
  it('ACC-6: each is demanded by something; a name that opens nothing would be a promise', () => {
    const demanded = new Set(
      (Object.values(routes) as RouteContract[]).flatMap((contract) =>
        contract.auth === 'actor' ? [contract.permission as string] : [],
      ),
    );
    expect(permissions.filter((name) => !demanded.has(name) && !demandedInside.includes(name))).toEqual([]);
    expect(demandedInside.filter((name) => demanded.has(name))).toEqual([]);
  });

  it('ACC-6: roles and members hold known permissions, each once', () => {
    for (const held of [memberPermissions, ...roles.map((role) => permissionsOfRole[role])]) {
      expect(new Set(held).size).toBe(held.length);
      expect(held.filter((name) => !permissions.includes(name))).toEqual([]);
    }
  });
});
