import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKemKey } from '@quantumvault/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  contentTypeAttribute,
  der,
  indefinite,
  oid,
  oids,
  pkcs8,
  type Recipient,
  writeMessage,
} from '../test/write-message.ts';
import { CmsError, openCms, parseCms, parseCmsKey, parseCmsKeyFile } from './index.ts';

const vectors = join(import.meta.dirname, '..', '..', '..', 'tests', 'vectors', 'cms-kemri');
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(vectors, name)));
const names = readdirSync(vectors);
const withCode = (code: string) => expect.objectContaining({ code });

const kemOids = {
  'ML-KEM-512': '2.16.840.1.101.3.4.4.1',
  'ML-KEM-768': '2.16.840.1.101.3.4.4.2',
  'ML-KEM-1024': '2.16.840.1.101.3.4.4.3',
} as const;
type Kem = keyof typeof kemOids;

function person(kem: Kem = 'ML-KEM-768') {
  const { seed, key } = generateKemKey(kem);
  const file = pkcs8(kemOids[kem], der(0x80, bytesOf(seed)));
  const recipient: Recipient = { kem, kemOid: kemOids[kem], publicKey: key.publicKey };
  return { recipient, keys: [parseCmsKey(file)], file };
}

const content = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7) & 0xff);
const alice = person();

describe('ENV-8: published messages', () => {
  const messages = names.filter((name) => name.includes('_kemri_auth_'));
  const pairs = messages.flatMap((message) => {
    const prefix = message.slice(0, message.indexOf('_kemri'));
    return names.filter((name) => name.startsWith(prefix) && name.endsWith('priv.der')).map((key) => [message, key]);
  });

  it('are there', () => expect(pairs.length).toBe(20));

  it.each(pairs)('%s opens with %s', (message = '', key = '') => {
    const plaintext = openCms(read(message), { keys: [parseCmsKey(read(key))] });
    expect(plaintext).toEqual(read('expected_plaintext.txt'));
  });

  it('without authentication is refused', () => {
    const message = names.find((name) => name.includes('_kemri_id-')) ?? '';
    expect(() => openCms(read(message), { keys: alice.keys })).toThrow(withCode('CMS_UNSUPPORTED'));
  });
});

describe('ENV-8: messages in every form that is offered', () => {
  it.each(['ML-KEM-512', 'ML-KEM-768', 'ML-KEM-1024'] as const)('%s', (kem) => {
    const { recipient, keys } = person(kem);
    for (const hash of ['sha256', 'sha384', 'sha512'] as const) {
      for (const ukm of [undefined, new Uint8Array(0), new Uint8Array(300).fill(5)]) {
        for (const isBer of [false, true]) {
          const one = { ...recipient, hash, ...(ukm === undefined ? {} : { ukm }) };
          const message = writeMessage({ recipients: [one], content, isBer });
          expect(openCms(message, { keys })).toEqual(content);
        }
      }
    }
  });

  it('several recipients, by issuer too, and such as are passed over', () => {
    const bob = person('ML-KEM-1024');
    const other = [
      der(0x30, der(0x02, Uint8Array.of(0))),
      der(0xa1, der(0x02, Uint8Array.of(3))),
      der(0xa4, oid('1.2.3.4'), der(0x30)),
    ];
    const recipients = [...other, { ...alice.recipient, isByIssuer: true }, person().recipient, bob.recipient];
    const message = writeMessage({ recipients, content });
    for (const { keys } of [alice, bob]) expect(openCms(message, { keys })).toEqual(content);
    expect(parseCms(message).recipients.map((one) => (one.type === 'kem' ? one.kem : one.name))).toEqual([
      'key transport',
      'key agreement',
      '1.2.3.4',
      kemOids['ML-KEM-768'],
      kemOids['ML-KEM-768'],
      kemOids['ML-KEM-1024'],
    ]);
    expect(() => openCms(message, { keys: person().keys })).toThrow(withCode('CMS_KEY_NOT_FOUND'));
    expect(() => openCms(message, { keys: [] })).toThrow(withCode('CMS_KEY_NOT_FOUND'));
  });

  it("a recipient that is not offered, or broken, stands in nobody else's way", () => {
    const bad = [
      [{ ...alice.recipient, kdfOid: '1.2.3.4' }, 'CMS_UNSUPPORTED'],
      [{ ...alice.recipient, wrapOid: '2.16.840.1.101.3.4.1.5' }, 'CMS_UNSUPPORTED'],
      [{ ...alice.recipient, ukm: new Uint8Array(901) }, 'CMS_LIMIT'],
      [{ ...alice.recipient, enc: new Uint8Array(5) }, 'CMS_MALFORMED'],
    ] as const;
    for (const [recipient, code] of bad) {
      for (const recipients of [
        [recipient, alice.recipient],
        [alice.recipient, recipient],
      ]) {
        expect(openCms(writeMessage({ recipients, content }), { keys: alice.keys })).toEqual(content);
      }
      // The answer is the same for a key that a genuine recipient beside it is not for: it says what the message shows.
      for (const recipients of [[recipient], [person().recipient, recipient], [recipient, person().recipient]]) {
        const message = writeMessage({ recipients, content });
        for (const keys of [alice.keys, person().keys]) {
          expect(() => openCms(message, { keys })).toThrow(withCode(code));
        }
      }
    }
  });

  it('attributes are authenticated, others and the originator are not looked at', () => {
    const attributes = [contentTypeAttribute(oids.data), der(0x30, oid('1.2.3.4'), der(0x31, der(0x05)))];
    const message = writeMessage({
      recipients: [alice.recipient],
      content,
      attributes,
      unauthenticated: der(0x30),
      originator: der(0xa0),
    });
    expect(openCms(message, { keys: alice.keys })).toEqual(content);
    const at = Buffer.from(message).indexOf(Buffer.from(oid('1.2.3.4')));
    const changed = message.map((byte, index) => (index === at + 4 ? byte ^ 1 : byte));
    expect(() => openCms(changed, { keys: alice.keys })).toThrow(withCode('CMS_AUTHENTICATION_FAILED'));
  });

  it('RFC 5083: another type of content must be authenticated', () => {
    const contentType = '1.2.840.113549.1.9.16.1.4';
    const write = (attributes?: readonly Uint8Array[]) =>
      writeMessage({ recipients: [alice.recipient], content, contentType, ...(attributes ? { attributes } : {}) });
    expect(openCms(write([contentTypeAttribute(contentType)]), { keys: alice.keys })).toEqual(content);
    for (const attributes of [undefined, [], [contentTypeAttribute(oids.data)]]) {
      expect(() => openCms(write(attributes), { keys: alice.keys })).toThrow(withCode('CMS_MALFORMED'));
    }
  });

  it('neither the message nor the key file is written to, also when they are of the kind that files give', () => {
    const attributes = [contentTypeAttribute(oids.data)];
    const message = Buffer.from(writeMessage({ recipients: [alice.recipient], content, attributes }));
    const file = Buffer.from(alice.file);
    for (let turn = 0; turn < 2; turn += 1) {
      expect(openCms(message, { keys: parseCmsKeyFile(file) })).toEqual(content);
    }
    expect(file.equals(alice.file)).toBe(true);
  });

  it('empty content', () => {
    const message = writeMessage({ recipients: [alice.recipient], content: new Uint8Array(0) });
    expect(openCms(message, { keys: alice.keys })).toHaveLength(0);
  });
});

describe('what is changed is refused', () => {
  const message = writeMessage({ recipients: [alice.recipient], content: content.subarray(0, 40) });

  // Fields that only name somebody, or that nobody reads, may change: the identifier of the recipient's certificate.
  const free = Buffer.from(message).indexOf(Buffer.concat([Buffer.from([0x80, 20]), Buffer.alloc(20)]));

  it('every flipped bit, and every cut', () => {
    for (let at = 0; at < message.length; at += 1) {
      if (at >= free + 2 && at < free + 22) continue;
      const changed = message.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect(() => openCms(changed, { keys: alice.keys }), `byte ${at}`).toThrow(CmsError);
      expect(() => openCms(message.subarray(0, at), { keys: alice.keys })).toThrow(CmsError);
    }
    expect(() => openCms(Uint8Array.of(...message, 0), { keys: alice.keys })).toThrow(withCode('CMS_MALFORMED'));
    expect(openCms(message, { keys: alice.keys })).toEqual(content.subarray(0, 40));
  });

  it('CRY-1: other lengths of tag and nonce, before any key is used', () => {
    const short = writeMessage({ recipients: [alice.recipient], content, tagLength: 12 });
    expect(() => openCms(short, { keys: alice.keys })).toThrow(withCode('CMS_UNSUPPORTED'));
  });
});

describe('attack 20: hostile messages', () => {
  it('any bytes end in an answer or in one of our errors', () => {
    const seed = writeMessage({ recipients: [alice.recipient], content: content.subarray(0, 20), isBer: true });
    const parse = (bytes: Uint8Array): void => {
      try {
        parseCms(bytes);
      } catch (error) {
        if (!(error instanceof CmsError)) throw error;
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), parse), { numRuns: 2000 });
    const edits = fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(edits, (list) => {
        const bytes = seed.slice();
        for (const [at, byte] of list) bytes[at] = byte;
        parse(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('depth and recipients are bounded', () => {
    let deep: Uint8Array = der(0x05);
    for (let depth = 0; depth < 40; depth += 1) deep = indefinite(0x30, deep);
    expect(() => parseCms(deep)).toThrow(withCode('CMS_LIMIT'));
    const many = Array.from({ length: 65 }, () => der(0x30));
    expect(() => parseCms(writeMessage({ recipients: many, content }))).toThrow(withCode('CMS_LIMIT'));
    const none = writeMessage({ recipients: [], content });
    expect(() => parseCms(none)).toThrow(withCode('CMS_MALFORMED'));
  });
});

describe('private keys', () => {
  const { seed, key } = generateKemKey('ML-KEM-768');
  const seedBytes = bytesOf(seed);
  const pem = (label: string, bytes: Uint8Array): Uint8Array =>
    new TextEncoder().encode(
      `text\n-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`,
    );

  it('are read from DER and from PEM', () => {
    const file = pkcs8(kemOids['ML-KEM-768'], der(0x80, seedBytes));
    for (const form of [file, pem('PRIVATE KEY', file)]) {
      const [read = undefined] = parseCmsKeyFile(form);
      expect(read).toMatchObject({ name: 'ML-KEM-768', kem: kemOids['ML-KEM-768'] });
      expect(read?.key.publicKey).toEqual(key.publicKey);
    }
  });

  it('the two halves of one key must belong together', () => {
    const both = read(names.find((name) => name.startsWith('mlkem768') && name.includes('both')) ?? '');
    expect(parseCmsKey(both).name).toBe('ML-KEM-768');
    const at = Buffer.from(both).indexOf(Buffer.from([0x04, 0x40]));
    const mixed = both.map((byte, index) => (index >= at + 2 && index < at + 66 ? byte ^ 0xff : byte));
    expect(() => parseCmsKey(mixed)).toThrow(withCode('CMS_KEY_INVALID'));
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('hello')],
    ['an encrypted key', pem('ENCRYPTED PRIVATE KEY', der(0x30))],
    ['a key of an older form', pem('EC PRIVATE KEY', der(0x30))],
    ['a short seed', pkcs8(kemOids['ML-KEM-768'], der(0x80, seedBytes.subarray(1)))],
    ['a choice that is none', pkcs8(kemOids['ML-KEM-768'], der(0x05))],
    ['bytes behind the choice', pkcs8(kemOids['ML-KEM-768'], Uint8Array.of(...der(0x80, seedBytes), 0))],
    ['a broken PEM', new TextEncoder().encode('-----BEGIN PRIVATE KEY-----\nAAAA\n')],
  ])('%s is refused', (_, file) => {
    expect(() => parseCmsKeyFile(file)).toThrow(withCode('CMS_KEY_INVALID'));
  });

  // A runner of vectors skips these by their code: keys of algorithms that are not offered are nothing that is broken.
  it.each([
    ['an unknown algorithm', pkcs8('1.2.3.4', der(0x80, seedBytes))],
    ['a signature algorithm', pkcs8('2.16.840.1.101.3.4.3.18', der(0x80, new Uint8Array(32)))],
  ])('a key of %s is not supported', (_, file) => {
    expect(() => parseCmsKeyFile(file)).toThrow(withCode('CMS_UNSUPPORTED'));
  });

  it('a file that is too large is refused', () => {
    expect(() => parseCmsKeyFile(new Uint8Array(65_537))).toThrow(withCode('CMS_LIMIT'));
  });
});
