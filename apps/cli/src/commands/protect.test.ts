import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Handlers } from '../../test/contract-server.ts';
import { openWorkplace, transcriptOf } from '../../test/run-qv.ts';
import {
  idOf,
  jobSteps,
  page,
  protectedAsset,
  riskOf,
  sampleAsset,
  sampleJob,
  samplePolicy,
} from '../../test/samples.ts';

const simulation = {
  changes: [{ role: 'key-establishment' as const, from: 'x25519', to: 'X25519MLKEM768' }],
  unchanged: [],
  riskBefore: riskOf([{ role: 'key-establishment', algorithm: 'x25519' }]),
  riskAfter: riskOf([{ role: 'key-establishment', algorithm: 'X25519MLKEM768' }]),
  keys: ['ECDSA-P256-SHA256'],
};
const bundle = {
  artifactId: idOf(40),
  keyAlgorithm: 'ECDSA-P256-SHA256',
  certificatePem: 'the certificate\n',
  isIssued: false,
  csrPem: 'the request\n',
  privateKeyPem: 'the private key, SSSSS',
  nodeTlsOptions: {
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    ecdhCurve: 'X25519MLKEM768:x25519',
    honorCipherOrder: true,
    ciphers: 'TLS_AES_256_GCM_SHA384',
  },
  serverConfig: { nginx: 'for nginx\n', apache: 'for Apache\n', haproxy: 'for HAProxy\n' },
};

/** A server whose asset is protected once its job was asked for. */
function handlers(last: Parameters<typeof jobSteps>[0] = {}, asset = sampleAsset()): Handlers {
  const next = jobSteps(last);
  let isProtected = false;
  return {
    listAssets: () => ({ value: page([asset]) }),
    getAsset: () => ({ value: isProtected ? protectedAsset() : asset }),
    listPolicies: () => ({ value: page([samplePolicy()]) }),
    getPolicy: () => ({ value: samplePolicy() }),
    applyPolicy: ({ body }) => {
      const isSimulation = (body as { simulate: boolean }).simulate;
      isProtected = !isSimulation;
      return { value: { job: isSimulation ? null : sampleJob(), simulation } };
    },
    getJob: () => ({ value: next() }),
    getTlsBundle: () => ({ value: bundle }),
  };
}
const command = 'protect shop.example.org:443 --policy hybrid-default';

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace(handlers());
  const commands = [
    `${command} --simulate`,
    command,
    `${command} --wait`,
    `${command} --out made`,
    `${command} --out made`,
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../test/transcripts/protect.txt');
});

it('INV-9: writes what a TLS server needs, the key for its owner alone, and never prints it', async () => {
  await using workplace = await openWorkplace(handlers());
  // The workplace fails any command whose output holds the key.
  const { exitCode, out } = await workplace.qv(`${command} --out made --json`);
  const folder = join(workplace.folder, 'made');
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ status: 'succeeded' });
  expect(readdirSync(folder).sort()).toEqual([
    'apache.conf',
    'cert.pem',
    'csr.pem',
    'haproxy.cfg',
    'key.pem',
    'nginx.conf',
    'tls-options.json',
  ]);
  expect(statSync(join(folder, 'key.pem')).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(folder, 'key.pem'), 'utf8')).toBe(`${bundle.privateKeyPem}\n`);
  expect(JSON.parse(readFileSync(join(folder, 'tls-options.json'), 'utf8'))).toEqual(bundle.nodeTlsOptions);
});

it('asks for no job whose files could not be kept', async () => {
  await using workplace = await openWorkplace(handlers());
  writeFileSync(join(workplace.folder, 'key.pem'), 'mine');
  const { exitCode, err } = await workplace.qv(`${command} --out .`);
  expect(exitCode).toBe(2);
  expect(err).toContain('key.pem');
  expect(workplace.server.asked.some(({ route }) => route === 'applyPolicy')).toBe(false);
  expect(readFileSync(join(workplace.folder, 'key.pem'), 'utf8')).toBe('mine');
});

it('replaces files only with --force, and then a key that others could read is private', async () => {
  await using workplace = await openWorkplace(handlers());
  writeFileSync(join(workplace.folder, 'key.pem'), 'mine', { mode: 0o644 });
  expect((await workplace.qv(`${command} --out . --force`)).exitCode).toBe(0);
  expect(statSync(join(workplace.folder, 'key.pem')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(workplace.folder, 'key.pem'), 'utf8')).toContain('SSSSS');
});

it('a job that fails is a negative answer and leaves no file', async () => {
  const error = { code: 'PROTECTION_FAILED', message: 'no' };
  await using workplace = await openWorkplace(handlers({ status: 'failed', error, result: null }));
  expect(await workplace.qv(`${command} --out made`)).toMatchObject({ exitCode: 1 });
  expect(readdirSync(join(workplace.folder, 'made'))).toEqual([]);
});

it('writes the wrapped key of a data store', async () => {
  const wrapped = {
    artifactId: idOf(41),
    suite: 'HPKE',
    recipientPublicKey: 'AA==',
    enc: 'AA==',
    wrappedDataKey: 'AA==',
    info: '',
    aad: '',
  };
  const store = sampleAsset({ type: 'data-store' });
  await using workplace = await openWorkplace({ ...handlers({}, store), getDataKey: () => ({ value: wrapped }) });
  expect((await workplace.qv(`${command} --out made`)).exitCode).toBe(0);
  expect(JSON.parse(readFileSync(join(workplace.folder, 'made', 'wrapped-data-key.json'), 'utf8'))).toEqual(wrapped);
});
