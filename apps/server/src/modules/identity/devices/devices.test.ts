import { type DeviceAssertionClaims, deviceAssertionType, enrollmentMessage } from '@quantumvault/api';
import { generateSigningKey, importSigningKey, type SigningKey, signJwt } from '@quantumvault/crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileAccess } from '../../../kernel/access.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { newId } from '../../jobs/world.test-support.ts';
import { createIdentityWorld, type IdentityWorld, requestFrom } from '../identity.test-support.ts';
import { OffboardUser } from '../offboarding/offboard-user.ts';
import { SuspendUser } from '../people/suspend-user.ts';
import { DeviceAuthenticator } from './authenticate-device.ts';
import { DeviceTokens } from './device-tokens.ts';
import { DeviceEnroller } from './enroll-device.ts';
import { CancelDeviceEnrollment, CreateDeviceEnrollment, ListDevices, RevokeDevice } from './keep-devices.ts';
import { PostgresDeviceDirectory } from './postgres-device-directory.ts';
import { PostgresDeviceRepository } from './postgres-device-repository.ts';

const installationId = '01920000-0000-7000-8000-0000000000ff';
const refused = { code: 'IDENTITY_UNAUTHENTICATED' };
const notEnrolled = { code: 'IDENTITY_ENROLLMENT_INVALID' };
const mac = '02:00:5e:00:53:01';
const request = () => requestFrom('192.0.2.1');

let world: IdentityWorld;
let admin: Actor;
let deps: ConstructorParameters<typeof DeviceTokens>[0] & ConstructorParameters<typeof RevokeDevice>[0];
let devices: DeviceAuthenticator;

beforeAll(async () => {
  world = await createIdentityWorld();
  admin = await world.newUser('organization-admin');
  const directory = new PostgresDeviceDirectory({ db: world.database.databases.auth });
  const countRefusal = (address: string | null) => void world.refused.push(address);
  deps = {
    ...world.deps,
    directory,
    devices: new PostgresDeviceRepository(),
    clock: systemClock,
    countRefusal,
    installationId,
  };
  devices = new DeviceAuthenticator({ directory, access: world.access, countRefusal });
});
afterAll(() => world.close());

interface Agent {
  readonly key: SigningKey;
  readonly id: string;
}

const newKey = (algorithm: 'Ed25519' | 'ML-DSA-65' = 'Ed25519') => {
  const { privateKey } = generateSigningKey(algorithm);
  const key = importSigningKey({ algorithm, privateKey });
  return { key, publicKey: Buffer.from(key.publicKey).toString('base64url'), algorithm };
};
const newToken = (by: Actor = admin) =>
  new CreateDeviceEnrollment(deps).execute(by, { name: 'sensor', expiresInHours: 1 });

async function enrollment(token: string, made = newKey()) {
  const { key, ...facts } = made;
  const proof = await key.signAsync(enrollmentMessage({ token, ...facts }));
  return { token, ...facts, proof: Buffer.from(proof).toString('base64url') };
}

async function newAgent(by: Actor = admin, algorithm: 'Ed25519' | 'ML-DSA-65' = 'Ed25519'): Promise<Agent> {
  const { token } = await newToken(by);
  const made = newKey(algorithm);
  const { deviceId } = await new DeviceEnroller(deps).enroll(await enrollment(token, made), request());
  return { key: made.key, id: deviceId };
}

function assertion({ key, id }: Agent, change: Partial<DeviceAssertionClaims> = {}, typ = deviceAssertionType) {
  const iat = Math.floor(Date.now() / 1000);
  const own = { iss: id, sub: id, aud: installationId, iat, exp: iat + 60, jti: newId<string>(), mac_addresses: [mac] };
  return signJwt({ key, typ, claims: { ...own, ...change } });
}
const exchange = async (agent: Agent, text: string | Promise<string> = assertion(agent)) =>
  new DeviceTokens(deps).exchange({ clientId: agent.id, assertion: await text }, request());

describe('ACC-2: enrolment', () => {
  it.each(['Ed25519', 'ML-DSA-65'] as const)(
    'ACC-2: an agent with a key of %s becomes a device, once',
    async (algorithm) => {
      const { token, id } = await newToken();
      const body = await enrollment(token, newKey(algorithm));
      const { deviceId, organizationId } = await new DeviceEnroller(deps).enroll(body, request());
      expect(organizationId).toBe(admin.tenantId);
      const again = await enrollment(token);
      await expect(new DeviceEnroller(deps).enroll(again, request())).rejects.toMatchObject(notEnrolled);
      const { items } = await new ListDevices(deps).execute(admin, { limit: 200, includeRevoked: 'false' });
      expect(items.find((device) => device.id === deviceId)).toMatchObject({
        name: 'sensor',
        status: 'active',
        algorithm,
      });
      expect(await world.eventsOf(id)).toEqual(['device-enrollment.created']);
      expect(await world.eventsOf(deviceId)).toEqual(['device.enrolled']);
      const rows = await world.sql('SELECT to_jsonb(e)::text AS row FROM device_enrollment e');
      expect(JSON.stringify(rows)).not.toContain(token.slice(-43));
    },
  );

  it('ACC-2: a proof for another token, of another key, or none, enrols nobody and leaves the token good', async () => {
    const [{ token }, other] = [await newToken(), await newToken()];
    const good = await enrollment(token);
    const foreignKey = newKey().publicKey;
    for (const wrong of [
      { ...good, token: other.token },
      { ...good, publicKey: foreignKey },
      { ...good, proof: good.proof.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) },
      { ...good, publicKey: `${good.publicKey}A` },
      { ...good, algorithm: 'ML-DSA-65' as const },
      { ...good, token: `qve_aaaaaaaaaaaa_${'a'.repeat(43)}` },
    ])
      await expect(new DeviceEnroller(deps).enroll(wrong, request())).rejects.toMatchObject(notEnrolled);
    await new DeviceEnroller(deps).enroll(good, request());
  });

  it('ACC-2: cancelled and expired tokens enrol nobody; of ten agents at once, one is enrolled', async () => {
    const [cancelled, expired, raced] = [await newToken(), await newToken(), await newToken()];
    await new CancelDeviceEnrollment(deps).execute(admin, cancelled.id);
    await world.sql("UPDATE device_enrollment SET expires_at = now() - interval '1 second' WHERE id = $1", [
      expired.id,
    ]);
    for (const { token } of [cancelled, expired])
      await expect(new DeviceEnroller(deps).enroll(await enrollment(token), request())).rejects.toMatchObject(
        notEnrolled,
      );
    const bodies = await Promise.all(Array.from({ length: 10 }, () => enrollment(raced.token)));
    const outcomes = await Promise.allSettled(bodies.map((body) => new DeviceEnroller(deps).enroll(body, request())));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const gone = { code: 'IDENTITY_ENROLLMENT_NOT_FOUND' };
    await expect(new CancelDeviceEnrollment(deps).execute(admin, raced.id)).rejects.toMatchObject(gone);
  });

  it('ACC-12: whoever is suspended brings in no machine, and what somebody brought in is on the list of the off-boarding', async () => {
    const leaver = await world.newUser('organization-admin');
    const { token } = await newToken(leaver);
    const agent = await newAgent(leaver);
    await new SuspendUser(world.deps).execute(admin, { id: leaver.id });
    const late = await enrollment(token);
    await expect(new DeviceEnroller(deps).enroll(late, request())).rejects.toMatchObject(notEnrolled);
    const report = await new OffboardUser(world.deps).execute(admin, { id: leaver.id });
    expect(report.rotate).toMatchObject([{ kind: 'device', resourceId: agent.id, name: 'sensor' }]);
    await expect(new DeviceEnroller(deps).enroll(late, request())).rejects.toMatchObject(notEnrolled);
  });

  it('ACC-2: a key is one device’s', async () => {
    const made = newKey();
    const bodies = [await enrollment((await newToken()).token, made), await enrollment((await newToken()).token, made)];
    await new DeviceEnroller(deps).enroll(bodies[0] ?? (await enrollment('')), request());
    await expect(new DeviceEnroller(deps).enroll(bodies[1] ?? (await enrollment('')), request())).rejects.toMatchObject(
      {
        code: 'IDENTITY_DEVICE_KEY_TAKEN',
      },
    );
  });
});

describe('ACC-2: tokens of devices', () => {
  it.each(['Ed25519', 'ML-DSA-65'] as const)(
    'ACC-2: a device with %s gets a token, and acts with what it was granted',
    async (algorithm) => {
      const agent = await newAgent(admin, algorithm);
      const { accessToken, expiresAt } = await exchange(agent);
      expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(300_000);
      const before = await devices.authenticate(accessToken, request());
      expect(before).toMatchObject({
        kind: 'device',
        id: agent.id,
        credential: { kind: 'device-key', deviceId: agent.id },
      });
      expect(world.may(before, 'asset.read')).toBe(false);
      await world.sql(
        "INSERT INTO access_grant (id, tenant_id, subject_id, role) VALUES (gen_random_uuid(), $1, $2, 'platform-admin')",
        [admin.tenantId, agent.id],
      );
      const after = await devices.authenticate(accessToken, request());
      // Never more than its enroller held: an administrator of the organization creates no organizations.
      expect([world.may(after, 'asset.read'), world.may(after, 'organization.create')]).toEqual([true, false]);
      expect(after.credential.macAddresses).toEqual([mac]);
    },
  );

  it('ACC-2: an assertion is good once, also for ten who send it at once', async () => {
    const agent = await newAgent();
    const once = await assertion(agent);
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => exchange(agent, once)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(exchange(agent, once)).rejects.toMatchObject(refused);
  });

  it('attack case 16: assertions that are not this device’s, for this installation, now, are refused', async () => {
    const [agent, other] = [await newAgent(), await newAgent()];
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [, payload = '', signature = ''] = (await assertion(agent)).split('.');
    for (const wrong of [
      assertion(other),
      assertion({ ...other, id: agent.id }),
      assertion(agent, { aud: newId<string>() }),
      assertion(agent, { sub: other.id }),
      assertion(agent, { iat: now - 100, exp: now - 1 }),
      assertion(agent, { iat: now + 60, exp: now + 120 }),
      assertion(agent, { exp: now + 3600 }),
      assertion(agent, { mac_addresses: ['not a mac'] }),
      assertion(agent, { mac_addresses: Array.from({ length: 33 }, () => mac) }),
      assertion(agent, {}, 'at+jwt'),
      `${part({ alg: 'none' })}.${payload}.`,
      `${part({ alg: 'Ed25519', typ: deviceAssertionType, jwk: {} })}.${payload}.${signature}`,
    ])
      await expect(exchange(agent, wrong)).rejects.toMatchObject(refused);
    await expect(exchange({ ...agent, id: newId<string>() })).rejects.toMatchObject(refused);
    await exchange(agent);
  });

  it('ACC-2: revoked, a device’s tokens are dead in the next request, and it gets no other', async () => {
    const agent = await newAgent();
    const { accessToken } = await exchange(agent);
    await devices.authenticate(accessToken, request());
    await new RevokeDevice(deps).execute(admin, agent.id);
    await expect(devices.authenticate(accessToken, request())).rejects.toMatchObject(refused);
    await expect(exchange(agent)).rejects.toMatchObject(refused);
    await expect(new RevokeDevice(deps).execute(admin, agent.id)).rejects.toMatchObject({
      code: 'IDENTITY_DEVICE_NOT_FOUND',
    });
    const all = await new ListDevices(deps).execute(admin, { limit: 200, includeRevoked: 'true' });
    expect(all.items.find(({ id }) => id === agent.id)?.status).toBe('revoked');
  });

  it('ACC-2: an expired, wrong or foreign kind of token is refused', async () => {
    const agent = await newAgent();
    const { accessToken } = await exchange(agent);
    const wrong = accessToken.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const text of [wrong, accessToken.replace('qvm_', 'qv_'), 'qvm_']) {
      await expect(devices.authenticate(text, request())).rejects.toMatchObject(refused);
    }
    await world.sql("UPDATE device_session SET expires_at = now() - interval '1 second' WHERE device_id = $1", [
      agent.id,
    ]);
    await expect(devices.authenticate(accessToken, request())).rejects.toMatchObject(refused);
  });
});

describe('ACC-7: conditions on devices', () => {
  it('ACC-7: a person on an enrolled device of the organization has its id and addresses, on a foreign one nothing', async () => {
    const { accessToken } = await exchange(await newAgent());
    const user = await world.newUser(null);
    const grant = {
      id: newId<string>(),
      effect: 'allow' as const,
      role: 'own',
      permissions: new Set(['asset.read'] as const),
      place: null,
      conditions: { rules: { macAddresses: [mac] } },
    };
    const person = { ...user, access: compileAccess([grant]) };
    expect(world.may(person, 'asset.read')).toBe(false);
    expect(world.may(await devices.onDevice(person, accessToken), 'asset.read')).toBe(true);
    const { actor: foreign } = await world.newTenant();
    await expect(devices.onDevice(foreign, accessToken)).rejects.toMatchObject(refused);
  });

  it('attack case 1: nothing of another organization is listed, cancelled or revoked', async () => {
    const agent = await newAgent();
    const { id } = await newToken();
    const { actor: foreign } = await world.newTenant();
    const listed = await new ListDevices(deps).execute(foreign, { limit: 10, includeRevoked: 'true' });
    expect(listed.items).toEqual([]);
    await expect(new RevokeDevice(deps).execute(foreign, agent.id)).rejects.toMatchObject({
      code: 'IDENTITY_DEVICE_NOT_FOUND',
    });
    await expect(new CancelDeviceEnrollment(deps).execute(foreign, id)).rejects.toMatchObject({
      code: 'IDENTITY_ENROLLMENT_NOT_FOUND',
    });
  });
});
