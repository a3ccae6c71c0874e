import { createPrivateKey, X509Certificate } from 'node:crypto';
import { assetProtectionSchema, routes } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOfRoles } from '../../kernel/access.test-support.ts';
import { GetAsset } from '../inventory/usecases/get-asset.ts';
import { userActor } from '../jobs/world.test-support.ts';
import { readIssuedCertificate } from './adapters/issued-certificates.ts';
import { type AnsweringAuthority, startAuthority } from './authority.test-support.ts';
import { createProtectionWorld, type ProtectionWorld } from './protection.test-support.ts';
import { GetCertificate } from './usecases/get-certificate.ts';
import { GetDataKey } from './usecases/get-data-key.ts';
import { GetTlsBundle } from './usecases/get-tls-bundle.ts';
import { ImportIssuedCertificate } from './usecases/import-issued-certificate.ts';
import { ListProtections } from './usecases/list-protections.ts';
import { UndoProtection } from './usecases/undo-protection.ts';
import { UnwrapDataKey } from './usecases/unwrap-data-key.ts';

let world: ProtectionWorld;
let authority: AnsweringAuthority;
beforeAll(async () => {
  world = await createProtectionWorld();
  authority = await startAuthority('Test authority');
});
afterAll(() => world.close());

const readAsset = (id: string) => new GetAsset(world).execute(world.actor, id);
const certificateOf = (id: string) => new GetCertificate(world).execute(world.actor, id);
const importChain = (id: string, chainPem: string, actor = world.actor) =>
  new ImportIssuedCertificate({ ...world, readIssued: readIssuedCertificate }).execute(actor, id, chainPem);
const undo = (jobId: string, actor = world.actor) => new UndoProtection(world).execute(actor, jobId);

describe('INV-9: certificates are re-issued by request', () => {
  it('a job makes key, request and a certificate to serve meanwhile; the answer of an authority takes its place', async () => {
    const { id } = await world.create({ type: 'certificate', endpoint: 'shop.example.org' });
    expect(await world.protect(id, 'fips-classical')).toMatchObject({
      status: 'succeeded',
      result: { artifactKind: 'certificate' },
    });
    const made = await certificateOf(id);
    expect(routes.getCertificate.success.schema.parse(made)).toEqual(made);
    const own = new X509Certificate(made.certificatePem);
    expect([own.subjectAltName, made.isIssued]).toEqual(['DNS:shop.example.org', false]);
    expect(own.checkPrivateKey(createPrivateKey(made.privateKeyPem))).toBe(true);

    const chainPem = await authority.answer(made.csrPem);
    const issued = await importChain(id, chainPem);
    expect(routes.importIssuedCertificate.success.schema.parse(issued)).toEqual(issued);
    const after = await certificateOf(id);
    expect(after).toMatchObject({ isIssued: true, privateKeyPem: made.privateKeyPem });
    expect(new X509Certificate(after.certificatePem).issuer).toContain('Test authority');
    const { encryptionProfile } = await readAsset(id);
    expect(encryptionProfile?.appliedPolicy?.certificates).toContain(issued.sha256);
    expect(await world.eventsOf(id)).toEqual([
      'asset.created',
      'certificate.read',
      'certificate.imported',
      'certificate.read',
    ]);
  });

  it('a TLS endpoint takes an issued chain as well, and its bundle has ready-made server configuration', async () => {
    const { id } = await world.create({ type: 'tls-endpoint', endpoint: 'issued.example.org:8443' });
    await world.protect(id, 'fips-classical');
    const made = await new GetTlsBundle(world).execute(world.actor, id);
    expect(made.serverConfig?.nginx).toContain('server_name issued.example.org;');
    expect(made.serverConfig?.nginx).toContain('listen 8443 ssl;');
    await importChain(id, await authority.answer(made.csrPem));
    expect(await new GetTlsBundle(world).execute(world.actor, id)).toMatchObject({ isIssued: true });
  });

  it('a chain that is no answer is refused with the reason, and nothing is stored', async () => {
    const { id } = await world.create({ type: 'certificate', endpoint: 'refuse.example.org' });
    await world.protect(id, 'fips-classical');
    const { csrPem } = await certificateOf(id);
    const good = await authority.answer(csrPem);
    const other = await startAuthority('Another authority');
    const impostor = await startAuthority('No authority', { isAuthority: false });
    const former = await startAuthority('Former authority', { notAfter: new Date('2020-01-02') });
    const [leaf = ''] = good.split(/(?<=-----END CERTIFICATE-----\n)/);
    const cases: readonly (readonly [string, string])[] = [
      ['no certificate', 'hello'],
      ['cannot be read', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
      ['not for the key', await other.answer(await other.request('refuse.example.org'))],
      ['is not for refuse.example.org', await authority.answer(csrPem, { dns: 'else.example.org' })],
      ['has ended', await authority.answer(csrPem, { notAfter: new Date('2020-01-02') })],
      ['does not begin before now', await authority.answer(csrPem, { notBefore: new Date('2100-01-01') })],
      ['not signed by the one behind it', leaf + other.certificatePem],
      ['at most 10', leaf.repeat(11)],
      ['authority that signed it is missing', leaf],
      ['authority that signed it is missing', (await certificateOf(id)).certificatePem],
      ['first certificate of the chain is that of an authority', await authority.answer(csrPem, { isAuthority: true })],
      ['The certificate is not for serverAuth', await authority.answer(csrPem, { purpose: '1.3.6.1.5.5.7.3.2' })],
      ['Certificate 2 of the chain is not that of an authority', await impostor.answer(csrPem)],
      ['Certificate 2 of the chain is not valid now', await former.answer(csrPem)],
      ['private key must never be sent', `${good}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`],
    ];
    for (const [reason, chain] of cases) {
      await expect(importChain(id, chain), reason).rejects.toMatchObject({
        code: 'PROTECTION_CERTIFICATE_INVALID',
        message: expect.stringContaining(reason),
      });
    }
    expect(await certificateOf(id)).toMatchObject({ isIssued: false });
  });

  it('attack: a text made to match in many ways is refused at once', async () => {
    const { id } = await world.create({ type: 'certificate', endpoint: 'slow.example.org' });
    await world.protect(id, 'fips-classical');
    const text = `-----BEGIN CERTIFICATE-----${' '.repeat(99_900)}`;
    await expect(importChain(id, text)).rejects.toMatchObject({ code: 'PROTECTION_CERTIFICATE_INVALID' });
  });

  it('what is neither a DNS name nor an address gets no certificate', async () => {
    for (const endpoint of ['https://a.example.org/x', 'a b', '-----']) {
      const { id } = await world.create({ type: 'certificate', endpoint });
      await expect(world.apply(id, 'fips-classical')).rejects.toMatchObject({ code: 'PROTECTION_NOT_OFFERED' });
    }
  });
});

describe('INV-9: undoing a protection', () => {
  it('takes it back while nothing depends on it: profile and risk are the former ones', async () => {
    const { id } = await world.create();
    const before = await readAsset(id);
    const job = await world.protect(id, 'hybrid-default');
    expect((await readAsset(id)).risk.score).not.toBe(before.risk.score);
    const undone = await undo(job.id);
    expect(routes.undoJob.success.schema.parse(undone)).toEqual(undone);
    const { encryptionProfile, risk } = await readAsset(id);
    expect({ encryptionProfile, risk }).toEqual({ encryptionProfile: before.encryptionProfile, risk: before.risk });
    await expect(new GetDataKey(world).execute(world.actor, id)).rejects.toMatchObject({
      code: 'PROTECTION_ARTIFACT_NOT_FOUND',
    });
    expect(await world.eventsOf(id)).toContain('protection.undone');
  });

  it('says why not: undone already, protected again since, a key that has left, nothing that was made', async () => {
    const { id } = await world.create();
    const first = await world.protect(id, 'hybrid-default');
    const second = await world.protect(id, 'hybrid-default');
    const refusal = (message: string) => ({
      code: 'PROTECTION_CANNOT_UNDO',
      message: expect.stringContaining(message),
    });
    await expect(undo(first.id)).rejects.toMatchObject(refusal('protected again since'));
    await undo(second.id);
    await expect(undo(second.id)).rejects.toMatchObject(refusal('undone already'));
    await new UnwrapDataKey(world).execute(world.actor, id);
    await expect(undo(first.id)).rejects.toMatchObject(refusal('something may depend on it'));
    await expect(undo(world.newId())).rejects.toMatchObject({ code: 'PROTECTION_ARTIFACT_NOT_FOUND' });
  });

  it('an undo and a key that leaves exclude each other, whichever comes first', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await world.create();
      const job = await world.protect(id, 'hybrid-default');
      const [undone, unwrapped] = await Promise.allSettled([
        undo(job.id),
        new UnwrapDataKey(world).execute(world.actor, id),
      ]);
      expect([undone.status, unwrapped.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('needs the right to protect', async () => {
    const { id } = await world.create();
    const job = await world.protect(id, 'hybrid-default');
    await expect(
      undo(job.id, userActor(world.actor.tenantId, { access: accessOfRoles(['auditor']) })),
    ).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });
});

describe('INV-9: the history of what protected an asset', () => {
  it('lists what was made, newest first, each with what was there before, and says what was undone', async () => {
    const { id } = await world.create({ type: 'data-store' });
    const first = await world.protect(id, 'hybrid-default');
    const second = await world.protect(id, 'hybrid-default');
    await undo(second.id);
    const list = (cursor?: string, actor = world.actor) =>
      new ListProtections(world).execute(actor, { assetId: id, limit: 1, cursor });
    const page = await list();
    expect(page.items.map((item) => assetProtectionSchema.parse(item))).toMatchObject([
      {
        jobId: second.id,
        artifactKind: 'data-key',
        handedOutAt: null,
        undoneAt: expect.any(String),
        formerProfile: { source: 'protection', appliedPolicy: { jobId: first.id } },
      },
    ]);
    const last = await list(page.nextCursor ?? '');
    expect(last).toMatchObject({ items: [{ jobId: first.id, undoneAt: null, formerProfile: null }], nextCursor: null });
    const stranger = await world.newTenant();
    await expect(list(undefined, stranger.actor)).rejects.toMatchObject({ code: 'INVENTORY_ASSET_NOT_FOUND' });
  });
});
