import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient, type GrantRules, type GrantView } from '@quantumvault/api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ipv4Bits, writeMmdb } from '../../providers/src/geoip/mmdb/testing/write-mmdb.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { addMember, type Member } from './organizations.ts';

// ACC-7 on the running server: conditions see the facts of the request that meets them. A custodian may do nothing but
// see who he is; each case gives him one more grant and takes it away again.

let server: TestServer;
let folder: string;
let custodian: Member;
let given: GrantView[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qv-countries-'));
  const file = path.join(folder, 'countries.mmdb');
  // The tests speak from this host, which has moved to Germany for them.
  writeFileSync(file, writeMmdb(new Map([[ipv4Bits([127]), { country_code: 'DE' }]])));
  server = await startTestServer({ QV_GEOIP_FILE: file, QV_RATE_LIMIT_PER_MINUTE: '1000000' });
  custodian = await addMember(server, server.signIn.organizationId, 'custodian');
});
afterEach(async () => {
  for (const { id } of given) await server.client.revokeGrant({ params: { id } });
  given = [];
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function give(rules: GrantRules, effect: 'allow' | 'deny' = 'allow'): Promise<void> {
  const body = { subjectId: custodian.userId, role: 'auditor', effect, rules };
  given.push(await server.client.createGrant({ body }));
}
const asCustodian = (purpose?: string) =>
  createClient({
    url: server.url,
    apiKey: custodian.apiKey,
    http: fetch,
    ...(purpose === undefined ? {} : { purpose }),
  });

describe('ACC-7: conditions on the running server', () => {
  it.each<[string, GrantRules, boolean]>([
    ['the network it comes from', { addresses: ['127.0.0.0/8'] }, true],
    ['another network', { addresses: ['10.0.0.0/8'] }, false],
    ['the country it comes from', { countries: ['DE'] }, true],
    ['another country', { countries: ['FR'] }, false],
    ['a second factor that was never shown', { mfaMaxAgeSeconds: 300 }, false],
    ['a device that it has not', { devices: ['01920000-0000-7000-8000-0000000000d1'] }, false],
  ])('%s', async (_, rules, isAllowed) => {
    await give(rules);
    const answer = await asCustodian()
      .listAudit({})
      .then(
        () => true,
        (error: { problem?: { code?: string } }) => error.problem?.code,
      );
    expect(answer).toBe(isAllowed ? true : 'ACCESS_DENIED');
    const { allowed } = await asCustodian().explainAccess({ body: { permission: 'audit.read' } });
    expect(allowed).toBe(isAllowed);
  });

  it('a purpose that the request states, which the log keeps', async () => {
    await give({ purposes: ['yearly-audit'] });
    await expect(asCustodian().listAudit({})).rejects.toMatchObject({
      problem: { status: 403, detail: expect.stringContaining('X-QV-Purpose') },
    });
    await expect(asCustodian('curiosity').listAudit({})).rejects.toMatchObject({ problem: { status: 403 } });
    await asCustodian('yearly-audit').listAudit({});
    const { items } = await server.client.listAudit({ query: { action: 'access.refused' } });
    expect(items[0]?.details).toMatchObject({ permission: 'audit.read', purpose: 'curiosity' });
    const response = await server.request('GET', '/api/audit', {
      apiKey: custodian.apiKey,
      headers: { 'x-qv-purpose': 'Not A Word' },
    });
    expect(await response.json()).toMatchObject({ status: 400, code: 'REQUEST_PURPOSE_INVALID' });
  });

  it('a denial on a country overrides, until it is lifted', async () => {
    await give({});
    await asCustodian().listAudit({});
    await give({ countries: ['DE'] }, 'deny');
    await expect(asCustodian().listAudit({})).rejects.toMatchObject({ problem: { status: 403 } });
    await give({ countries: ['FR'] }, 'deny');
    const denial = given[1];
    await server.client.revokeGrant({ params: { id: denial?.id ?? '' } });
    given = given.filter((grant) => grant !== denial);
    await asCustodian().listAudit({});
  });
});
