import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace, transcriptOf } from '../../test/run-qv.ts';
import { idOf, sampleAsset } from '../../test/samples.ts';

const handlers = {
  getAsset: () => ({ value: sampleAsset({ type: 'certificate', name: 'shop.example.org' }) }),
  importIssuedCertificate: () => ({
    value: {
      artifactId: idOf(7),
      sha256: 'ab'.repeat(32),
      notBefore: '2026-11-24T10:00:00.000Z',
      notAfter: '2027-02-22T10:00:00.000Z',
    },
  }),
};

it('INV-9: takes in an issued chain from a file, and names a file that cannot be read', async () => {
  await using workplace = await openWorkplace(handlers);
  writeFileSync(join(workplace.folder, 'chain.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  const commands = [`certificates import ${idOf(1)} chain.pem`];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../test/transcripts/certificates.txt');
  const missing = await workplace.qv(`certificates import ${idOf(1)} nothing.pem`);
  expect([missing.exitCode, missing.err]).toEqual([2, expect.stringContaining('nothing.pem cannot be read (ENOENT)')]);
  writeFileSync(join(workplace.folder, 'all.pem'), '-----BEGIN EC PRIVATE KEY-----\n');
  const before = workplace.server.asked.length;
  expect((await workplace.qv(`certificates import ${idOf(1)} all.pem`)).err).toContain('holds a private key');
  expect(workplace.server.asked).toHaveLength(before);
  const json = await workplace.qv(`certificates import ${idOf(1)} chain.pem --json`);
  expect(JSON.parse(json.out)).toEqual(handlers.importIssuedCertificate().value);
});
