import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AccessExplanation, GrantView, RoleView } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { openWorkplace, transcriptOf } from '../../../test/run-qv.ts';
import { idOf, page } from '../../../test/samples.ts';

const instant = '2026-11-24T11:59:58.000Z';

const role: RoleView = {
  id: idOf(80),
  name: 'release-manager',
  description: 'Protects assets before a release',
  builtIn: false,
  permissions: ['asset.read', 'asset.protect'],
  createdAt: instant,
  version: 1,
};
const auditor: RoleView = {
  ...role,
  id: null,
  name: 'auditor',
  description: 'Reads everything of the organization, and no secret',
  builtIn: true,
  createdAt: null,
};
const grant: GrantView = {
  id: idOf(81),
  subjectId: idOf(71),
  effect: 'allow',
  role: 'release-manager',
  place: { environmentId: idOf(2), projectId: null, serviceId: null },
  notBefore: null,
  expiresAt: '2026-12-24T00:00:00.000Z',
  rules: { addresses: ['10.0.0.0/8'] },
  source: 'direct',
  grantedBy: idOf(70),
  createdAt: instant,
  revokedAt: null,
};
const denial: GrantView = { ...grant, id: idOf(82), effect: 'deny', place: null, expiresAt: null, rules: {} };
const explanation: AccessExplanation = {
  allowed: false,
  reason: 'CONDITIONS_NOT_MET',
  sentence:
    'A grant of yours permits asset.protect under conditions that this request does not meet: it needs another network.',
  subjectId: idOf(71),
  permission: 'asset.protect',
  place: { environmentId: idOf(2), projectId: null, serviceId: null },
  decidedBy: null,
  grants: [
    {
      grantId: grant.id,
      effect: 'allow',
      role: 'release-manager',
      level: 'environment',
      placeId: idOf(2),
      inherited: false,
      reaching: true,
      applies: false,
      lacking: [{ condition: 'addresses', standing: 'unmet' }],
    },
    {
      grantId: idOf(83),
      effect: 'allow',
      role: 'organization-user',
      level: 'project',
      placeId: idOf(3),
      inherited: false,
      reaching: false,
      applies: false,
      lacking: [],
    },
  ],
  truncated: false,
  proof: { demand: null, standing: 'not-demanded' },
  approvals: [
    {
      operation: 'protection.undo',
      sentence: 'A protection is taken back: what it made is withdrawn.',
      thresholds: [{ quorum: 2, approverRole: 'custodian' }],
      signatureRequired: true,
      approvers: [{ id: idOf(72), name: 'bob@example.org' }],
      truncated: false,
    },
  ],
};

const policy = (expected: string) => ({
  roles: { 'release-manager': ['asset.read', 'asset.protect'] },
  subjects: {
    anna: [{ role: 'release-manager', place: { environment: 'production' }, rules: { addresses: ['10.0.0.0/8'] } }],
  },
  cases: [
    {
      name: 'from the office',
      subject: 'anna',
      ask: {
        permission: 'asset.protect',
        place: { environment: 'production', project: 'shop' },
        at: instant,
        address: '10.1.2.3',
      },
      expect: 'allowed',
    },
    {
      name: 'from home',
      subject: 'anna',
      ask: { permission: 'asset.protect', place: { environment: 'production' }, at: instant, address: '192.0.2.1' },
      expect: expected,
    },
  ],
});

const handlers = {
  listRoles: () => ({ value: page([auditor, role]) }),
  getRole: () => ({ value: role, etag: '"1"' }),
  createRole: () => ({ status: 201, value: role }),
  updateRole: () => ({ value: role }),
  deleteRole: () => ({ status: 204 }),
  listGrants: () => ({ value: page([denial, grant]) }),
  getGrant: () => ({ value: grant }),
  createGrant: () => ({ status: 201, value: grant }),
  revokeGrant: () => ({ status: 204 }),
  explainAccess: () => ({ value: explanation }),
};

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace(handlers);
  const commands = [
    'roles',
    'roles create release-manager --permissions asset.read,asset.protect',
    'roles delete release-manager',
    'grants',
    `grants create ${idOf(71)} release-manager --environment ${idOf(2)} --until 2026-12-24T00:00:00Z --address 10.0.0.0/8`,
    `grants revoke ${idOf(81)}`,
    `access explain asset.protect --environment ${idOf(2)}`,
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../../test/transcripts/access.txt');
});

it('sends place and conditions in the form of the interface', async () => {
  const bodies: unknown[] = [];
  await using workplace = await openWorkplace({
    ...handlers,
    createGrant: ({ body }) => {
      bodies.push(body);
      return { status: 201, value: grant };
    },
  });
  const create = `grants create ${idOf(71)} operator --deny --project ${idOf(3)} --country de,fr --purpose backup --mfa-age 300`;
  const hours = '--hours fri-mon/22:00-06:00 --hours wed/08:00-24:00 --time-zone Europe/Berlin';
  expect((await workplace.qv(`${create} ${hours}`)).exitCode).toBe(0);
  expect(bodies).toEqual([
    {
      subjectId: idOf(71),
      role: 'operator',
      effect: 'deny',
      place: { projectId: idOf(3) },
      rules: {
        countries: ['DE', 'FR'],
        purposes: ['backup'],
        mfaMaxAgeSeconds: 300,
        hours: {
          timeZone: 'Europe/Berlin',
          windows: [
            { days: [5, 6, 7, 1], from: '22:00', to: '06:00' },
            { days: [3], from: '08:00', to: '24:00' },
          ],
        },
      },
    },
  ]);
});

describe('tests of a policy', () => {
  it('ACC-6: end with 0 when all hold, and need no server', async () => {
    await using workplace = await openWorkplace();
    const file = path.join(workplace.folder, 'policy.json');
    writeFileSync(file, JSON.stringify(policy('CONDITIONS_NOT_MET')));
    expect(await workplace.qv(`access test ${file}`)).toMatchObject({ exitCode: 0, out: '2 passed, 0 failed\n' });
    expect(workplace.server.asked).toEqual([]);
  });

  it('end with 1 and name what was found when one does not', async () => {
    await using workplace = await openWorkplace();
    const file = path.join(workplace.folder, 'policy.json');
    writeFileSync(file, JSON.stringify(policy('DENIED')));
    const { exitCode, out } = await workplace.qv(`access test ${file} --json`);
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      passed: 1,
      failed: 1,
      tests: [{ ok: true }, { ok: false, found: 'CONDITIONS_NOT_MET' }],
    });
  });
});

it.each([
  [`grants create ${idOf(71)} operator --project ${idOf(3)} --service ${idOf(4)}`, 'the lowest one'],
  [`grants create ${idOf(71)} operator --hours daily`, '--hours'],
  [`grants create ${idOf(71)} operator --hours mon-xyz/08:00-18:00`, '--hours'],
  [`grants create ${idOf(71)} operator --address ten`, '--address'],
  [`grants create ${idOf(71)} operator --until tomorrow`, '--until'],
  ['grants create anna operator', 'not the id of a subject'],
  ['roles create King --permissions asset.read', '<name>'],
  ['roles create king --permissions asset.steal', '--permissions'],
  ['roles delete auditor', 'built in'],
  ['access explain asset.steal', '<permission>'],
  ['access test missing.json', 'missing.json'],
])('%s is wrong use', async (command, named) => {
  await using workplace = await openWorkplace(handlers);
  const { exitCode, err } = await workplace.qv(command);
  expect(exitCode).toBe(2);
  expect(err).toContain(named);
});
