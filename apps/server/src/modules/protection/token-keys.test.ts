import { createPublicKey, verify } from 'node:crypto';
import { routes } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOfPermissions } from '../../kernel/access.test-support.ts';
import { GetAsset } from '../inventory/usecases/get-asset.ts';
import { newId, userActor } from '../jobs/world.test-support.ts';
import { createProtectionWorld, type ProtectionWorld } from './protection.test-support.ts';
import { GetJwks } from './usecases/get-jwks.ts';
import { SignToken } from './usecases/sign-token.ts';

let world: ProtectionWorld;
let now = new Date('2026-11-25T12:00:00Z');
beforeAll(async () => {
  world = await createProtectionWorld({ now: () => now });
});
afterAll(() => world.close());

const body = { claims: { sub: 'user-1', scope: ['read'] }, expiresInSeconds: 600 };
const jwks = (id: string, actor = world.actor) => new GetJwks(world).execute(actor, id);
const sign = (id: string, change: object = {}, actor = world.actor) =>
  new SignToken(world).execute(actor, id, { ...body, ...change });
const api = () => world.create({ type: 'api-endpoint', endpoint: `https://api-${newId<string>()}.example.org` });
const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString());

describe('INV-9: APIs and token issuers', () => {
  it('INV-9: hybrid: one job makes one artefact with two keys; the JWK Set shows both and no private part', async () => {
    const { id } = await api();
    const done = await world.protect(id, 'hybrid-default');
    expect(done).toMatchObject({ status: 'succeeded', result: { artifactKind: 'jwks' } });
    const set = await jwks(id);
    expect(routes.getJwks.success.schema.parse(set)).toEqual(set);
    expect(set.keys.map(({ kty, alg, use }) => [kty, alg, use])).toEqual([
      ['AKP', 'ML-DSA-65', 'sig'],
      ['OKP', 'Ed25519', 'sig'],
    ]);
    expect(JSON.stringify(set)).not.toMatch(/"(d|priv|k)":/);
    const rows = await world.sql('SELECT purpose, kek_version FROM asset_key WHERE asset_id = $1', [id]);
    expect(rows).toEqual(Array(2).fill({ purpose: 'token-signing', kek_version: 1 }));
    expect(await new GetAsset(world).execute(world.actor, id)).toMatchObject({
      encryptionProfile: {
        source: 'protection',
        uses: [
          { role: 'signature', algorithm: 'ML-DSA-65' },
          { role: 'signature', algorithm: 'Ed25519' },
        ],
        appliedPolicy: { jobId: done.id },
      },
    });
  });

  it('INV-8: the simulation promises the risk that the job leaves', async () => {
    for (const [type, policy] of [
      ['api-endpoint', 'hybrid-default'],
      ['token-issuer', 'cnsa-2.0'],
      ['data-store', 'hybrid-default'],
    ] as const) {
      const { id } = await world.create({ type, endpoint: `${type}-${newId<string>()}` });
      const { simulation } = await world.apply(id, policy, true);
      await world.protect(id, policy);
      expect((await new GetAsset(world).execute(world.actor, id)).risk).toEqual(simulation.riskAfter);
    }
  });

  it('INV-9: a token is signed with the newest key, verifies under the JWK Set alone, and the call is audited', async () => {
    const { id } = await api();
    await world.protect(id, 'hybrid-default');
    const set = await jwks(id);
    for (const [algorithm, alg] of [
      [undefined, 'ML-DSA-65'],
      ['Ed25519', 'Ed25519'],
    ] as const) {
      const signed = await sign(id, algorithm === undefined ? {} : { algorithm });
      expect(routes.signToken.success.schema.parse(signed)).toEqual(signed);
      const [header, payload, signature = ''] = signed.token.split('.');
      const jwk = set.keys.find(({ kid }) => kid === decode(header).kid) ?? expect.fail();
      expect(decode(header)).toEqual({ alg, kid: jwk.kid, typ: 'JWT' });
      const seconds = now.getTime() / 1000;
      expect(decode(payload)).toEqual({ sub: 'user-1', scope: ['read'], iat: seconds, exp: seconds + 600 });
      const key = createPublicKey({ key: JSON.parse(JSON.stringify(jwk)), format: 'jwk' });
      expect(verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    }
    expect(await world.eventsOf(id)).toEqual(['asset.created', 'token.signed', 'token.signed']);
    await expect(sign(id, { algorithm: 'ES256' })).rejects.toMatchObject({
      code: 'PROTECTION_KEY_NOT_OFFERED',
      message: expect.stringContaining('ML-DSA-65 and Ed25519'),
    });
  });

  it('INV-9: rotation keeps the former key in the JWK Set until its overlap ends; tokens are signed with the new one', async () => {
    const { id } = await api();
    await world.protect(id, 'fips-classical');
    const first = await jwks(id);
    await world.protect(id, 'fips-classical');
    const both = await jwks(id);
    expect(both.keys).toHaveLength(2);
    expect(both.keys[1]).toEqual(first.keys[0]);
    expect((await sign(id)).kid).toBe(both.keys[0]?.kid);
    const retiresAt = both.lifetimes[1]?.retiresAt ?? expect.fail();
    const before = now;
    now = new Date(retiresAt);
    expect((await jwks(id)).keys).toEqual(both.keys.slice(0, 1));
    now = before;
  });

  it('a signed token is never stored for repetition, nor its claims anywhere', async () => {
    const { id } = await api();
    await world.protect(id, 'cnsa-2.0');
    const idempotency = { key: 'token', requestHash: new Uint8Array(32) };
    const actor = { ...world.actor, request: { ...world.actor.request, idempotency } };
    const { token } = await sign(id, { claims: { sub: 'canary-subject-of-token' } }, actor);
    const tables = await world.sql<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'qv' ORDER BY 1",
    );
    for (const { name } of tables) {
      const [row] = await world.sql<{ hits: number }>(
        `SELECT count(*)::int AS hits FROM qv."${name}" t WHERE to_jsonb(t)::text LIKE ANY ($1)`,
        [[`%${token.slice(-60)}%`, '%canary-subject-of-token%']],
      );
      expect([name, row?.hits]).toEqual([name, 0]);
    }
  });

  it('iat, nbf and exp are the server’s; claims have limits', () => {
    const parse = (claims: object) => routes.signToken.body.safeParse({ claims }).success;
    expect(parse({ sub: 'x' })).toBe(true);
    for (const name of ['iat', 'nbf', 'exp']) expect(parse({ [name]: 1 })).toBe(false);
    expect(parse(Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`c${index}`, 1])))).toBe(false);
    expect(parse({ nested: { a: 1 } })).toBe(false);
    expect(routes.signToken.body.safeParse({ claims: {}, expiresInSeconds: 86_401 }).success).toBe(false);
  });

  it('ACC-1: another organization finds nothing; ACC-6: reading does not permit signing', async () => {
    const { id } = await api();
    await world.protect(id, 'hybrid-default');
    const other = await world.newTenant();
    for (const wrong of [() => jwks(id, other.actor), () => sign(id, {}, other.actor), () => jwks(newId<string>())])
      await expect(wrong()).rejects.toMatchObject({ code: 'PROTECTION_ARTIFACT_NOT_FOUND' });
    const reader = userActor(world.actor.tenantId, { access: accessOfPermissions(['asset.read']) });
    await jwks(id, reader);
    await expect(sign(id, {}, reader)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });
});
