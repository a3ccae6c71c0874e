// The ML-KEM texts of C2SP/CCTV.
import { CryptoError, importExpandedKemKey, kemEncapsulateTo, SecretBytes, secretAccess } from '@quantumvault/crypto';
import { fromHex, same, VectorFormatError } from '../json.ts';
import type { VectorSource } from '../source.ts';

const kemOfPublicKey: Readonly<Record<number, string>> = { 800: 'ML-KEM-512', 1184: 'ML-KEM-768', 1568: 'ML-KEM-1024' };

const kemOfExpanded: Readonly<Record<number, string>> = { 1632: 'ML-KEM-512', 2400: 'ML-KEM-768', 3168: 'ML-KEM-1024' };

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

/** The values of a text by their names: `dk = 8c65…`, one a line. */
function namedValues(text: string): ReadonlyMap<string, Uint8Array> {
  const lines = text.matchAll(/^(\S+) = ((?:[0-9a-f]{2})+)$/gm);
  return new Map([...lines].map(([, name = '', hex = '']) => [name, fromHex(hex)]));
}

/**
 * A key, a ciphertext and its secret. They follow the draft of FIPS 203, in which the seed is expanded otherwise, so the
 * key is taken in its expanded form; everything after the expansion is the same in the standard. The intermediate values
 * show no more: no public interface gives them out.
 */
function isRight(text: string): boolean {
  const values = namedValues(text);
  const [dk, c, k, ek] = [values.get('dk'), values.get('c'), values.get('K'), values.get('ek')];
  if (dk === undefined || c === undefined || k === undefined) throw new VectorFormatError('a value is missing');
  const name = kemOfExpanded[dk.length];
  if (name === undefined) throw new VectorFormatError('no ML-KEM key has this length');
  const key = importExpandedKemKey(name, SecretBytes.take(dk));
  const { enc, sharedSecret } = kemEncapsulateTo(name, key.publicKey);
  return (
    key.decapsulate(c).open(secretAccess, (secret) => same(secret, k)) &&
    (ek === undefined || same(key.publicKey, ek)) &&
    key.decapsulate(enc).equals(sharedSecret)
  );
}

const named: VectorSource = {
  source: 'cctv',
  recognize({ text }) {
    const names = text === undefined ? undefined : namedValues(text);
    return names?.has('dk') && names.has('c') && names.has('K') ? 'vectors' : undefined;
  },
  async run({ name, text }, tally) {
    await tally.run(name, () => isRight(text ?? ''));
  },
};

export const mlkemTexts: readonly VectorSource[] = [modulus, named];
