// ENV-8 against a second implementation: age-encryption (typage), by the author of the format, which shares no code with ours.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SecretBytes } from '@quantumvault/crypto';
import {
  armor,
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption';
import { describe, expect, it } from 'vitest';
import {
  type AgeKeyType,
  formatAgeIdentityFile,
  generateAgeKey,
  openAge,
  parseAgeIdentityFile,
  parseAgeRecipient,
  passphraseIdentity,
  sealAge,
} from '../src/index.ts';

const entry = createRequire(import.meta.url).resolve('age-encryption');
const manifest: unknown = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8'));
const version = String(Reflect.get(Object(manifest), 'version'));

const sizes = [0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_003];
const large = 10 * 1024 * 1024;
const utf8 = new TextEncoder();
const pattern = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 11 + (index >> 9)) & 0xff);

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}

const identitiesOf = (text: string) => parseAgeIdentityFile(utf8.encode(text));
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function ourKey(type: AgeKeyType): { readonly recipient: string; readonly identity: string } {
  const key = generateAgeKey(type);
  const file = new TextDecoder().decode(formatAgeIdentityFile(key, '2026-11-26T00:00:00Z'));
  return { recipient: key.recipient, identity: file.trimEnd().split('\n').at(-1) ?? '' };
}

describe(`ENV-8: age-encryption ${version}`, () => {
  it.each(['hybrid', 'x25519'] as const)('opens what we write for its key, and ours, of type %s', async (type) => {
    const theirs = await (type === 'hybrid' ? generateHybridIdentity() : generateX25519Identity());
    const ours = ourKey(type);
    expect(await identityToRecipient(ours.identity)).toBe(ours.recipient);
    const texts = [await identityToRecipient(theirs), ours.recipient];
    const to = { recipients: texts.map((text) => parseAgeRecipient(text)) };
    for (const size of [...sizes, large]) {
      const content = pattern(size);
      const file = await gather(sealAge([content], { to, isArmored: false }));
      for (const identity of [theirs, ours.identity]) {
        const decrypter = new Decrypter();
        decrypter.addIdentity(identity);
        expect(isSame(await decrypter.decrypt(file), content)).toBe(true);
      }
    }
  });

  it.each(['hybrid', 'x25519'] as const)('writes for our key, and its own, of type %s what we open', async (type) => {
    const theirs = await (type === 'hybrid' ? generateHybridIdentity() : generateX25519Identity());
    const ours = ourKey(type);
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(theirs));
    encrypter.addRecipient(ours.recipient);
    for (const size of [...sizes, large]) {
      const content = pattern(size);
      const file = await encrypter.encrypt(content);
      for (const identity of [theirs, ours.identity]) {
        const opened = await gather(openAge([file], { identities: identitiesOf(identity), form: 'any' }));
        expect(isSame(opened, content)).toBe(true);
      }
    }
  });

  it('takes our armor, and we take its', async () => {
    const { recipient, identity } = ourKey('hybrid');
    const to = { recipients: [parseAgeRecipient(recipient)] };
    for (const size of [0, 1, 47, 48, 49, 70_000]) {
      const content = pattern(size);
      const text = new TextDecoder().decode(await gather(sealAge([content], { to, isArmored: true })));
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      expect(isSame(await decrypter.decrypt(armor.decode(text)), content)).toBe(true);
      // The same bytes have the same armor.
      expect(armor.encode(armor.decode(text)).trimEnd()).toBe(text.trimEnd());
      const again = utf8.encode(armor.encode(armor.decode(text)));
      const opened = await gather(openAge([again], { identities: identitiesOf(identity), form: 'armored' }));
      expect(isSame(opened, content)).toBe(true);
    }
  });

  it('shares a passphrase with us, and neither opens with another', async () => {
    const content = pattern(70_000);
    const passphrase = SecretBytes.fromUtf8('größer als 8');
    const file = await gather(sealAge([content], { to: { passphrase, workFactor: 12 }, isArmored: false }));
    const decrypter = new Decrypter();
    decrypter.addPassphrase('größer als 8');
    expect(isSame(await decrypter.decrypt(file), content)).toBe(true);
    const encrypter = new Encrypter();
    encrypter.setPassphrase('größer als 8');
    encrypter.setScryptWorkFactor(12);
    const theirs = await encrypter.encrypt(content);
    const open = (secret: SecretBytes) =>
      gather(openAge([theirs], { identities: [passphraseIdentity(secret)], form: 'binary' }));
    expect(isSame(await open(passphrase), content)).toBe(true);
    const wrong = open(SecretBytes.fromUtf8('kleiner als 8'));
    await expect(wrong).rejects.toThrow(expect.objectContaining({ code: 'AGE_NO_MATCH' }));
    const other = new Decrypter();
    other.addPassphrase('kleiner als 8');
    await expect(other.decrypt(file)).rejects.toThrow();
  });

  it('refuses what we refuse: a changed last byte, and a byte more', async () => {
    const { recipient, identity } = ourKey('hybrid');
    const to = { recipients: [parseAgeRecipient(recipient)] };
    const file = await gather(sealAge([pattern(70_000)], { to, isArmored: false }));
    const flipped = file.slice();
    flipped[file.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    for (const bad of [flipped, new Uint8Array([...file, 0]), file.subarray(0, file.length - 1)]) {
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      await expect(decrypter.decrypt(bad)).rejects.toThrow();
      const ours = gather(openAge([bad], { identities: identitiesOf(identity), form: 'binary' }));
      await expect(ours).rejects.toThrow(expect.objectContaining({ code: 'AGE_PAYLOAD_INVALID' }));
    }
  });
});
