import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ClientCertificateView, type DeviceView, enrollmentMessage } from '@quantumvault/api';
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

const bound: ClientCertificateView = {
  id: idOf(97),
  subjectId: idOf(95),
  match: 'names',
  subjectName: 'CN=sensor',
  issuerName: 'CN=Machines',
  notAfter: instant,
  permissions: ['asset.read'],
  createdBy: idOf(70),
  createdAt: instant,
};

const handlers = {
  listClientCertificates: () => ({ value: page([bound]) }),
  bindClientCertificate: () => ({ status: 201, value: bound }),
  unbindClientCertificate: () => ({ status: 204 }),
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
  writeFileSync(path.join(workplace.folder, 'sensor.pem'), '-----BEGIN CERTIFICATE-----\n');
  const commands = [
    'devices enroll-token sensor',
    'agent enroll --token-file token.txt --out device.key',
    'agent token --key device.key',
    'devices',
    `devices cancel-token ${idOf(96)}`,
    `client-certificates bind ${idOf(95)} sensor.pem --names`,
    'client-certificates',
    `client-certificates unbind ${idOf(97)}`,
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

it('ACC-2: with QV_ORGANIZATION the certificate says who asks, and no key is sent', async () => {
  await using workplace = await openWorkplace(handlers);
  const environment = { QV_ORGANIZATION: idOf(1) };
  // The server of this test knows keys alone: without one it refuses.
  expect((await workplace.qv('devices', { environment })).exitCode).toBe(3);
  const both = await workplace.qv('devices', { environment: { ...environment, QV_API_KEY: 'qv_x' } });
  expect(both).toMatchObject({ exitCode: 2, err: expect.stringContaining('not both') });
  const wrong = await workplace.qv('devices', { environment: { QV_ORGANIZATION: 'acme' } });
  expect(wrong).toMatchObject({ exitCode: 2, err: expect.stringContaining('QV_ORGANIZATION') });
});

it.each([
  ['agent enroll --out device.key --algorithm RSA', '--algorithm'],
  ['agent token --key missing.key', 'missing.key'],
  ['agent token --key bootstrap-admin.json', 'no key of a device'],
  ['devices enroll-token sensor --hours 0', '--hours'],
  ['devices revoke sensor', 'not the id of a device'],
  ['client-certificates bind sensor device.pem', 'device.pem'],
  [`client-certificates bind ${idOf(95)} bootstrap-admin.json`, '<file>'],
  ['client-certificates unbind sensor', 'not the id of a client certificate'],
])('%s is wrong use', async (command, named) => {
  await using workplace = await openWorkplace(handlers);
  const { exitCode, err } = await workplace.qv(command);
  expect(exitCode).toBe(2);
  expect(err).toContain(named);
});
