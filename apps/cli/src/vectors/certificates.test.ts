import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace } from '../../test/run-qv.ts';
import type { FileReport } from './tally.ts';

const kept = join(import.meta.dirname, '..', '..', '..', '..', 'tests', 'vectors', 'certificates', 'certs-pqc-ietf');

it('PKI-2: certificates are checked with their issuers and keys with certificates, by content; a changed one fails', async () => {
  await using workplace = await openWorkplace();
  const folder = join(workplace.folder, 'vectors');
  mkdirSync(folder);
  const run = async (): Promise<Record<string, FileReport>> => {
    const { out } = await workplace.qv('crypto vectors vectors --json');
    const { files }: { files: readonly FileReport[] } = JSON.parse(out);
    return Object.fromEntries(files.map((file) => [file.file.replace(/^.*\//, ''), file]));
  };
  const slhDsa = 'slh-dsa-sha2-128s-2.16.840.1.101.3.4.3.20_ta.der';
  const mlKem = 'ml-kem-512-2.16.840.1.101.3.4.4.1_ee.der';
  cpSync(join(kept, 'ossl35'), join(folder, 'ossl35'), { recursive: true });
  mkdirSync(join(folder, 'own'));
  const issue = 'cert issue --ca-cert vectors/own/ca.crt --ca-key vectors/own/ca.key --dns a.example';
  for (const command of [
    'cert init-ca --subject CN=Root --algorithm Ed25519 --key-out vectors/own/ca.key -o vectors/own/ca.crt',
    `${issue} --algorithm MLDSA65-Ed25519-SHA512 --key-out vectors/own/a.key --der -o vectors/own/a.der`,
    'cert init-ca --subject CN=Other --algorithm Ed25519 --key-out stray.key -o stray.crt',
  ]) {
    expect(await workplace.qv(command)).toMatchObject({ exitCode: 0 });
  }
  const good = await run();
  for (const name of [slhDsa, 'ca.crt', 'a.der', 'ca.key', 'a.key'])
    expect(good[name]).toMatchObject({ passed: 1, failed: 0 });
  // Its issuer, ML-DSA-44 of the same set, is not among the files that the repository carries.
  expect(good[mlKem]).toMatchObject({
    passed: 0,
    skipped: 1,
    reasons: ['1 skipped: the certificate of the issuer is not there'],
  });

  const certificate = readFileSync(join(folder, 'own', 'a.der'));
  certificate[certificate.length - 1] = (certificate.at(-1) ?? 0) ^ 1;
  writeFileSync(join(folder, 'own', 'a.der'), certificate);
  cpSync(join(workplace.folder, 'stray.key'), join(folder, 'own', 'ca.key'));
  const bad = await run();
  expect(bad['a.der']).toMatchObject({ failed: 1 });
  expect(bad['ca.key']).toMatchObject({ failed: 1 });
  expect(bad['ca.crt']).toMatchObject({ passed: 1, failed: 0 });
});
