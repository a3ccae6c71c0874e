// The ML-KEM texts of C2SP/CCTV.
import { CryptoError, kemEncapsulateTo } from '@quantumvault/crypto';
import { fromHex } from '../json.ts';
import type { VectorSource } from '../source.ts';

const kemOfPublicKey: Readonly<Record<number, string>> = { 800: 'ML-KEM-512', 1184: 'ML-KEM-768', 1568: 'ML-KEM-1024' };

const linesOf = (text: string): readonly string[] => text.split('\n').map((line) => line.trim());

function isRefused(hex: string): boolean {
  const publicKey = fromHex(hex);
  const name = kemOfPublicKey[publicKey.length];
  if (name === undefined) return false;
  try {
    kemEncapsulateTo(name, publicKey);
    return false;
  } catch (error) {
    return error instanceof CryptoError && error.code === 'CRYPTO_KEY_INVALID';
  }
}

const isPublicKey = (line: string): boolean =>
  /^[0-9a-f]+$/.test(line) && kemOfPublicKey[line.length / 2] !== undefined;

/** Public keys with coefficients above the modulus, one a line, which must be refused. */
const modulus: VectorSource = {
  source: 'cctv',
  recognize: ({ text }) => (text !== undefined && isPublicKey(linesOf(text)[0] ?? '') ? 'vectors' : undefined),
  async run({ text }, tally) {
    for (const [index, line] of linesOf(text ?? '').entries()) {
      if (line !== '') await tally.run(index + 1, () => isRefused(line));
    }
  },
};

/**
 * Key pairs of the draft of FIPS 203: the standard derives other keys from their seeds, and expanded keys are not imported
 * here.
 */
const named: VectorSource = {
  source: 'cctv',
  recognize: ({ text }) => (text !== undefined && /^d?k? ?= ?[0-9a-f]{64,}$/m.test(text) ? 'vectors' : undefined),
  async run(_file, tally) {
    tally.skip('the seeds are for the draft of FIPS 203, and expanded private keys are not imported');
  },
};

export const mlkemTexts: readonly VectorSource[] = [modulus, named];
