import { expect, it } from 'vitest';
import { openWorkplace } from '../../test/run-qv.ts';

interface Measured {
  readonly algorithm: string;
  readonly operation: string;
  readonly unit: string;
  readonly value: number;
  readonly bare: number | null;
  readonly ratio: number | null;
}

it('CRY-12: measures operations, beside the bare call where the runtime has one', async () => {
  await using workplace = await openWorkplace();
  const { exitCode, out } = await workplace.qv('crypto bench aes-256-gcm-siv ed25519 ff1 --quick --json');
  const results: readonly Measured[] = JSON.parse(out);
  expect(exitCode).toBe(0);
  const operations = (algorithm: string) =>
    results.filter((result) => result.algorithm === algorithm).map(({ operation }) => operation);
  expect(operations('AES-256-GCM-SIV')).toEqual(['seal', 'open']);
  expect(operations('Ed25519')).toEqual(['generate', 'sign', 'verify']);
  expect(operations('FF1')).toEqual(['encrypt', 'decrypt']);
  for (const { algorithm, unit, value, bare, ratio } of results) {
    expect(value).toBeGreaterThan(0);
    expect(unit).toBe('ops/s');
    if (algorithm === 'FF1') expect([bare, ratio]).toEqual([null, null]);
    if (algorithm === 'Ed25519') expect(ratio).toBeGreaterThan(0);
  }
});

it('CRY-5: tells what each level of password hash costs here, in milliseconds', async () => {
  await using workplace = await openWorkplace();
  const { exitCode, out } = await workplace.qv('crypto bench argon2id --quick');
  expect(exitCode).toBe(0);
  expect(out.trim().split('\n')).toEqual([
    expect.stringMatching(/^ALGORITHM +OPERATION +VALUE +UNIT +BARE CALL +RATIO$/),
    expect.stringMatching(/^Argon2id +standard +[\d,.]+ +ms +- +-$/),
    expect.stringMatching(/^Argon2id +high +[\d,.]+ +ms +- +-$/),
    expect.stringMatching(/^Argon2id +maximum +[\d,.]+ +ms +- +-$/),
  ]);
});

it('a name that matches nothing is named', async () => {
  await using workplace = await openWorkplace();
  expect(await workplace.qv('crypto bench kyber-9')).toMatchObject({
    exitCode: 3,
    err: expect.stringContaining('kyber-9'),
  });
});
