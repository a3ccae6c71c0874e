import { describe, expect, it } from 'vitest';
import { SecretBytes } from '../secret-bytes.ts';
import { combineShares, splitSecret } from './secret-sharing.ts';
import { decodeShare, encodeShare } from './share-text.ts';

const withCode = (code: string) => expect.objectContaining({ code });

async function exampleTexts() {
  const secret = SecretBytes.random(32);
  const { set, shares } = await splitSecret({ secret, shares: 3, threshold: 2 });
  return { secret, set, texts: shares.map(encodeShare) };
}

const fixed = {
  setId: new Uint8Array(16).fill(1),
  index: 2,
  threshold: 3,
  epoch: 4,
  value: SecretBytes.take(new Uint8Array(33).fill(5)),
  salt: new Uint8Array(16).fill(6),
};

describe('CRY-6: the text of a share', () => {
  it('is read back, with other case, spaces and without hyphens', async () => {
    const { secret, set, texts } = await exampleTexts();
    const [first = '', second = ''] = texts;
    expect(first).toMatch(/^qvshare1(-[a-z2-7]{4}){32}$/);
    for (const written of [
      first,
      first.toUpperCase(),
      first.replaceAll('-', ''),
      ` ${first.replaceAll('-', ' \n')} `,
    ]) {
      using combined = await combineShares(set, [decodeShare(written), decodeShare(second)]);
      expect(combined.equals(secret)).toBe(true);
    }
  });

  it('its layout is frozen', () => {
    expect(encodeShare(fixed)).toMatchInlineSnapshot(
      `"qvshare1-aeaq-caib-aeaq-caib-aeaq-caib-aeaq-eaya-aaaa-ibif-aucq-kbif-aucq-kbif-aucq-kbif-aucq-kbif-aucq-kbif-aucq-kbif-auda-mbqg-ayda-mbqg-ayda-mbqg-aydk-r4hp-4fix-d2su"`,
    );
    expect(encodeShare(decodeShare(encodeShare(fixed)))).toBe(encodeShare(fixed));
  });

  it('every changed letter and every two neighbours exchanged are found', async () => {
    const [text = ''] = (await exampleTexts()).texts;
    const start = 'qvshare1-'.length;
    for (let at = start; at < text.length; at++) {
      if (text[at] === '-') continue;
      const other = text[at] === 'a' ? 'b' : 'a';
      expect(() => decodeShare(`${text.slice(0, at)}${other}${text.slice(at + 1)}`)).toThrow(
        withCode('CRYPTO_MALFORMED'),
      );
      const [left = '', right = ''] = [text[at], text[at + 1]];
      if (left === right || right === '-' || right === '') continue;
      const exchanged = `${text.slice(0, at)}${right}${left}${text.slice(at + 2)}`;
      expect(() => decodeShare(exchanged)).toThrow(withCode('CRYPTO_MALFORMED'));
    }
  });

  it.each([
    ['nothing', '', 'CRYPTO_MALFORMED'],
    ['another beginning', 'qvs1abcd', 'CRYPTO_MALFORMED'],
    ['too short', 'qvshare1-abcd', 'CRYPTO_MALFORMED'],
    ['digits that base32 has not', `qvshare1${'1'.repeat(128)}`, 'CRYPTO_MALFORMED'],
    ['a wrong checksum', `qvshare1${'a'.repeat(128)}`, 'CRYPTO_MALFORMED'],
    ['a book', `qvshare1${'a'.repeat(100_000)}`, 'CRYPTO_LIMIT'],
  ])('%s is refused', (_, text, code) => {
    expect(() => decodeShare(text)).toThrow(withCode(code));
  });

  it('the errors hold nothing of the share', () => {
    // Not of random letters: four of them can stand in a word of the error.
    const text = encodeShare(fixed);
    try {
      decodeShare(`${text.slice(0, -1)}${text.endsWith('a') ? 'b' : 'a'}`);
      expect.unreachable();
    } catch (error) {
      for (const group of text.split('-').slice(1)) expect(String(error)).not.toContain(group);
    }
  });
});
