import { readCryptoFile } from '@quantumvault/inventory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCorpus, readVectors } from '../../../../../packages/inventory/test/corpus.ts';
import { systemClock } from '../../kernel/clock.ts';
import { createWorld, newId, type World } from '../jobs/world.test-support.ts';
import { PostgresAssetRepository } from './adapters/postgres-asset-repository.ts';
import { ImportCertificates } from './usecases/import-certificates.ts';

/** As many as one request may bring. */
const batchMax = 128;

const certificatesOf = (files: ReadonlyMap<string, Uint8Array>): string[] => [
  ...new Set(
    [...files.values()]
      .flatMap((content) => readCryptoFile(content).items)
      .flatMap(({ item }) => (item.kind === 'certificate' ? [Buffer.from(item.der).toString('base64')] : [])),
  ),
];

describe('INV-4: certificates that others made, ill-formed ones among them, become assets', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  /** Stores all of them and gives how many distinct assets came out. */
  async function importAll(certificates: readonly string[]): Promise<number> {
    const assets = new PostgresAssetRepository();
    const useCase = new ImportCertificates({ ...world, assets, newId, clock: systemClock });
    const ids = new Set<string>();
    for (let at = 0; at < certificates.length; at += batchMax) {
      const { items } = await useCase.execute(world.actor, {
        certificates: certificates.slice(at, at + batchMax),
        ...{ sensitivity: 'internal', exposure: 'partner', dataLifetimeYears: 5 },
      });
      for (const { id } of items) ids.add(id);
    }
    return ids.size;
  }

  it('those of the repository', async () => {
    const certificates = certificatesOf(readVectors('certificates'));
    expect(certificates).toHaveLength(23);
    expect(await importAll(certificates)).toBe(23);
  });

  it('all of the corpora', async (ctx) => {
    const archives = ['certs-zlint', 'certs-pqc-ietf', 'certs-pqc-lamps'].map(readCorpus);
    if (archives.includes(undefined)) return ctx.skip('../shared/corpora/certs-*.tar.gz are absent');
    const certificates = certificatesOf(new Map(archives.flatMap((archive) => [...(archive ?? [])])));
    const stored = await importAll(certificates);
    console.info(`${certificates.length} distinct certificates, ${stored} assets`);
    expect(stored).toBe(certificates.length);
  });
});
