import { describe, expect, it } from 'vitest';
import { SecretBytes } from '../src/secret-bytes.ts';
import { formatPreservingDecrypt, formatPreservingEncrypt } from '../src/symmetric/format-preserving.ts';
import { fromHex, sharedVectors, Tally, vectors } from './vectors.ts';

interface Wycheproof {
  readonly testGroups: readonly {
    readonly radix: number;
    readonly alphabet?: string;
    readonly tests: readonly {
      readonly tcId: number;
      readonly key: string;
      readonly tweak: string;
      readonly msg: string | readonly number[];
      readonly ct: string | readonly number[];
      readonly result: string;
    }[];
  }[];
}

interface Acvp {
  readonly testGroups: readonly {
    readonly alphabet: string;
    readonly tests: readonly { tcId: number; key: string; tweak: string; pt: string; ct: string }[];
  }[];
}

const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

interface Case {
  readonly alphabet: string;
  readonly key: string;
  readonly tweak: string;
  readonly plain: string;
  readonly cipher: string;
  readonly isValid: boolean;
}

/** Every case is decrypted; encrypted are those with keys of 256 bits, and with others that must be refused. */
function check(tally: Tally, test: Case): void {
  using key = SecretBytes.take(fromHex(test.key));
  const how = { key, alphabet: test.alphabet, tweak: fromHex(test.tweak) };
  const encrypt = (): string => formatPreservingEncrypt({ ...how, text: test.plain });
  const decrypt = (): string => formatPreservingDecrypt({ ...how, text: test.cipher });
  const refused = (code: string) => expect.objectContaining({ code });
  if (!test.isValid) {
    expect(encrypt).toThrow(expect.objectContaining({ name: 'CryptoError' }));
    tally.ran();
    return;
  }
  if (key.length !== 32) expect(encrypt).toThrow(refused('CRYPTO_KEY_INVALID'));
  if (test.alphabet.length ** test.plain.length < 1_000_000) {
    expect(decrypt).toThrow(refused('CRYPTO_LIMIT'));
    tally.skip('fewer than a million possible values, refused');
    return;
  }
  if (key.length === 32) expect(encrypt()).toBe(test.cipher);
  expect(decrypt()).toBe(test.plain);
  tally.ran();
}

function runWycheproof(tally: Tally, { testGroups }: Wycheproof): void {
  for (const { radix, alphabet = alphanumeric.slice(0, radix), tests } of testGroups) {
    // Lists of numerals become texts; a numeral outside the radix becomes a character outside the alphabet.
    const toText = (value: string | readonly number[]): string =>
      typeof value === 'string' ? value : value.map((numeral) => alphabet[numeral] ?? '?').join('');
    for (const { key, tweak, msg, ct, result } of tests) {
      const isValid = result === 'valid';
      check(tally, { alphabet, key, tweak, plain: toText(msg), cipher: toText(ct), isValid });
    }
  }
}

describe('CRY-7: FF1', () => {
  it('ACVP', () => {
    const tally = new Tally('acvp/ACVP-AES-FF1');
    for (const { alphabet, tests } of vectors<Acvp>('acvp/ACVP-AES-FF1-1.0.json').testGroups) {
      for (const { key, tweak, pt, ct } of tests) {
        check(tally, { alphabet, key, tweak, plain: pt, cipher: ct, isValid: true });
      }
    }
    expect(tally.report()).toBe(375);
  });

  it('Wycheproof, base 36', () => {
    const tally = new Tally('wycheproof/aes_ff1_base36');
    runWycheproof(tally, vectors<Wycheproof>('wycheproof/aes_ff1_base36_test.json'));
    expect(tally.report()).toBeGreaterThan(1400);
  });

  for (const set of ['radix10', 'radix62']) {
    it(`Wycheproof, ${set}`, (ctx) => {
      const suite = sharedVectors<Wycheproof>(`wycheproof/aes_ff1_${set}_test.json`);
      if (suite === undefined) return ctx.skip('shared/vectors is not beside this repository');
      const tally = new Tally(`wycheproof/aes_ff1_${set}`);
      runWycheproof(tally, suite);
      expect(tally.report()).toBeGreaterThan(1200);
    });
  }
});
