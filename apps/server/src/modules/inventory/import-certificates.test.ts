import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../../../providers/src/discovery/tls/testing/make-certificate.ts';
import { accessOfRoles } from '../../kernel/access.test-support.ts';
import { systemClock } from '../../kernel/clock.ts';
import { createWorld, newId, userActor, type World } from '../jobs/world.test-support.ts';
import { PostgresAssetRepository } from './adapters/postgres-asset-repository.ts';
import { ImportCertificates } from './usecases/import-certificates.ts';

const classification = { sensitivity: 'confidential', exposure: 'internet', dataLifetimeYears: 10 } as const;

describe('INV-4: certificates that were found in files', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const store = (ders: readonly Buffer[], actor = world.actor) => {
    const assets = new PostgresAssetRepository();
    const certificates = ders.map((der) => der.toString('base64'));
    const useCase = new ImportCertificates({ ...world, assets, newId, clock: systemClock });
    return useCase.execute(actor, { certificates, ...classification });
  };

  it('each becomes one asset by its SHA-256, with what is wrong with it; the next time it is the same one', async () => {
    const weak = makeCertificate({ keyType: 'rsa-1024', commonName: 'weak.test', notAfter: new Date('2021-01-01') });
    const pq = makeCertificate({ keyType: 'ml-dsa-44', commonName: 'pq.test' });
    const { items } = await store([weak.der, pq.der, weak.der]);
    expect(items.map(({ name }) => name).toSorted()).toEqual(['CN=pq.test', 'CN=weak.test']);
    const [found, sound] = ['CN=weak.test', 'CN=pq.test'].map((name) => items.find((item) => item.name === name));
    expect(found?.endpoint).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(found?.encryptionProfile).toMatchObject({ source: 'scan', uses: [{ role: 'signature' }] });
    expect(found?.encryptionProfile?.weaknesses.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['certificate-expired', 'certificate-weak-key']),
    );
    expect(found?.risk.score ?? 0).toBeGreaterThan(sound?.risk.score ?? 100);
    const again = await store([weak.der]);
    expect(again.items[0]).toMatchObject({ id: found?.id, version: (found?.version ?? 0) + 1 });
    expect(await world.eventsOf(found?.id ?? '')).toEqual(['asset.discovered', 'asset.observed']);
  });

  it('what is no certificate is named by its place, and nothing is stored', async () => {
    const fine = makeCertificate({ keyType: 'ec-p256', commonName: 'fine.test' });
    await expect(store([fine.der, Buffer.from('nonsense')])).rejects.toMatchObject({
      code: 'INVENTORY_CERTIFICATE_INVALID',
      message: expect.stringContaining('Certificate 2 cannot be read'),
    });
    expect((await store([fine.der])).items[0]?.version).toBe(1);
  });

  it('needs the right to scan', async () => {
    const reader = userActor(world.actor.tenantId, { access: accessOfRoles(['auditor']) });
    await expect(store([Buffer.from('x')], reader)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });
});
