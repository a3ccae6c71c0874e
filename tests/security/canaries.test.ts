import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SecretBytes, secretAccess } from '@quantumvault/crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RootKey } from '../../apps/server/src/modules/keys/index.ts';
import { readSealKeyFile, unsealRootKey } from '../../apps/server/src/modules/keys/key-file-seal.ts';
import { needsKey, type Operation, type Route } from '../e2e/openapi.ts';
import { Installation } from '../harness/installation.ts';
import { CanarySource, type PlantedRequest, plantedMark, plantedRequests } from './canary-requests.ts';
import { childrenOf, filesBelow, noteArguments, readIfThere, send, sendRaw, textsOf } from './observation.ts';
import { type Secret, SecretDetector, type Sighting } from './secret-detector.ts';

// Attack case 14: secrets of every kind, the installation's own and planted ones, through every route, error and log
// level of a real installation; then everything that it has said and written is searched.

const text = (name: string, value: string): Secret => ({ name, bytes: Buffer.from(value, 'utf8') });
const copyOf = (secret: SecretBytes): Uint8Array => secret.open(secretAccess, (bytes) => new Uint8Array(bytes));

describe('the detector', () => {
  const secret = Buffer.from('p/+"%&=\\é correct horse battery', 'utf8');
  const detector = new SecretDetector([{ name: 'it', bytes: secret }]);
  const plain = secret.toString('utf8');
  const planted: readonly (readonly [string, string | Uint8Array])[] = [
    ['raw', plain],
    ['in the middle of bytes', Buffer.concat([Buffer.alloc(5000, 0xff), secret, Buffer.alloc(3)])],
    ['in hexadecimal', secret.toString('hex')],
    ['in upper-case hexadecimal', secret.toString('hex').toUpperCase()],
    ['in base64', secret.toString('base64')],
    ['in base64url', secret.toString('base64url')],
    [
      'in base64, one byte into a longer text',
      Buffer.concat([Buffer.from('x'), secret, Buffer.from('yz')]).toString('base64'),
    ],
    ['in base64, two bytes into a longer text', Buffer.concat([Buffer.from('xx'), secret]).toString('base64')],
    [
      'in base64url, a hundred bytes into a longer text',
      Buffer.concat([Buffer.alloc(100), secret]).toString('base64url'),
    ],
    ['URL-escaped', `?password=${encodeURIComponent(plain)}`],
    ['as a form', new URLSearchParams({ password: plain }).toString()],
    ['JSON-escaped', JSON.stringify({ password: plain })],
    ['JSON-escaped twice', JSON.stringify(JSON.stringify({ password: plain }))],
    ['as JSON makes it of bytes', JSON.stringify(secret)],
    ['in UTF-16', Buffer.from(plain, 'utf16le')],
    ['percent-encoded byte by byte', secret.toString('hex').toUpperCase().replaceAll(/../g, '%$&')],
  ];
  it.each(planted)('attack 14: sees a secret %s', (_form, haystack) => {
    expect(detector.find('here', haystack)).not.toEqual([]);
  });

  it('attack 14: sees binary secrets in the same forms, and nothing where there is nothing', () => {
    const key = Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + 200) % 256);
    const binary = new SecretDetector([{ name: 'key', bytes: key }]);
    for (const form of ['hex', 'base64', 'base64url'] as const)
      expect(binary.find('here', `x=${Buffer.from(key).toString(form)};`)).toHaveLength(1);
    expect(binary.find('here', `[${[...key].join(',')}]`)).toHaveLength(1);
    expect(binary.find('here', Buffer.alloc(100_000, 'correct horse'))).toEqual([]);
    expect(detector.find('here', 'correct horse battery')).toEqual([]);
    expect(detector.find('here', plain, (name) => name === 'it')).toEqual([]);
  });
});

/** What lies in these files by their purpose; anything else in them is as wrong as anywhere. */
const homes: Readonly<Record<string, RegExp>> = {
  'bootstrap-admin.json': /^administrator/,
  'database-roles.json': /^database role /,
  'database-owner.json': /^database role /,
  'postgres.json': /^database superuser/,
  'seal.key': /^seal key/,
};

describe.skipIf(process.platform === 'win32')('canaries', { timeout: 240_000 }, () => {
  let installation: Installation;
  let temporary: string;
  const canaries = new CanarySource();
  /** Everything that came out, with where. */
  const answers: { where: string; content: string }[] = [];
  const failures: string[] = [];
  const argv = new Set<string>();
  let secrets: Secret[] = [];
  let refusedInDatabase = 0;
  let stored = '';

  beforeAll(async () => {
    temporary = realpathSync(mkdtempSync(path.join(tmpdir(), 'qv-canary-tmp-')));
    // PostgreSQL, as another user, may need it too.
    chmodSync(temporary, 0o1777);
    installation = await Installation.prepare({
      QV_LOG_LEVEL: 'debug',
      QV_RATE_LIMIT_PER_MINUTE: '1000000',
      TMPDIR: temporary,
    });
    // Arguments are public on a machine, those of programs that live for a moment too.
    const watching = setInterval(() => noteArguments(argv), 25);
    try {
      await installation.start();
    } finally {
      clearInterval(watching);
    }
    stored = `${plantedMark.toLowerCase()}-stored`;
    secrets = await ownSecrets();
    await plantEverywhere();
    noteArguments(argv);
  }, 240_000);
  afterAll(async () => {
    await installation.remove();
    rmSync(temporary, { recursive: true, force: true });
  }, 120_000);

  async function ask(planted: PlantedRequest): Promise<number> {
    const { apiKey = installation.signIn.apiKey } = planted;
    const answer = await send(installation.url, { ...planted, apiKey });
    answers.push({ where: `answer to ${planted.place}`, content: answer.content });
    if (answer.status >= 500) failures.push(planted.place);
    return answer.status;
  }

  /** The installation's own secrets, from their files and out of the root of trust. Uses the answers that hand them out. */
  async function ownSecrets(): Promise<Secret[]> {
    const { signIn, client, dataDir } = installation;
    const json = (name: string) => JSON.parse(readFileSync(path.join(dataDir, name), 'utf8'));
    const list = [
      text('administrator API key', signIn.apiKey),
      text('administrator API key, its secret part', signIn.apiKey.split('_').slice(2).join('_')),
      text('administrator password', signIn.password),
      text('database superuser password', json('postgres.json').password),
    ];
    for (const file of ['database-roles.json', 'database-owner.json'])
      for (const [name, value] of textsOf(json(file)))
        if (value.length >= 16) list.push(text(`database role ${name}`, value));
    const sealKey = readSealKeyFile(path.join(dataDir, 'seal.key'));
    if (sealKey === null) throw new Error('no seal key');
    list.push({ name: 'seal key', bytes: copyOf(sealKey) });

    const sql = await installation.sql();
    const one = async (query: string) => (await sql.query(query)).rows;
    const [facts] = await one('SELECT i.id, s.suite, s.sealed FROM installation i, root_key_seal s');
    const sealed = { suite: facts.suite, bytes: new Uint8Array(facts.sealed) };
    const rootKey = unsealRootKey({ sealed, sealKey, installationId: facts.id });
    list.push({ name: 'root key', bytes: copyOf(rootKey) });
    const root = new RootKey();
    root.unseal(rootKey);
    for (const row of await one('SELECT * FROM tenant_key')) {
      const context = { purpose: 'tenant-kek', tenant: row.tenant_id, version: String(row.version) };
      list.push({
        name: 'tenant KEK',
        bytes: copyOf(root.unwrap(context, { suite: row.suite, bytes: new Uint8Array(row.wrapped) })),
      });
    }
    for (const row of await one('SELECT * FROM log_key')) {
      const context = {
        purpose: 'audit-log-signing-key',
        tenant: 'platform',
        installation: facts.id,
        algorithm: row.algorithm,
      };
      list.push({
        name: `log signing key ${row.algorithm}`,
        bytes: copyOf(root.unwrap(context, { suite: row.suite, bytes: new Uint8Array(row.wrapped) })),
      });
    }
    await sql.end();

    const policy = (await client.listPolicies({})).items.find(({ name }) => name === 'hybrid-default');
    const assets = [
      await client.createAsset({ body: { name: 'canary store', type: 'data-store', endpoint: 'postgres://canary' } }),
      await client.createAsset({
        body: { name: 'canary web', type: 'tls-endpoint', endpoint: 'canary.example.org:443' },
      }),
    ];
    for (const { id } of assets) {
      const { job } = await client.applyPolicy({ params: { id }, body: { policyId: policy?.id ?? '' } });
      const isDone = async () =>
        expect((await client.getJob({ params: { id: job?.id ?? '' } })).status).toBe('succeeded');
      await vi.waitFor(isDone, { timeout: 20_000 });
    }
    const { dataKey } = await client.unwrapDataKey({ params: { id: assets[0]?.id ?? '' } });
    list.push({ name: 'data key', bytes: Buffer.from(dataKey, 'base64') });
    const { privateKeyPem } = await client.getTlsBundle({ params: { id: assets[1]?.id ?? '' } });
    const lines = privateKeyPem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    list.push({ name: 'TLS private key', bytes: Buffer.from(lines.join(''), 'base64') });
    for (const [at, line] of lines.entries())
      if (line.length >= 16) list.push(text(`TLS private key, line ${at}`, line));
    return list;
  }

  async function plantEverywhere(): Promise<void> {
    const document: { paths: Record<string, Record<string, Operation>> } = JSON.parse(
      (await send(installation.url, { method: 'GET', path: '/api/openapi.json', apiKey: null })).body,
    );
    const routes: Route[] = Object.entries(document.paths).flatMap(([route, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path: route, method, operation })),
    );
    for (const route of routes.filter(needsKey))
      for (const planted of plantedRequests(route, canaries)) await ask(planted);
    for (const target of ['/health/live', '/health/ready', '/metrics', '/api/docs', '/api/openapi.json'])
      await ask({
        place: target,
        method: 'GET',
        path: `${target}?token=${canaries.token()}`,
        apiKey: canaries.apiKey(),
      });
    for (const [method, target] of [
      ['GET', `/api/${canaries.token()}`],
      ['GET', `/${canaries.token()}/../x`],
      ['PUT', `/api/assets/${canaries.token()}`],
      ['TRACE', `/api/assets?key=${canaries.token()}`],
      ['OPTIONS', `/api/assets?key=${canaries.token()}`],
      ['GET', `/v1/secret/${canaries.token()}`],
    ] as const)
      await ask({ place: `${method} of an unknown path`, method, path: target });
    // What never becomes a request.
    for (const raw of [
      `GET /${canaries.token()} HTTP/9.9\r\n\r\n`,
      `${canaries.token()}\r\n\r\n`,
      `GET / HTTP/1.1\r\nhost: x\r\nx-api-key: ${canaries.token()}\u0001\r\n\r\n`,
      `GET / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${canaries.token().repeat(2000)}\r\n\r\n`,
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n${canaries.token()}`,
    ])
      answers.push({ where: 'answer to a broken request', content: await sendRaw(installation.url, raw) });

    // The database itself refuses a row: its message quotes the whole row.
    const sql = await installation.sql();
    await sql.query(`ALTER TABLE asset ADD CONSTRAINT refuse_canary CHECK (name NOT LIKE '%Canary%') NOT VALID`);
    const body = { name: canaries.password(), type: 'data-store', endpoint: `postgres://${canaries.token()}` };
    refusedInDatabase = await ask({
      place: 'a row that the database refuses',
      method: 'POST',
      path: '/api/assets/manual',
      body: JSON.stringify(body),
    });
    await sql.query('ALTER TABLE asset DROP CONSTRAINT refuse_canary');
    // What people may store they may read again; it still belongs into no log, metric, argument or temporary file.
    const kept = { name: stored, type: 'data-store', endpoint: `postgres://${stored}`, owner: stored, tags: [stored] };
    await send(installation.url, {
      method: 'POST',
      path: '/api/assets/manual',
      apiKey: installation.signIn.apiKey,
      body: JSON.stringify(kept),
      headers: { 'idempotency-key': stored },
    });
    await sql.end();
    for (const words of [
      ['status'],
      ['doctor'],
      ['assets', 'list'],
      ['audit', 'tail'],
      ['jobs', 'list'],
      ['crypto', 'info'],
    ]) {
      const end = await installation.qv(...words);
      answers.push({ where: `qv ${words.join(' ')}`, content: end.output.replaceAll(stored, '') });
    }
  }

  /** What is searched for where nothing may be found: the installation's own secrets and every planted one. */
  const detector = (): SecretDetector => new SecretDetector([...secrets, text('planted secret', plantedMark)]);

  it('attack 14: some two hundred planted secrets and more went through every route', () => {
    expect(canaries.count).toBeGreaterThan(200);
    expect(secrets.length).toBeGreaterThan(16);
    expect(refusedInDatabase).toBe(500);
    expect(failures).toEqual(['a row that the database refuses']);
    expect(answers.length).toBeGreaterThan(400);
  });

  it('attack 14: no answer repeats a secret, whatever the error', () => {
    const search = detector();
    expect(answers.flatMap(({ where, content }) => search.find(where, content)).slice(0, 20)).toEqual([]);
  });

  it('attack 14: metrics, health, status and the description hold none', async () => {
    const search = new SecretDetector([...secrets, text('planted secret', plantedMark), text('stored text', stored)]);
    const sightings: Sighting[] = [];
    for (const target of [
      '/metrics',
      '/health/live',
      '/health/ready',
      '/api/status',
      '/api/whoami',
      '/api/openapi.json',
      '/api/docs',
    ]) {
      const { content } = await send(installation.url, {
        method: 'GET',
        path: target,
        apiKey: installation.signIn.apiKey,
      });
      sightings.push(...search.find(target, content));
    }
    expect(sightings).toEqual([]);
  });

  it('attack 14: nothing that launcher and server have logged, at level debug, holds one', () => {
    const search = new SecretDetector([...secrets, text('planted secret', plantedMark), text('stored text', stored)]);
    expect(installation.output).toContain('"level":"error"');
    expect(search.find('output', installation.output)).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')(
    'attack 14: no argument and no environment of a process of ours holds one',
    () => {
      const search = new SecretDetector([...secrets, text('planted secret', plantedMark), text('stored text', stored)]);
      const { launcher, server, postgres } = installation.pids();
      const pids = [launcher.pid, server.pid, postgres.pid, ...childrenOf(postgres.pid)];
      expect(pids.length).toBeGreaterThan(5);
      const sightings = [...argv].flatMap((line) => search.find(`arguments ${line.slice(0, 60)}`, line));
      for (const pid of pids)
        for (const name of ['cmdline', 'environ'])
          sightings.push(...search.find(`/proc/${pid}/${name}`, readIfThere(`/proc/${pid}/${name}`)));
      expect([...argv].some((line) => line.includes('main.migrate.js'))).toBe(true);
      expect(sightings).toEqual([]);
    },
  );

  it('attack 14: no file of the data folder, the database and its log included, holds one outside its home', () => {
    const search = detector();
    const sightings: Sighting[] = [];
    let files = 0;
    for (const file of filesBelow(installation.dataDir)) {
      files += 1;
      const home = homes[path.relative(installation.dataDir, file)];
      sightings.push(
        ...search.find(
          path.relative(installation.dataDir, file),
          readIfThere(file),
          (name) => home?.test(name) === true,
        ),
      );
    }
    expect(files).toBeGreaterThan(500);
    expect(sightings.slice(0, 20)).toEqual([]);
    // The search reaches what it should: what people stored lies in the database's own files.
    const control = new SecretDetector([text('stored text', stored)]);
    const cluster = filesBelow(path.join(installation.dataDir, 'postgres'));
    expect(cluster.some((file) => control.find(file, readIfThere(file)).length > 0)).toBe(true);
    // And it would have seen secrets: each home does hold its own.
    for (const [name, owner] of Object.entries(homes)) {
      const found = search.find(name, readIfThere(path.join(installation.dataDir, name)));
      expect(found.map(({ secret }) => secret).some((secret) => owner.test(secret))).toBe(true);
      expect(statSync(path.join(installation.dataDir, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('attack 14: what lies in the temporary folder holds none', () => {
    const search = new SecretDetector([...secrets, text('planted secret', plantedMark), text('stored text', stored)]);
    expect(filesBelow(temporary).flatMap((file) => search.find(file, readIfThere(file)))).toEqual([]);
  });

  it('attack 14: PostgreSQL’s log holds neither secrets nor values that were stored or refused', () => {
    const search = new SecretDetector([...secrets, text('planted secret', plantedMark), text('stored text', stored)]);
    const logs = filesBelow(path.join(installation.dataDir, 'logs'));
    expect(logs.length).toBeGreaterThan(0);
    expect(logs.flatMap((file) => search.find(file, readIfThere(file)))).toEqual([]);
  });
});
