import { createPrivateKey, X509Certificate } from 'node:crypto';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { policySchema, routes } from '@quantumvault/api';
import { hpkeOpen, secretAccess } from '@quantumvault/crypto';
import { scanTls } from '@quantumvault/providers/discovery/tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOfPermissions } from '../../kernel/access.test-support.ts';
import { ArchiveAsset } from '../inventory/usecases/archive-asset.ts';
import { CreateAsset } from '../inventory/usecases/create-asset.ts';
import { GetAsset } from '../inventory/usecases/get-asset.ts';
import { GetJob } from '../jobs/usecases/get-job.ts';
import { eventually, newId, userActor } from '../jobs/world.test-support.ts';
import { makeCertificate } from './adapters/x509-certificates.ts';
import { recipientWrapContext } from './domain/data-key.ts';
import { createProtectionWorld, type ProtectionWorld } from './protection.test-support.ts';
import { ApplyPolicy } from './usecases/apply-policy.ts';
import { CreatePolicy } from './usecases/create-policy.ts';
import { DeletePolicy } from './usecases/delete-policy.ts';
import { GetDataKey } from './usecases/get-data-key.ts';
import { GetPolicy } from './usecases/get-policy.ts';
import { GetTlsBundle } from './usecases/get-tls-bundle.ts';
import { ListPolicies } from './usecases/list-policies.ts';
import { UnwrapDataKey } from './usecases/unwrap-data-key.ts';
import { UpdatePolicy } from './usecases/update-policy.ts';

let world: ProtectionWorld;
let deps: ProtectionWorld;
beforeAll(async () => {
  world = await createProtectionWorld();
  deps = world;
});
afterAll(() => world.close());

const asset = (type: 'data-store' | 'tls-endpoint' | 'library' = 'data-store', actor = world.actor) =>
  world.create({ type }, actor);
const policy = (name: string) => world.policy(name);
const apply = (assetId: string, name: string, simulate = false) => world.apply(assetId, name, simulate);
const protect = (assetId: string, name: string) => world.protect(assetId, name);
const spec = {
  mode: 'hybrid',
  kem: ['X-Wing'],
  signature: ['MLDSA65-Ed25519-SHA512', 'ECDSA-P256-SHA256'],
  aead: ['AES-256-GCM'],
  rotationDays: 30,
  targetLevel: 3,
  deadline: null,
  assetTypes: [],
} as const;

describe('INV-8: protection policies', () => {
  it('INV-8: an organization starts with the four built-in ones, each with its event', async () => {
    const page = await new ListPolicies(deps).execute(world.actor, { limit: 100 });
    expect(page.items.slice(0, 4).map((item) => [item.name, item.builtIn, item.version])).toEqual([
      ['hybrid-default', true, 1],
      ['cnsa-2.0', true, 1],
      ['fips-classical', true, 1],
      ['long-term-archive', true, 1],
    ]);
    for (const item of page.items) {
      expect(policySchema.parse(item)).toEqual(item);
      expect(await world.eventsOf(item.id)).toEqual(['policy.created']);
    }
  });

  it('INV-8: a classical policy with ML-KEM is refused with the reason; hybrid needs both', async () => {
    const create = (change: object) =>
      new CreatePolicy(deps).execute(world.actor, { name: 'x', spec: { ...spec, ...change } });
    await expect(
      create({ mode: 'classical', targetLevel: 0, kem: ['ML-KEM-768'], signature: ['ECDSA-P256-SHA256'] }),
    ).rejects.toMatchObject({
      code: 'PROTECTION_POLICY_INVALID',
      fields: [{ path: 'body.spec.kem', message: expect.stringContaining('ML-KEM-768') }],
    });
    await expect(create({ kem: ['ML-KEM-768'] })).rejects.toMatchObject({
      fields: [{ path: 'body.spec.kem', message: expect.stringContaining('hybrid') }],
    });
    await expect(create({ aead: ['ROT-13'] })).rejects.toMatchObject({ fields: [{ path: 'body.spec.aead' }] });
  });

  it('INV-8: a change is a new version; the old one stays readable; a stale version is refused', async () => {
    const created = await new CreatePolicy(deps).execute(world.actor, { name: 'versions', spec });
    const update = (expectedVersion: number, change: object) =>
      new UpdatePolicy(deps).execute(world.actor, { id: created.id, expectedVersion, change });
    expect(await update(1, { spec: { ...spec, rotationDays: 60 } })).toMatchObject({
      version: 2,
      spec: { rotationDays: 60 },
    });
    await expect(update(1, { name: 'late' })).rejects.toMatchObject({ code: 'REQUEST_ETAG_MISMATCH' });
    await expect(update(2, { name: 'hybrid-default' })).rejects.toMatchObject({ code: 'PROTECTION_POLICY_EXISTS' });
    await expect(update(2, { spec: { ...spec, mode: 'classical' } })).rejects.toMatchObject({
      code: 'PROTECTION_POLICY_INVALID',
    });
    expect(await new GetPolicy(deps).execute(world.actor, created.id)).toMatchObject({ version: 2, name: 'versions' });
    const versions = await world.sql<{ days: number }>(
      "SELECT (spec->>'rotationDays')::int AS days FROM protection_policy_version WHERE policy_id = $1 ORDER BY version",
      [created.id],
    );
    expect(versions).toEqual([{ days: 30 }, { days: 60 }]);
    await expect(new CreatePolicy(deps).execute(world.actor, { name: 'versions', spec })).rejects.toMatchObject({
      code: 'PROTECTION_POLICY_EXISTS',
    });
  });

  it('INV-8: one that is in use is not deleted, nor a built-in one; an unused one is', async () => {
    const remove = (id: string) => new DeletePolicy(deps).execute(world.actor, id);
    await expect(remove((await policy('cnsa-2.0')).id)).rejects.toMatchObject({ code: 'PROTECTION_POLICY_BUILT_IN' });
    const used = await new CreatePolicy(deps).execute(world.actor, { name: 'used', spec });
    const store = await asset();
    await protect(store.id, 'used');
    await expect(remove(used.id)).rejects.toMatchObject({ code: 'PROTECTION_POLICY_IN_USE' });
    const unused = await new CreatePolicy(deps).execute(world.actor, { name: 'unused', spec });
    await remove(unused.id);
    await expect(new GetPolicy(deps).execute(world.actor, unused.id)).rejects.toMatchObject({
      code: 'PROTECTION_POLICY_NOT_FOUND',
    });
    expect(await world.eventsOf(unused.id)).toEqual(['policy.created', 'policy.deleted']);
  });

  it('ACC-1: a policy of another organization is not found by any use case', async () => {
    const other = await world.newTenant();
    const { id } = await new CreatePolicy(deps).execute(other.actor, { name: 'theirs', spec });
    const notFound = { code: 'PROTECTION_POLICY_NOT_FOUND' };
    const store = await asset();
    await expect(new GetPolicy(deps).execute(world.actor, id)).rejects.toMatchObject(notFound);
    await expect(new DeletePolicy(deps).execute(world.actor, id)).rejects.toMatchObject(notFound);
    await expect(
      new UpdatePolicy(deps).execute(world.actor, { id, expectedVersion: 1, change: { name: 'ours' } }),
    ).rejects.toMatchObject(notFound);
    for (const simulate of [true, false])
      await expect(
        new ApplyPolicy(deps).execute(world.actor, { assetId: store.id, policyId: id, simulate, priority: 0 }),
      ).rejects.toMatchObject(notFound);
  });
});

describe('INV-9: data stores', () => {
  it('INV-8: simulating says what would change and changes nothing', async () => {
    const store = await asset();
    const view = await apply(store.id, 'hybrid-default', true);
    expect(routes.applyPolicy.success.schema.parse(view)).toEqual(view);
    expect(view).toMatchObject({
      job: null,
      simulation: {
        changes: [
          { role: 'key-establishment', from: null, to: 'X-Wing' },
          { role: 'encryption', from: null, to: 'AES-256-GCM' },
        ],
        keys: ['X-Wing', 'AES-256-GCM'],
      },
    });
    expect(view.simulation.riskAfter.score).toBeLessThan(view.simulation.riskBefore.score);
    expect(await new GetAsset(deps).execute(world.actor, store.id)).toEqual(store);
    expect(await world.sql('SELECT id FROM job WHERE asset_id = $1', [store.id])).toEqual([]);
  });

  it('INV-9: one job, one artefact; profile and risk follow; the key opens for the authorised call, which is audited', async () => {
    const store = await asset();
    const done = await protect(store.id, 'hybrid-default');
    expect(done).toMatchObject({ status: 'succeeded', result: { artifactKind: 'data-key' }, policyVersion: 1 });
    const made = await world.sql<{ id: string }>('SELECT id FROM protection_artifact WHERE job_id = $1', [done.id]);
    expect(made).toHaveLength(1);
    const after = await new GetAsset(deps).execute(world.actor, store.id);
    expect(after).toMatchObject({
      version: 2,
      encryptionProfile: { source: 'protection', appliedPolicy: { jobId: done.id, policyVersion: 1 } },
    });
    expect(after.risk.score).toBeLessThan(store.risk.score);

    const wrapped = await new GetDataKey(deps).execute(world.actor, store.id);
    expect(routes.getDataKey.success.schema.parse(wrapped)).toEqual(wrapped);
    const unwrapped = await new UnwrapDataKey(deps).execute(world.actor, store.id);
    expect(unwrapped).toMatchObject({ artifactId: made[0]?.id, algorithm: 'AES-256' });
    expect(Buffer.from(unwrapped.dataKey, 'base64')).toHaveLength(32);
    expect(await world.eventsOf(store.id)).toEqual(['asset.created', 'data-key.unwrapped']);

    // Whoever holds the recipient's private key opens what GetDataKey gives, by RFC 9180 alone.
    const [recipient] = await world.sql<{ id: string; wrap_suite: string; wrapped: Buffer; kek_version: number }>(
      "SELECT id, wrap_suite, wrapped, kek_version FROM asset_key WHERE asset_id = $1 AND purpose = 'recipient'",
      [store.id],
    );
    if (recipient === undefined) expect.fail();
    const privateKey = await world.uow.read(world.actor.tenantId, (tx) =>
      world.tenantKeys.unwrap(
        tx,
        recipientWrapContext({ assetId: store.id, recipientKeyId: recipient.id, keyVersion: 1 }),
        { suite: recipient.wrap_suite, bytes: recipient.wrapped, kekVersion: recipient.kek_version },
      ),
    );
    const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
    const opened = hpkeOpen({
      suite: wrapped.suite,
      privateKey,
      enc: bytes(wrapped.enc),
      info: bytes(wrapped.info),
      aad: bytes(wrapped.aad),
      ciphertext: bytes(wrapped.wrappedDataKey),
    });
    expect(Buffer.from(opened).toString('base64')).toBe(unwrapped.dataKey);
    expect(privateKey.open(secretAccess, (seedBytes) => seedBytes.length)).toBe(32);
  });

  it('attack 14: neither data key nor seed stands anywhere in the database in plain', async () => {
    const store = await asset();
    await protect(store.id, 'hybrid-default');
    const { dataKey } = await new UnwrapDataKey(deps).execute(
      {
        ...world.actor,
        request: { ...world.actor.request, idempotency: { key: 'k', requestHash: new Uint8Array(32) } },
      },
      store.id,
    );
    const hex = Buffer.from(dataKey, 'base64').toString('hex');
    const tables = await world.sql<{ name: string }>(
      "SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'qv' AND c.relkind = 'r'",
    );
    for (const { name } of tables) {
      const [row] = await world.sql<{ hits: number }>(
        `SELECT count(*)::int AS hits FROM qv."${name}" t WHERE to_jsonb(t)::text LIKE '%' || $1 || '%' OR to_jsonb(t)::text LIKE '%' || $2 || '%'`,
        [hex, dataKey],
      );
      expect([name, row?.hits]).toEqual([name, 0]);
    }
  });

  it('INV-9: what is not offered is refused when it is asked for, named, and makes no job', async () => {
    const store = await asset();
    await expect(apply(store.id, 'cnsa-2.0')).rejects.toMatchObject({
      code: 'PROTECTION_NOT_OFFERED',
      message: expect.stringContaining('ML-KEM-1024'),
    });
    const library = await asset('library');
    await expect(apply(library.id, 'hybrid-default')).rejects.toMatchObject({ code: 'PROTECTION_POLICY_UNFIT' });
    expect(await world.sql('SELECT id FROM job WHERE asset_id = ANY ($1)', [[store.id, library.id]])).toEqual([]);
  });

  it('INV-9: an asset archived before its job runs fails the job, once, and gets no key', async () => {
    const store = await asset();
    const { job: accepted } = await apply(store.id, 'hybrid-default');
    await new ArchiveAsset(deps).execute(world.actor, store.id);
    const worker = world.worker([world.job]);
    worker.start();
    const get = () => new GetJob(world).execute(world.actor, accepted?.id ?? '');
    await eventually(async () => (await get()).finishedAt !== null);
    await worker.stop({ timeoutMs: 5000 });
    expect(await get()).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'INVENTORY_ASSET_NOT_FOUND' } });
    expect(await world.sql('SELECT id FROM asset_key WHERE asset_id = $1', [store.id])).toEqual([]);
    await expect(apply(store.id, 'hybrid-default')).rejects.toMatchObject({ code: 'INVENTORY_ASSET_ARCHIVED' });
  });

  it('ACC-1: keys of another organization, of no asset and of an unprotected one are equally not found', async () => {
    const store = await asset();
    await protect(store.id, 'hybrid-default');
    const other = await world.newTenant();
    const unprotected = await asset('data-store', other.actor);
    for (const id of [store.id, newId<string>(), unprotected.id]) {
      for (const useCase of [new GetDataKey(deps), new UnwrapDataKey(deps), new GetTlsBundle(deps)])
        await expect(useCase.execute(other.actor, id)).rejects.toMatchObject({ code: 'PROTECTION_ARTIFACT_NOT_FOUND' });
    }
  });

  it('ACC-6: reading an asset does not permit to unwrap its key', async () => {
    const store = await asset();
    await protect(store.id, 'hybrid-default');
    const reader = userActor(world.actor.tenantId, { access: accessOfPermissions(['asset.read']) });
    await new GetDataKey(deps).execute(reader, store.id);
    await expect(new UnwrapDataKey(deps).execute(reader, store.id)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(new GetTlsBundle(deps).execute(reader, store.id)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });
});

describe('INV-9: TLS endpoints', () => {
  const endpoint = (text: string, actor = world.actor) =>
    new CreateAsset(deps).execute(actor, {
      name: 'Web',
      type: 'tls-endpoint',
      endpoint: text,
      tags: [],
      sensitivity: 'internal',
      exposure: 'internet',
      dataLifetimeYears: 5,
    });

  it('INV-9: the bundle, served by Node, negotiates X25519MLKEM768 and proves itself to a scan', async () => {
    const { id } = await endpoint('127.0.0.1:8443');
    expect(await protect(id, 'hybrid-default')).toMatchObject({
      status: 'succeeded',
      result: { artifactKind: 'tls-bundle' },
    });
    const bundle = await new GetTlsBundle(deps).execute(world.actor, id);
    expect(routes.getTlsBundle.success.schema.parse(bundle)).toEqual(bundle);
    expect(await world.eventsOf(id)).toEqual(['asset.created', 'tls-bundle.read']);

    const server = createServer({
      key: bundle.privateKeyPem,
      cert: bundle.certificatePem,
      ...(bundle.nodeTlsOptions as object),
    });
    server.on('tlsClientError', () => undefined);
    server.on('secureConnection', (socket: TLSSocket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const negotiated = await new Promise<{ name?: string; protocol: string | null }>((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port, ca: bundle.certificatePem }, () => {
          const info = socket.getEphemeralKeyInfo() as { name?: string };
          resolve({ ...info, protocol: socket.getProtocol() });
          socket.end();
        });
        socket.on('error', reject);
      });
      expect(negotiated).toMatchObject({ name: 'X25519MLKEM768', protocol: 'TLSv1.3' });
      const [outcome] = await scanTls([{ host: '127.0.0.1', port }], {
        guard: { mode: 'local', allow: [] },
        now: () => new Date(),
      });
      if (outcome?.kind !== 'scanned') expect.fail(outcome?.kind);
      expect(outcome.result).toMatchObject({
        versions: ['TLSv1.3'],
        groups: ['X25519MLKEM768', 'x25519', 'secp256r1'],
        preference: 'server',
        provenGroup: 'X25519MLKEM768',
        chain: [{ keyAlgorithm: 'EC-P256' }],
      });
      expect(outcome.result.findings.map((finding) => finding.id)).not.toContain('tls-no-pq-group');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('INV-9: certificate and request name the host and last at most 398 days', async () => {
    const { id } = await endpoint('shop.example.org:443');
    await protect(id, 'hybrid-default');
    const bundle = await new GetTlsBundle(deps).execute(world.actor, id);
    const certificate = new X509Certificate(bundle.certificatePem);
    expect(certificate.subject).toBe('CN=shop.example.org');
    expect(certificate.subjectAltName).toBe('DNS:shop.example.org');
    expect(certificate.ca).toBe(false);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(bundle.privateKeyPem))).toBe(true);
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000;
    expect(days).toBeGreaterThan(89);
    expect(days).toBeLessThan(398);
    expect(bundle.csrPem).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
    const { Pkcs10CertificateRequest } = await import('@peculiar/x509');
    const request = new Pkcs10CertificateRequest(bundle.csrPem);
    expect(request.subject).toBe('CN=shop.example.org');
    expect(await request.verify()).toBe(true);
  });

  it('INV-9: an IPv6 endpoint gets an address, and a host too long for a common name its DNS name', async () => {
    const six = await makeCertificate(requestFor('::1'), new Date());
    expect(new X509Certificate(six.certificatePem).subjectAltName).toBe('IP Address:0:0:0:0:0:0:0:1');
    const long = `${'a'.repeat(60)}.example.org`;
    const certificate = new X509Certificate((await makeCertificate(requestFor(long), new Date())).certificatePem);
    expect(certificate.subjectAltName).toBe(`DNS:${long}`);
    expect(certificate.subject).toBe('CN=TLS endpoint');
  });

  it('INV-9: making a bundle does not claim that it is served: the profile keeps what was seen', async () => {
    const { id } = await endpoint('quiet.example.org:443');
    const done = await protect(id, 'hybrid-default');
    expect(await new GetAsset(deps).execute(world.actor, id)).toMatchObject({
      encryptionProfile: { uses: [], appliedPolicy: { jobId: done.id } },
    });
  });

  it('INV-9: protecting again gives a new key, and the newest bundle is the one that is handed out', async () => {
    const { id } = await endpoint('again.example.org:443');
    await protect(id, 'hybrid-default');
    const first = await new GetTlsBundle(deps).execute(world.actor, id);
    await protect(id, 'fips-classical');
    const second = await new GetTlsBundle(deps).execute(world.actor, id);
    expect(second.artifactId).not.toBe(first.artifactId);
    expect(second.privateKeyPem).not.toBe(first.privateKeyPem);
    expect(second.nodeTlsOptions).toMatchObject({ ecdhCurve: 'P-256:P-384', minVersion: 'TLSv1.2' });
  });

  const requestFor = (host: string) => ({ signature: 'ECDSA-P256-SHA256' as const, host, validityDays: 90 });
});
