// The ML-KEM texts of C2SP/CCTV.
import { CryptoError, kemEncapsulateTo } from '@quantumvault/crypto';
import { fromHex } from './json.ts';
import type { Tally } from './tally.ts';

/**
 * Public keys with coefficients above the modulus, one a line, which must be refused. The other texts hold key pairs of
 * the draft of FIPS 203: the standard derives other keys from their seeds, and expanded keys are not imported here.
 */
export async function runMlkemText(path: string, text: string, tally: Tally): Promise<void> {
  const name = /ML-KEM-(?:512|768|1024)/.exec(path)?.[0] ?? 'ML-KEM';
  if (!path.includes('modulus')) {
    return tally.skip('the seeds are for the draft of FIPS 203, and expanded private keys are not imported');
  }
  for (const [index, line] of text.split('\n').entries()) {
    const hex = line.trim();
    if (hex === '') continue;
    await tally.run(index + 1, () => {
      const publicKey = fromHex(hex);
      try {
        kemEncapsulateTo(name, publicKey);
        return false;
      } catch (error) {
        return error instanceof CryptoError && error.code === 'CRYPTO_KEY_INVALID';
      }
    });
  }
}
