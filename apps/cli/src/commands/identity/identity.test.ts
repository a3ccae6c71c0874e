import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ApiKeyView, ServiceAccountView } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { openWorkplace, transcriptOf } from '../../../test/run-qv.ts';
import { idOf, page } from '../../../test/samples.ts';

const instant = '2026-11-24T11:59:58.000Z';
const secret = `qv_abcdefghijkl_${'s'.repeat(43)}`;

const key: ApiKeyView = {
  id: idOf(90),
  name: 'nightly',
  prefix: 'qv_abcdefghijkl',
  owner: { id: idOf(91), kind: 'service-account', name: 'scanner' },
  permissions: ['asset.read', 'asset.scan'],
  environmentId: idOf(2),
  projectId: null,
  serviceId: null,
  allowedNetworks: ['192.0.2.0/24'],
  state: 'active',
  origin: 'made',
  createdBy: idOf(70),
  createdAt: instant,
  expiresAt: '2026-12-24T00:00:00.000Z',
  revokedAt: null,
  lastUsedAt: null,
  replaces: null,
  replacedBy: null,
};
const account: ServiceAccountView = {
  id: idOf(91),
  name: 'scanner',
  description: 'Scans at night',
  ownerId: idOf(70),
  status: 'active',
  roles: ['operator'],
  createdAt: instant,
  version: 1,
};

const handlers = {
  listOwnApiKeys: () => ({ value: page([{ ...key, state: 'replaced' as const, replacedBy: idOf(92) }]) }),
  listApiKeys: () => ({ value: page([key]) }),
  createOwnApiKey: () => ({ status: 201, value: { key, secret } }),
  createApiKey: () => ({ status: 201, value: { key, secret } }),
  rotateOwnApiKey: () => ({ status: 201, value: { key: { ...key, id: idOf(92), replaces: key.id }, secret } }),
  rotateApiKey: () => ({ status: 201, value: { key: { ...key, id: idOf(92), replaces: key.id }, secret } }),
  revokeOwnApiKey: () => ({ status: 204 }),
  revokeApiKey: () => ({ status: 204 }),
  listServiceAccounts: () => ({ value: page([account]) }),
  getServiceAccount: () => ({ value: account, etag: '"1"' }),
  createServiceAccount: () => ({ status: 201, value: account }),
  updateServiceAccount: () => ({ value: { ...account, status: 'suspended' as const, version: 2 } }),
  deleteServiceAccount: () => ({ status: 204 }),
};

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace(handlers);
  const commands = [
    'service-accounts create scanner --description nightly',
    'service-accounts',
    `api-keys create nightly --service-account scanner --permissions asset.read,asset.scan --network 192.0.2.0/24 --days 30`,
    'api-keys',
    'api-keys --organization',
    `api-keys rotate ${idOf(90)} --overlap 2`,
    `api-keys revoke ${idOf(90)}`,
    'service-accounts suspend scanner',
    'service-accounts delete scanner',
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../../test/transcripts/identity.txt');
});

it('ACC-2: sends the limits of a key in the form of the interface', async () => {
  const bodies: unknown[] = [];
  await using workplace = await openWorkplace({
    ...handlers,
    createApiKey: ({ body }) => {
      bodies.push(body);
      return { status: 201, value: { key, secret } };
    },
  });
  const limits = `--permissions asset.read --environment ${idOf(2)} --network 192.0.2.0/24 --network ::1 --days 30`;
  expect((await workplace.qv(`api-keys create nightly --service-account ${account.id} ${limits}`)).exitCode).toBe(0);
  expect(bodies).toEqual([
    {
      serviceAccountId: account.id,
      name: 'nightly',
      permissions: ['asset.read'],
      environmentId: idOf(2),
      allowedNetworks: ['192.0.2.0/24', '::1'],
      expiresInDays: 30,
    },
  ]);
});

describe('ACC-2: a secret goes into a file', () => {
  it('ACC-2: that only its owner reads, and is not printed', async () => {
    await using workplace = await openWorkplace(handlers);
    for (const [command, name] of [
      ['api-keys create nightly', 'new.key'],
      [`api-keys rotate ${idOf(90)} --json`, 'rotated.key'],
    ] as const) {
      const { exitCode, out, err } = await workplace.qv(`${command} --out ${name}`);
      expect(exitCode).toBe(0);
      expect(out + err).not.toContain(secret);
      const file = path.join(workplace.folder, name);
      expect(readFileSync(file, 'utf8')).toBe(`${secret}\n`);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  it('ACC-2: a file that is there is kept, and nothing is asked of the server', async () => {
    await using workplace = await openWorkplace(handlers);
    const file = path.join(workplace.folder, 'my.key');
    writeFileSync(file, 'kept');
    const { exitCode, err } = await workplace.qv('api-keys create nightly --out my.key');
    expect(exitCode).not.toBe(0);
    expect(err).toContain('--force');
    expect(readFileSync(file, 'utf8')).toBe('kept');
    expect(workplace.server.asked).toEqual([]);
  });

  it('ACC-2: a refusal leaves no file behind', async () => {
    await using workplace = await openWorkplace({ ...handlers, listServiceAccounts: () => ({ value: page([]) }) });
    const { exitCode } = await workplace.qv('api-keys create nightly --service-account nobody --out my.key');
    expect(exitCode).not.toBe(0);
    expect(existsSync(path.join(workplace.folder, 'my.key'))).toBe(false);
  });
});

it.each([
  ['api-keys create nightly --permissions asset.steal', '--permissions'],
  ['api-keys create nightly --network ten', '--network'],
  ['api-keys create nightly --days 0', '--days'],
  [`api-keys create nightly --project ${idOf(3)} --service ${idOf(4)}`, 'the lowest one'],
  ['api-keys revoke nightly', 'not the id of an API key'],
  ['service-accounts create scanner --owner anna', 'not the id of an owner'],
  ['service-accounts update scanner', 'at least one field'],
])('%s is wrong use', async (command, named) => {
  await using workplace = await openWorkplace(handlers);
  const { exitCode, err } = await workplace.qv(command);
  expect(exitCode).toBe(2);
  expect(err).toContain(named);
});
