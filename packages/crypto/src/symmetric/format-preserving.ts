// Format-preserving encryption (CRY-7), FF1 alone: FF3-1 was withdrawn by NIST after attacks. It is for systems that can
// store nothing but the old format; `leakage.ts` holds the warning that goes with the choice. There is no authentication.
//
// The alphabet is a text of distinct characters in order, such as `0123456789`: the first stands for zero. Characters are
// Unicode code points; nothing is normalized, and separators that should stay in place are the caller's to take out.

import { need } from '../errors.ts';
import { type SecretBytes, secretAccess } from '../secret-bytes.ts';
import { vettedFf1 } from '../vetted/ff1.ts';

/** New text is written under AES-256 alone; what other systems wrote under smaller keys can be read, to be migrated. */
const keyBytes = { encrypt: [32], decrypt: [16, 24, 32] } as const;
/** Below a million values the rounds of FF1 are too few against known attacks (SP 800-38G revision 1). */
const domainMin = 1_000_000;
const radixMax = 1024;
/** The work grows with the square of the length. */
const textMax = 1024;
const tweakMax = 256;

export interface FormatPreservingInput {
  readonly key: SecretBytes;
  /** Public and mandatory, though it may be empty: a locator of the row or column, so that equal values look different. */
  readonly tweak: Uint8Array;
  readonly alphabet: string;
  readonly text: string;
}

function numeralsOf(text: string, order: ReadonlyMap<string, number>): number[] {
  return [...text].map((character) => {
    const numeral = order.get(character);
    need(numeral !== undefined, 'CRYPTO_MALFORMED', 'the text has a character that is not in the alphabet');
    return numeral;
  });
}

function run(direction: 'decrypt' | 'encrypt', { key, tweak, alphabet, text }: FormatPreservingInput): string {
  const isKey = keyBytes[direction].some((length) => length === key.length);
  need(isKey, 'CRYPTO_KEY_INVALID', `FF1 takes a key of ${keyBytes[direction].join(', ')} bytes to ${direction}`);
  need(tweak instanceof Uint8Array, 'CRYPTO_OPTION_UNSUPPORTED', 'the tweak is mandatory');
  need(tweak.length <= tweakMax, 'CRYPTO_LIMIT', `a tweak holds at most ${tweakMax} bytes`);
  need(alphabet.isWellFormed() && text.isWellFormed(), 'CRYPTO_MALFORMED', 'text has no unpaired surrogates');
  need(alphabet.length <= 2 * radixMax, 'CRYPTO_LIMIT', `an alphabet has at most ${radixMax} characters`);
  const characters = [...alphabet];
  const order = new Map(characters.map((character, numeral) => [character, numeral]));
  const radix = characters.length;
  need(order.size === radix, 'CRYPTO_MALFORMED', 'the alphabet has a character twice');
  need(radix >= 2 && radix <= radixMax, 'CRYPTO_LIMIT', `an alphabet has 2 to ${radixMax} characters`);
  need(text.length <= 2 * textMax, 'CRYPTO_LIMIT', `a text has at most ${textMax} characters`);
  const numerals = numeralsOf(text, order);
  need(numerals.length <= textMax, 'CRYPTO_LIMIT', `a text has at most ${textMax} characters`);
  // Whole numbers below 2^53 are exact, and what is larger is far from the bound.
  const isLarge = numerals.length >= 2 && radix ** numerals.length >= domainMin;
  need(isLarge, 'CRYPTO_LIMIT', `texts of this length have fewer than ${domainMin} possible values`);
  const result = key.open(secretAccess, (raw) => vettedFf1(direction, { radix, key: raw, tweak }, numerals));
  return result.map((numeral) => characters[numeral]).join('');
}

/**
 * Encrypts `text` to a text of the same length in the same alphabet (FF1, AES-256). Equal text, key and tweak give equal
 * ciphertext. Throws CRYPTO_KEY_INVALID, CRYPTO_MALFORMED for characters outside the alphabet, CRYPTO_LIMIT for fewer
 * than a million possible values.
 */
export function formatPreservingEncrypt(input: FormatPreservingInput): string {
  return run('encrypt', input);
}

/**
 * The inverse of {@link formatPreservingEncrypt}, also with keys of 128 and 192 bits, to read what other systems wrote. A
 * wrong key or tweak gives another text, and no error.
 */
export function formatPreservingDecrypt(input: FormatPreservingInput): string {
  return run('decrypt', input);
}
