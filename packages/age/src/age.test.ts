import { SecretBytes } from '@quantumvault/crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AgeIdentity,
  type AgeKeyType,
  type AgeSealTo,
  formatAgeIdentityFile,
  generateAgeKey,
  openAge,
  parseAgeIdentityFile,
  parseAgeRecipient,
  passphraseIdentity,
  readAgeHeader,
  sealAge,
} from './index.ts';
import { joined } from './text/ascii.ts';

const createdAt = '2026-11-26T03:00:00Z';
const withCode = (code: string) => expect.objectContaining({ code });

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return joined(parts);
}

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function person(type: AgeKeyType): { readonly recipient: string; readonly identity: AgeIdentity } {
  const key = generateAgeKey(type);
  const [identity] = parseAgeIdentityFile(formatAgeIdentityFile(key, createdAt));
  if (identity === undefined) throw new Error('the file has a key');
  return { recipient: key.recipient, identity };
}

function flipped(bytes: Uint8Array, at: number, bits: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ bits;
  return changed;
}

const pattern = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
const passphrase = SecretBytes.fromUtf8('correct horse');
const people = { hybrid: person('hybrid'), x25519: person('x25519') };
const kinds: readonly [string, AgeSealTo, AgeIdentity][] = [
  ['hybrid', { recipients: [parseAgeRecipient(people.hybrid.recipient)] }, people.hybrid.identity],
  ['x25519', { recipients: [parseAgeRecipient(people.x25519.recipient)] }, people.x25519.identity],
  ['passphrase', { passphrase, workFactor: 10 }, passphraseIdentity(passphrase)],
];

describe.each(kinds)('ENV-8: a file for %s', (_, to, identity) => {
  const identities = [identity];
  const lengths = [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000];

  it.each(lengths)('of %i bytes comes back, binary and armored', async (length) => {
    const content = pattern(length);
    for (const isArmored of [false, true]) {
      const file = await gather(sealAge(cut(content, 50_000), { to, isArmored }));
      expect(await gather(openAge(cut(file, 70_001), { identities, form: 'any' }))).toEqual(content);
      const form = isArmored ? 'armored' : 'binary';
      expect(await gather(openAge([file], { identities, form }))).toEqual(content);
    }
  });

  it('of another person does not open', async () => {
    const file = await gather(sealAge([pattern(9)], { to, isArmored: false }));
    const others = kinds.filter(([, , other]) => other !== identity).map(([, , other]) => other);
    const strangers = [person('hybrid').identity, person('x25519').identity];
    const wrong = passphraseIdentity(SecretBytes.fromUtf8('wrong'));
    const attempt = gather(openAge([file], { identities: [...others, ...strangers, wrong], form: 'any' }));
    await expect(attempt).rejects.toThrow(withCode('AGE_NO_MATCH'));
  });
});

describe('what is changed is refused, and nothing of a bad chunk comes out', () => {
  const { identity } = people.hybrid;
  const content = pattern(70_000);
  let file = new Uint8Array(0);
  let headerBytes = 0;
  beforeAll(async () => {
    file = new Uint8Array(
      await gather(sealAge([content], { to: kinds[0]?.[1] ?? { recipients: [] }, isArmored: false })),
    );
    ({ headerBytes } = await readAgeHeader([file]));
  });

  async function released(
    bytes: Uint8Array,
  ): Promise<{ readonly plain: Uint8Array; readonly code: string | undefined }> {
    const parts: Uint8Array[] = [];
    try {
      for await (const chunk of openAge([bytes], { identities: [identity], form: 'binary' })) parts.push(chunk);
    } catch (error) {
      return { plain: joined(parts), code: String(Reflect.get(Object(error), 'code')) };
    }
    return { plain: joined(parts), code: undefined };
  }

  it('every flipped byte of the header', async () => {
    for (let at = 0; at < headerBytes; at += 1) {
      const { plain, code } = await released(flipped(file, at, 1));
      expect(code).toMatch(/^AGE_(HEADER_MALFORMED|HEADER_FORGED|NO_MATCH|VERSION_UNSUPPORTED)$/);
      expect(plain).toHaveLength(0);
    }
  });

  it('flips, cuts, repeats and swaps in the payload', async () => {
    const first = headerBytes + 16;
    const second = first + 65_552;
    const flip = (at: number) => flipped(file, at, 0x80);
    const cases: readonly [Uint8Array, number][] = [
      [flip(headerBytes), 0],
      [flip(first), 0],
      [flip(second - 1), 0],
      [flip(second), 65_536],
      [flip(file.length - 1), 65_536],
      [file.subarray(0, file.length - 1), 65_536],
      [file.subarray(0, second + 16), 65_536],
      [file.subarray(0, second + 5), 65_536],
      [file.subarray(0, second), 65_536],
      [file.subarray(0, first + 100), 0],
      [joined([file, Uint8Array.of(0)]), 65_536],
      [joined([file.subarray(0, second), file.subarray(first, second), file.subarray(second)]), 65_536],
      [joined([file.subarray(0, first), file.subarray(second)]), 0],
    ];
    for (const [changed, length] of cases) {
      const { plain, code } = await released(changed);
      expect(code).toBe('AGE_PAYLOAD_INVALID');
      expect(plain).toEqual(content.subarray(0, length));
    }
    expect(await released(file)).toEqual({ plain: content, code: undefined });
  });

  it('a header or a payload of another file for the same key', async () => {
    const other = new Uint8Array(
      await gather(sealAge([content], { to: kinds[0]?.[1] ?? { recipients: [] }, isArmored: false })),
    );
    expect(other.length).toBe(file.length);
    for (const at of [headerBytes, headerBytes + 16]) {
      const mixed = joined([file.subarray(0, at), other.subarray(at)]);
      expect(await released(mixed)).toEqual({ plain: new Uint8Array(0), code: 'AGE_PAYLOAD_INVALID' });
    }
  });
});

describe('recipients', () => {
  it('CRY-4: post-quantum recipients share a file with none that are not', async () => {
    const recipients = [parseAgeRecipient(people.hybrid.recipient), parseAgeRecipient(people.x25519.recipient)];
    const mixed = gather(sealAge([], { to: { recipients }, isArmored: false }));
    await expect(mixed).rejects.toThrow(withCode('AGE_RECIPIENTS_MIXED'));
    await expect(gather(sealAge([], { to: { recipients: [] }, isArmored: false }))).rejects.toThrow(
      withCode('AGE_LIMIT'),
    );
  });

  it('several recipients each open the file', async () => {
    const [one, two] = [person('hybrid'), person('hybrid')];
    const recipients = [one, two].map(({ recipient }) => parseAgeRecipient(recipient));
    const file = await gather(sealAge([pattern(5)], { to: { recipients }, isArmored: true }));
    for (const { identity } of [one, two]) {
      expect(await gather(openAge([file], { identities: [identity], form: 'any' }))).toEqual(pattern(5));
    }
    expect((await readAgeHeader([file])).stanzas.map(({ type }) => type)).toEqual(['mlkem768x25519', 'mlkem768x25519']);
  });

  it('reads the published keys of age.md', () => {
    const x25519 = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';
    const hybrid = 'AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR';
    const file = new TextEncoder().encode(`# two\r\n${x25519}\r\n\n${hybrid}`);
    expect(parseAgeIdentityFile(file).map(({ type }) => type)).toEqual(['X25519', 'mlkem768x25519']);
    expect(parseAgeRecipient('age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj').isPostQuantum).toBe(
      false,
    );
  });

  it.each([
    ['upper case', 'AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ'],
    ['a wrong character', 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwq'],
    ['a plugin', 'age1yubikey1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e'],
    ['an identity', 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX'],
    ['a recipient of our own', 'qv1qqqq'],
    ['two words', 'age1 age1'],
    ['nothing', ''],
  ])('refuses a recipient that is %s', (_, text) => {
    expect(() => parseAgeRecipient(text)).toThrow(withCode('AGE_KEY_INVALID'));
  });

  it.each([
    ['lower case', 'age-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpq4egaex'],
    ['miscopied', 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEQ'],
    ['a plugin', 'AGE-PLUGIN-YUBIKEY-1QQQQ'],
    ['only comments', '# nothing'],
  ])('refuses an identity file that is %s', (_, text) => {
    expect(() => parseAgeIdentityFile(new TextEncoder().encode(text))).toThrow(withCode('AGE_KEY_INVALID'));
  });

  it('attack 20: a passphrase that orders too much work is refused before any of it', async () => {
    const workFactor = 19;
    const header = `age-encryption.org/v1\n-> scrypt rF0/NwblUHHTpgQgRpe5CQ ${workFactor}\n${'A'.repeat(42)}A\n--- ${'A'.repeat(43)}\n`;
    const identities = [passphraseIdentity(passphrase)];
    const attempt = gather(openAge([new TextEncoder().encode(header)], { identities, form: 'binary' }));
    await expect(attempt).rejects.toThrow(withCode('AGE_LIMIT'));
  });
});
