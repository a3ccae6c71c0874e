import { expect, it } from 'vitest';
import { openWorkplace, transcriptOf } from '../../test/run-qv.ts';

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace();
  const commands = [
    'crypto info --family hybrid-kem',
    'crypto info ML-DSA-44',
    'crypto info --family potion',
    'crypto info Kyber1',
  ];
  // The version of OpenSSL is that of the runtime, which is not this test's to hold.
  const transcript = (await transcriptOf(workplace, commands)).replaceAll(process.versions.openssl, '3.x.x');
  await expect(transcript).toMatchFileSnapshot('../../test/transcripts/crypto.txt');
});

it('CRY-9: lists the whole registry with status and implementation', async () => {
  const { algorithms } = await import('@quantumvault/crypto');
  await using workplace = await openWorkplace();
  const listed = JSON.parse((await workplace.qv('crypto info --json')).out);
  expect(listed.map(({ id }: { id: string }) => id)).toEqual(algorithms.map(({ id }) => id));
  for (const entry of listed)
    expect(entry).toMatchObject({
      statusToday: expect.any(String),
      liveImplementation: entry.implementation === 'not-offered' ? null : expect.stringMatching(/ \d+\.\d+\.\d+/),
    });
});

it('CRY-10: runs the known-answer tests', async () => {
  await using workplace = await openWorkplace();
  const { exitCode, out } = await workplace.qv('crypto selftest --json');
  expect({ exitCode, ok: JSON.parse(out).ok }).toEqual({ exitCode: 0, ok: true });
  expect((await workplace.qv('crypto selftest')).out).toMatch(/\d+ tests passed in \d+ ms\.\n$/);
});

it('a name that is a part of others is answered with these', async () => {
  await using workplace = await openWorkplace();
  const kyber = await workplace.qv('crypto info kyber');
  expect(kyber).toMatchObject({ exitCode: 3, err: expect.stringContaining('ML-KEM-512, ML-KEM-768, ML-KEM-1024') });
  expect((await workplace.qv('crypto info zzz')).err).toContain('qv crypto info lists all');
});
