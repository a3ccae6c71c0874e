import type { ApprovalView } from '@quantumvault/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCertificate } from '../../../../providers/src/discovery/tls/testing/make-certificate.ts';
import { startTlsServer, type TestServer } from '../../../../providers/src/discovery/tls/testing/servers.ts';
import { freePort } from '../../../../tests/harness/free-port.ts';
import { Refusal } from '../../test/contract-server.ts';
import { openWorkplace } from '../../test/run-qv.ts';
import { idOf, jobSteps, sampleApproval, sampleAsset, sampleJob } from '../../test/samples.ts';

let classical: TestServer;
let hybrid: TestServer;
let closedPort: number;

beforeAll(async () => {
  const { certPem: cert, keyPem: key } = makeCertificate({ keyType: 'ec-p256', commonName: 'test\u001b[2Jserver' });
  classical = await startTlsServer({ cert, key, ecdhCurve: 'X25519:P-256' });
  hybrid = await startTlsServer({ cert, key, ecdhCurve: 'X25519MLKEM768:X25519' });
  closedPort = await freePort();
});

afterAll(async () => {
  await classical[Symbol.asyncDispose]();
  await hybrid[Symbol.asyncDispose]();
});

const at = ({ target: { host, port } }: TestServer): string => `${host}:${port}`;

it('INV-3: says for people what a server speaks, what is wrong with it and what to do', async () => {
  await using workplace = await openWorkplace();
  const { exitCode, out } = await workplace.qv(`scan tls ${at(classical)} ${at(hybrid)}`);
  expect(exitCode).toBe(0);
  const shown = out.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>').replace(/[0-9a-f]{64}/g, '<fingerprint>');
  await expect(shown).toMatchFileSnapshot('../../test/transcripts/scan-tls.txt');
});

it('INV-3: prints the published result with --json, and nothing else', async () => {
  await using workplace = await openWorkplace();
  const { out, err } = await workplace.qv(`scan tls ${at(hybrid)} 127.0.0.1:${closedPort} --json`);
  const results = JSON.parse(out);
  expect(err).toBe('');
  expect(results).toMatchObject([
    { host: '127.0.0.1', reachable: true, groups: ['X25519MLKEM768', 'x25519'], preference: 'server', error: null },
    { host: '127.0.0.1', port: closedPort, reachable: false, versions: [], error: 'refused' },
  ]);
  expect(results[0].chain[0]).toMatchObject({
    notAfter: '2120-01-01T00:00:00Z',
    fingerprint256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

it('a scan that reaches nothing is a negative answer', async () => {
  await using workplace = await openWorkplace();
  expect(await workplace.qv(`scan tls 127.0.0.1:${closedPort}`)).toMatchObject({ exitCode: 1 });
  expect(await workplace.qv(`scan tls 127.0.0.1:${closedPort} ${at(hybrid)}`)).toMatchObject({ exitCode: 0 });
});

it('INV-7: does not touch a metadata service', async () => {
  await using workplace = await openWorkplace();
  const { exitCode, err, out } = await workplace.qv('scan tls 169.254.169.254:443 [::ffff:169.254.169.254]:443 --json');
  expect({ exitCode, out }).toEqual({ exitCode: 3, out: '[]\n' });
  expect(err.match(/was not scanned/g)).toHaveLength(2);
});

it('stores only with --save, and only what spoke TLS', async () => {
  await using workplace = await openWorkplace({ importTls: () => ({ value: { items: [sampleAsset()] } }) });
  await workplace.qv(`scan tls ${at(classical)}`);
  expect(workplace.server.asked).toEqual([]);
  const { out } = await workplace.qv(
    `scan tls ${at(classical)} 127.0.0.1:${closedPort} --save --exposure internet --lifetime 10`,
  );
  expect(out).toContain(idOf(1));
  expect(workplace.server.asked).toMatchObject([
    {
      route: 'importTls',
      body: { exposure: 'internet', dataLifetimeYears: 10, results: [{ port: classical.target.port }] },
    },
  ]);
});

it('sends what it printed', async () => {
  await using workplace = await openWorkplace({ importTls: () => ({ value: { items: [sampleAsset()] } }) });
  const { out } = await workplace.qv(`scan tls ${at(hybrid)} --save --json`);
  expect(workplace.server.asked).toMatchObject([{ body: { results: JSON.parse(out) } }]);
});

it('lets the server scan with --server, and waits', async () => {
  const job = sampleJob({ kind: 'scan-tls', assetId: null, policyId: null, policyVersion: null });
  const next = jobSteps({
    ...job,
    status: 'succeeded',
    result: {
      targets: 1,
      assets: [{ target: 'shop.example.org:443', assetId: idOf(1), isNew: false }],
      unreachable: [],
    },
  });
  await using workplace = await openWorkplace({
    discoverTls: () => ({ value: job }),
    getJob: () => ({ value: next() }),
  });
  const { exitCode, out } = await workplace.qv('scan tls Shop.Example.org --server --internal');
  expect(exitCode).toBe(0);
  expect(out).toContain(`shop.example.org:443  ${idOf(1)}`);
  expect(workplace.server.asked[0]).toMatchObject({
    route: 'discoverTls',
    body: { targets: ['shop.example.org:443'], internal: true },
  });
});

it('ACC-9: a scan by the server that others must approve ends with 6, or waits for them and for its job', async () => {
  const found = { targets: 1, assets: [{ target: 'db:443', assetId: idOf(1), isNew: true }], unreachable: [] };
  const job = sampleJob({ kind: 'scan-tls', status: 'succeeded', result: found });
  let status: ApprovalView['status'] = 'pending';
  await using workplace = await openWorkplace({
    discoverTls: () => {
      throw new Refusal(403, 'APPROVALS_REQUIRED', 'Others.', { approvalId: idOf(60) });
    },
    getApproval: () => ({ value: sampleApproval({ status, resultId: status === 'executed' ? job.id : null }) }),
    getJob: () => ({ value: job }),
  });
  const scan = (more: string, to?: ApprovalView['status']) =>
    workplace.qv(`scan tls db --server${more}`, {
      onSleep: () => {
        status = to ?? status;
      },
    });
  expect(await scan('')).toMatchObject({ exitCode: 6 });
  expect(await scan(' --wait 1')).toMatchObject({ exitCode: 6 });
  expect(await scan(' --wait 5', 'rejected')).toMatchObject({ exitCode: 1 });
  status = 'pending';
  expect(await scan(' --wait 5', 'executed')).toMatchObject({ exitCode: 0, out: expect.stringContaining(idOf(1)) });
  const asked = workplace.server.asked.filter(({ route }) => route === 'discoverTls');
  // Never asked for twice by one command: the server carries it out itself.
  expect(asked).toHaveLength(4);
});

it('a scan by the server that finds nothing is a negative answer', async () => {
  const nothing = { targets: 1, assets: [], unreachable: [{ target: 'a:443', error: 'address-refused' as const }] };
  const job = sampleJob({ kind: 'scan-tls', status: 'succeeded', result: nothing });
  await using workplace = await openWorkplace({ discoverTls: () => ({ value: job }), getJob: () => ({ value: job }) });
  expect(await workplace.qv('scan tls a --server')).toMatchObject({ exitCode: 1 });
});

it.each([
  'scan tls',
  'scan tls a:b',
  'scan tls a:70000',
  'scan tls http://a',
  'scan tls a --server --save',
  'scan tls a --internal',
  'scan tls a --wait 5',
  'scan tls a --timeout 0',
])('wrong use ends with 2: %s', async (command) => {
  await using workplace = await openWorkplace();
  expect(await workplace.qv(command)).toMatchObject({ exitCode: 2, out: '' });
});
