import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DeviceView, enrollmentMessage } from '@quantumvault/api';
import { importVerifyKey } from '@quantumvault/crypto';
import { expect, it } from 'vitest';
import { openWorkplace, transcriptOf } from '../../../test/run-qv.ts';
import { idOf, page } from '../../../test/samples.ts';
import { macAddressesOf } from './agent.ts';

const instant = '2026-11-24T11:59:58.000Z';
const token = `qve_abcdefghijkl_${'t'.repeat(43)}`;
const accessToken = `qvm_abcdefghijkl_${'a'.repeat(43)}`;
const enrolled = { deviceId: idOf(95), organizationId: idOf(1), installationId: idOf(9) };

const device: DeviceView = {
  id: idOf(95),
  name: 'sensor',
  status: 'active',
  algorithm: 'Ed25519',
  keyFingerprint: 'F'.repeat(43),
  permissions: ['asset.read'],
  macAddresses: ['02:00:5e:00:53:01'],
  enrolledBy: idOf(70),
  enrolledAt: instant,
  lastSeenAt: instant,
};

const handlers = {
  listDevices: () => ({ value: page([device]) }),
  createDeviceEnrollment: () => ({ status: 201, value: { id: idOf(96), name: 'sensor', expiresAt: instant, token } }),
  cancelDeviceEnrollment: () => ({ status: 204 }),
  revokeDevice: () => ({ status: 204 }),
  enrollDevice: () => ({ status: 201, value: enrolled }),
  createDeviceToken: () => ({ status: 201, value: { accessToken, tokenType: 'Bearer' as const, expiresAt: instant } }),
};

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace(handlers);
  writeFileSync(path.join(workplace.folder, 'token.txt'), `${token}\n`);
  const commands = [
    'devices enroll-token sensor',
    'agent enroll --token-file token.txt --out device.key',
    'agent token --key device.key',
    'devices',
    `devices cancel-token ${idOf(96)}`,
    `devices revoke ${idOf(95)}`,
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../../test/transcripts/devices.txt');
});

it('ACC-2: the key is made here, never sent, and proven by a signature over the token', async () => {
  const bodies: Readonly<Record<string, string>>[] = [];
  await using workplace = await openWorkplace({
    ...handlers,
    enrollDevice: ({ body }) => {
      bodies.push(body as Record<string, string>);
      return { status: 201, value: enrolled };
    },
  });
  const typed = await workplace.qv('agent enroll --out device.key', { secrets: [token] });
  expect(typed.exitCode).toBe(0);
  const file = path.join(workplace.folder, 'device.key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  expect(kept).toMatchObject({ ...enrolled, algorithm: 'Ed25519' });
  const [body] = bodies;
  expect(JSON.stringify(body)).not.toContain(kept.privateKey);
  expect(typed.all).not.toContain(kept.privateKey);
  expect(typed.all).not.toContain(token);
  const { publicKey = '', proof = '' } = body ?? {};
  const key = importVerifyKey({ algorithm: 'Ed25519', publicKey: Buffer.from(publicKey, 'base64url') });
  const message = enrollmentMessage({ token, algorithm: 'Ed25519', publicKey });
  expect(key.verify({ message, signature: Buffer.from(proof, 'base64url') })).toBe(true);
});

it('ACC-2: a refused enrolment leaves no key behind', async () => {
  await using workplace = await openWorkplace();
  const { exitCode } = await workplace.qv('agent enroll --out device.key', { secrets: [token] });
  expect(exitCode).not.toBe(0);
  expect(existsSync(path.join(workplace.folder, 'device.key'))).toBe(false);
});

it('ACC-7: each address of a card is reported once, and no loopback', () => {
  const card = { mac: '02:00:5E:00:53:01', internal: false };
  expect(
    macAddressesOf({
      lo: [{ mac: '00:00:00:00:00:00', internal: true }],
      tun0: [{ mac: '00:00:00:00:00:00', internal: false }],
      eth0: [card, card],
    }),
  ).toEqual(['02:00:5e:00:53:01']);
});

it.each([
  ['agent enroll --out device.key --algorithm RSA', '--algorithm'],
  ['agent token --key missing.key', 'missing.key'],
  ['agent token --key bootstrap-admin.json', 'no key of a device'],
  ['devices enroll-token sensor --hours 0', '--hours'],
  ['devices revoke sensor', 'not the id of a device'],
])('%s is wrong use', async (command, named) => {
  await using workplace = await openWorkplace(handlers);
  const { exitCode, err } = await workplace.qv(command);
  expect(exitCode).toBe(2);
  expect(err).toContain(named);
});
