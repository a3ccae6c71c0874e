import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OffboardingView, UserView } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { openWorkplace, transcriptOf } from '../../../test/run-qv.ts';
import { idOf, page } from '../../../test/samples.ts';

const instant = '2026-11-24T11:59:58.000Z';
const later = '2026-11-27T12:00:00.000Z';
const token = `qvi_${'S'.repeat(43)}`;
const resetToken = `qvp_${'S'.repeat(43)}`;

const anna: UserView = {
  id: idOf(71),
  email: 'anna@example.org',
  displayName: 'Anna \u001b]0;root\u0007\u202e',
  status: 'active',
  roles: ['operator'],
  hasPassword: true,
  invitation: null,
  createdAt: instant,
  version: 1,
};
const invited: UserView = {
  ...anna,
  id: idOf(72),
  email: 'ben@example.org',
  displayName: '',
  status: 'invited',
  hasPassword: false,
  invitation: { invitedBy: idOf(71), createdAt: instant, expiresAt: later },
};
const report: OffboardingView = {
  id: idOf(95),
  userId: anna.id,
  offboardedBy: idOf(70),
  offboardedAt: instant,
  revoked: { sessions: 2, apiKeys: 1, grants: 3, approvals: 0, invitations: 0, factors: 1 },
  rotate: [
    {
      kind: 'data-key',
      resourceType: 'asset',
      resourceId: idOf(5),
      name: 'orders \u001b[2J',
      times: 4,
      lastSeenAt: instant,
      advice: 'Rotate the data key and re-encrypt what it protects.',
    },
  ],
  isTruncated: false,
  serviceAccounts: [],
  notKnown: ['what was copied from screens'],
};

const handlers = {
  listUsers: () => ({ value: page([anna, invited]) }),
  getUser: () => ({ value: anna, etag: '"1"' }),
  inviteUser: () => ({ status: 201, value: { user: invited, token, expiresAt: later } }),
  renewInvitation: () => ({ status: 201, value: { user: invited, token, expiresAt: later } }),
  cancelInvitation: () => ({ status: 204 }),
  join: () => ({ status: 201, value: { userId: invited.id, organizationId: idOf(1), email: invited.email } }),
  suspendUser: () => ({ value: { ...anna, status: 'suspended' } }),
  resumeUser: () => ({ value: anna }),
  offboardUser: () => ({ value: report }),
  getOffboarding: () => ({ value: report }),
  createPasswordReset: () => ({ status: 201, value: { token: resetToken, expiresAt: later } }),
  resetUserFactors: () => ({ value: { removed: 1 } }),
  requirePasswordChange: () => ({ status: 204 }),
  unlockSignIn: () => ({ status: 204 }),
  changePassword: () => ({ value: { status: 'changed' } }),
  resetPassword: () => ({ status: 204 }),
};

it('IFC-4: reads like a terminal; names from the server move nothing on it', async () => {
  await using workplace = await openWorkplace(handlers);
  const commands = [
    'users',
    'users show ANNA@example.org',
    'users invite ben@example.org --role operator --role auditor --token-file invitation.txt',
    'users suspend anna@example.org --reason leave',
    `users resume ${anna.id}`,
    'users reset-password anna@example.org --token-file reset.txt',
    'users reset-factors anna@example.org --reason seen',
    'users require-password-change anna@example.org',
    'users unlock anna@example.org',
    'users uninvite ben@example.org',
    'users offboard anna@example.org',
    'users show nobody@example.org',
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../../test/transcripts/users.txt');
});

describe('ACC-12: tokens', () => {
  it('go to a file that nobody else can read or to a terminal, and never into JSON or a pipe', async () => {
    await using workplace = await openWorkplace(handlers);
    for (const [command, secret] of [
      ['users invite ben@example.org --json --token-file a.txt', token],
      ['users invite-again ben@example.org --json --token-file b.txt', token],
      ['users reset-password anna@example.org --json --token-file c.txt', resetToken],
    ] as const) {
      // The workplace fails the test when a token is printed.
      expect(await workplace.qv(command), command).toMatchObject({ exitCode: 0 });
      const file = join(workplace.folder, command.slice(-5));
      expect(readFileSync(file, 'utf8')).toBe(`${secret}\n`);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    const before = workplace.server.asked.length;
    for (const command of ['users invite ben@example.org', 'users reset-password anna@example.org --json'])
      expect(await workplace.qv(command)).toMatchObject({ exitCode: 2, err: expect.stringContaining('--token-file') });
    expect(workplace.server.asked.length).toBe(before);
  });

  it('are taken from a file or typed, and the passwords typed twice', async () => {
    await using workplace = await openWorkplace(handlers);
    writeFileSync(join(workplace.folder, 'invitation.txt'), `${token}\n`);
    const password = 'a long new password';
    const secrets = [password, password];
    expect(await workplace.qv('join --token-file invitation.txt --name Ben', { secrets })).toMatchObject({
      exitCode: 0,
    });
    expect(workplace.server.asked.at(-1)?.body).toEqual({ token, password, displayName: 'Ben' });
    expect(await workplace.qv('join', { secrets: [token, 'Ben', ...secrets] })).toMatchObject({ exitCode: 0 });
    expect(workplace.server.asked.at(-1)?.body).toEqual({ token, password, displayName: 'Ben' });
    expect(await workplace.qv('password reset', { secrets: [resetToken, ...secrets] })).toMatchObject({ exitCode: 0 });
    expect(workplace.server.asked.at(-1)?.body).toEqual({ token: resetToken, newPassword: password });
    const changed = await workplace.qv('password change', { secrets: ['the former one', ...secrets] });
    expect(changed).toMatchObject({ exitCode: 0 });
    expect(changed.all).not.toContain(password);
    expect(workplace.server.asked.at(-1)?.body).toEqual({ currentPassword: 'the former one', newPassword: password });
    const different = await workplace.qv('password change', { secrets: ['the former one', password, 'another one'] });
    expect(different).toMatchObject({ exitCode: 2, err: expect.stringContaining('differ') });
  });
});

it.each([
  ['users list --status gone', '--status'],
  ['users invite nobody --token-file x', '<email>'],
  ['users invite ben@example.org --role king --token-file x', '--role'],
  ['users invite ben@example.org --token-file missing/x', 'no folder'],
  ['users reset-factors anna@example.org', '--reason'],
  ['join --token-file missing.txt --name Ben', 'missing.txt'],
  ['join --name Ben', 'no terminal'],
  ['password change', 'no terminal'],
])('%s is wrong use', async (command, named) => {
  await using workplace = await openWorkplace(handlers);
  const { exitCode, err } = await workplace.qv(command);
  expect(exitCode).toBe(2);
  expect(err).toContain(named);
});
