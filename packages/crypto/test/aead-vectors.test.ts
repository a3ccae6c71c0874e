import { describe, expect, it } from 'vitest';
import { SecretBytes } from '../src/secret-bytes.ts';
import { type AeadSuite, aeadOpen, aeadSealWithNonce } from '../src/symmetric/aead-suites.ts';
import { fromHex, Tally, toHex, vectors } from './vectors.ts';

interface AeadSet {
  readonly testGroups: readonly {
    readonly keySize: number;
    readonly ivSize: number;
    readonly tagSize: number;
    readonly tests: readonly {
      readonly tcId: number;
      readonly key: string;
      readonly iv: string;
      readonly aad: string;
      readonly msg: string;
      readonly ct: string;
      readonly tag: string;
      readonly result: 'valid' | 'invalid' | 'acceptable';
    }[];
  }[];
}

const refusal = (code: string) => expect.objectContaining({ code });

// Cases with sizes that are not offered run as well: they must be refused, and with the reason that is true.
describe('Wycheproof', () => {
  it.each([
    ['AES-256-GCM', 'aes_gcm', 158],
    ['AES-256-GCM-SIV', 'aes_gcm_siv', 101],
    ['ChaCha20-Poly1305', 'chacha20_poly1305', 163],
  ] as const)(
    'CRY-1: %s seals and opens as published, and refuses every other size',
    (suite: AeadSuite, set, count) => {
      const tally = new Tally(`wycheproof/${set}, every size`);
      for (const group of vectors<AeadSet>(`wycheproof/${set}_test.json`).testGroups) {
        for (const test of group.tests) {
          using key = SecretBytes.take(fromHex(test.key));
          const how = { suite, key, nonce: fromHex(test.iv), aad: fromHex(test.aad) };
          const open = (): Uint8Array => aeadOpen({ ...how, sealed: fromHex(test.ct + test.tag) });
          const seal = (): Uint8Array => aeadSealWithNonce({ ...how, plaintext: fromHex(test.msg) });
          if (group.keySize !== 256 || group.ivSize !== 96 || group.tagSize !== 128) {
            const code = group.keySize === 256 ? 'CRYPTO_MALFORMED' : 'CRYPTO_KEY_INVALID';
            expect(seal).toThrow(refusal(code));
            expect(open).toThrow(refusal(code));
          } else if (test.result === 'valid') {
            expect([test.tcId, toHex(seal())]).toEqual([test.tcId, test.ct + test.tag]);
            expect([test.tcId, toHex(open())]).toEqual([test.tcId, test.msg]);
          } else {
            expect(open).toThrow(refusal('CRYPTO_AUTHENTICATION_FAILED'));
          }
          tally.ran();
        }
      }
      expect(tally.report()).toBe(count);
    },
  );
});
