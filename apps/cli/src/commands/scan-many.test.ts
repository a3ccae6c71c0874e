import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCertificate } from '../../../../providers/src/discovery/tls/testing/make-certificate.ts';
import { startTlsServer, type TestServer } from '../../../../providers/src/discovery/tls/testing/servers.ts';
import { openWorkplace } from '../../test/run-qv.ts';

// INV-3, INV-5: scans of many targets: lists, tables, networks, journal and resume.

let server: TestServer;
let port: number;
beforeAll(async () => {
  const { certPem: cert, keyPem: key } = makeCertificate({ keyType: 'ec-p256', commonName: 'localhost' });
  server = await startTlsServer({ cert, key, ecdhCurve: 'X25519MLKEM768:X25519' });
  port = server.target.port;
});
afterAll(() => server[Symbol.asyncDispose]());

const linesOf = async (file: string) =>
  (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

it('INV-3: scans what arguments, a list, a table and a network name, each once', async () => {
  await using workplace = await openWorkplace();
  await writeFile(join(workplace.folder, 'list.txt'), `# ours\n127.0.0.1\n\n127.0.0.1:${port}\n`);
  await writeFile(join(workplace.folder, 'table.csv'), `host,port,server_name\n127.0.0.1,${port},shop.example.org\n`);
  const { exitCode, out } = await workplace.qv(
    `scan tls 127.0.0.1:${port} --targets list.txt --csv table.csv --cidr 127.0.0.1/32 --ports ${port} --profile quick --json`,
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject([
    { port, profile: 'quick', reachable: true },
    { port, profile: 'quick', reachable: true },
  ]);
});

it('names every bad line of a list and scans nothing', async () => {
  await using workplace = await openWorkplace();
  await writeFile(join(workplace.folder, 'list.txt'), `127.0.0.1:${port}\nhttp://a\n\na:0\n`);
  const { exitCode, err, out } = await workplace.qv('scan tls --targets list.txt --jsonl found.jsonl');
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  expect(err).toContain('2 bad lines');
  expect(err).toMatch(/line 2: .*\n.*line 4: /);
  await expect(readFile(join(workplace.folder, 'found.jsonl'))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('INV-5: resumes where it was killed, in the middle of a line, and scans nothing twice', async () => {
  await using workplace = await openWorkplace();
  const file = join(workplace.folder, 'found.jsonl');
  const scan = (options = '') =>
    workplace.qv(`scan tls --cidr 127.0.0.0/29 --ports ${port} --profile quick --jsonl found.jsonl ${options}`);
  expect(await scan()).toMatchObject({ exitCode: 0, out: '' });
  const all = await linesOf(file);
  expect(all.map(({ target }) => target).sort()).toEqual([1, 2, 3, 4, 5, 6].map((n) => `127.0.0.${n}:${port}`));
  // The server listens at one address of the network only.
  expect(all.filter(({ result }) => result.reachable)).toHaveLength(1);

  await writeFile(
    file,
    `${all
      .slice(0, 2)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('')}`,
  );
  await appendFile(file, JSON.stringify(all[2]).slice(0, 50));
  const { err } = await scan('--resume');
  expect(err).toContain('4 scanned');
  expect(err).toContain('2 were there already');
  const again = await linesOf(file);
  expect(again.slice(0, 2)).toEqual(all.slice(0, 2));
  expect(again.map(({ target }) => target).sort()).toEqual(all.map(({ target }) => target).sort());
  expect(await scan('--resume')).toMatchObject({ exitCode: 0, err: expect.stringContaining('0 scanned') });
});

it('never writes over a file, and resumes none that is not its own', async () => {
  await using workplace = await openWorkplace();
  await writeFile(join(workplace.folder, 'letter.txt'), 'Dear all\n');
  for (const options of ['', ' --resume']) {
    const { exitCode } = await workplace.qv(`scan tls 127.0.0.1:${port} --jsonl letter.txt${options}`);
    expect(exitCode).toBe(2);
    expect(await readFile(join(workplace.folder, 'letter.txt'), 'utf8')).toBe('Dear all\n');
  }
});

it('shows on standard error how far it is', async () => {
  await using workplace = await openWorkplace();
  const { err } = await workplace.qv(
    `scan tls --cidr 127.0.0.0/27 --ports ${port} --profile quick --retries 0 --parallel 8 --rate 500 --jsonl f.jsonl`,
  );
  expect(err).toContain('100%  30 of 30 targets');
});

it.each([
  'scan tls --cidr 192.0.2.0/24 --jsonl f',
  'scan tls --cidr 10.0.0.0/8 --jsonl f',
  'scan tls --cidr 10.0.0.1/8 --jsonl f',
  'scan tls --cidr 10.0.0.0/16',
  'scan tls a --ports 0',
  'scan tls a --profile fast',
  'scan tls a --starttls gopher',
  'scan tls a --resume',
  'scan tls a --jsonl f --save',
  'scan tls a --jsonl f --json',
  'scan tls a --parallel 0',
  'scan tls a --name edge',
  'scan tls a --server --rate 5',
  'scan tls a --retries 6',
  'scan tls --targets missing.txt',
])('wrong use ends with 2 and scans nothing: %s', async (command) => {
  await using workplace = await openWorkplace();
  expect(await workplace.qv(command)).toMatchObject({ exitCode: 2, out: '' });
  await expect(readFile(join(workplace.folder, 'f'))).rejects.toMatchObject({ code: 'ENOENT' });
});
