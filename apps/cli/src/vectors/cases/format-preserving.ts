// FF1 of Wycheproof and ACVP.
import { formatPreservingDecrypt, formatPreservingEncrypt, SecretBytes } from '@quantumvault/crypto';
import { hexAt, type Json, numberAt, textAt } from '../json.ts';
import type { RunnerFinder } from '../source.ts';
import { Skip } from '../tally.ts';

const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const domainMin = 1_000_000;
/** Smaller keys read what other systems wrote, and never write. */
const writingKeyBytes = 32;

interface Case {
  readonly key: Uint8Array;
  readonly tweak: Uint8Array;
  readonly alphabet: string;
  readonly plain: string;
  readonly cipher: string;
}

function ff1Agrees({ key: rawKey, tweak, alphabet, plain, cipher }: Case): boolean {
  const isWriting = rawKey.length === writingKeyBytes;
  using key = SecretBytes.take(rawKey);
  const how = { key, tweak, alphabet };
  const decrypted = formatPreservingDecrypt({ ...how, text: cipher });
  return decrypted === plain && (!isWriting || formatPreservingEncrypt({ ...how, text: plain }) === cipher);
}

/** Lists of numerals become texts; a numeral outside the radix becomes a character outside the alphabet. */
function toText(value: unknown, alphabet: string): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map((numeral) => alphabet[Number(numeral)] ?? '?').join('') : '';
}

function wycheproofFf1(test: Json, group: Json): boolean {
  const radix = numberAt(group, 'radix');
  const alphabet = typeof group.alphabet === 'string' ? group.alphabet : alphanumeric.slice(0, radix);
  if (alphabet.length !== radix) throw new Skip('numerals of this radix have no alphabet');
  const [plain, cipher] = [toText(test.msg, alphabet), toText(test.ct, alphabet)];
  if (test.result === 'valid' && radix ** plain.length < domainMin) {
    throw new Skip('fewer than 1,000,000 possible values are refused');
  }
  // A bad plaintext comes with a good ciphertext, so what must be refused there is the encryption.
  if (test.result === 'invalid') {
    using key = SecretBytes.take(hexAt(test, 'key'));
    return formatPreservingEncrypt({ key, tweak: hexAt(test, 'tweak'), alphabet, text: plain }) === cipher;
  }
  return ff1Agrees({ key: hexAt(test, 'key'), tweak: hexAt(test, 'tweak'), alphabet, plain, cipher });
}

function acvpFf1(test: Json, group: Json): boolean {
  const [alphabet, plain, cipher] = [textAt(group, 'alphabet'), textAt(test, 'pt'), textAt(test, 'ct')];
  if (alphabet.length ** plain.length < domainMin) throw new Skip('fewer than 1,000,000 possible values are refused');
  return ff1Agrees({ key: hexAt(test, 'key'), tweak: hexAt(test, 'tweak'), alphabet, plain, cipher });
}

export const formatPreservingWycheproof: RunnerFinder = ({ algorithm }) =>
  algorithm === 'AES-FF1' ? wycheproofFf1 : undefined;
export const formatPreservingAcvp: RunnerFinder = ({ algorithm }) =>
  algorithm === 'ACVP-AES-FF1' ? acvpFf1 : undefined;
