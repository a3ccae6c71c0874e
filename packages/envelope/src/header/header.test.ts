import { type CborValue, encodeCbor } from '@quantumvault/cbor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { facts } from '../../test/samples.ts';
import { EnvelopeError } from '../errors.ts';
import { decodeCore, type EnvelopeCore, encodeCore, envelopePurposes } from './core.ts';
import { frameHeader, readHeader } from './header.ts';
import { decodeRecipients, encodeRecipients, type RecipientInfo } from './recipients.ts';

const kind = (name: string) => expect.objectContaining({ kind: name });
const suite = 'FLOE-AES-256-GCM-SHA-384';
const sample: EnvelopeCore = { ...facts, suite, objectId: new Uint8Array(16).fill(3), segmentBytes: 64, signer: null };
const wrap = { enc: new Uint8Array(1120), wrapped: new Uint8Array(48) };
const recipient: RecipientInfo = { type: 'hpke', suite: 'HPKE-X', keyId: 'key', keyVersion: 1, ...wrap };

const word = fc.string({ maxLength: 40, unit: 'grapheme' });
const anyCore: fc.Arbitrary<EnvelopeCore> = fc.record({
  suite: fc.constant(suite),
  objectId: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => new Uint8Array(bytes)),
  contentType: fc.stringMatching(/^[\x20-\x7e]{1,127}$/),
  tenant: fc.uuid(),
  purpose: fc.constantFrom(...envelopePurposes),
  context: fc.dictionary(word.filter(Boolean), word, { maxKeys: 8, noNullPrototype: false }),
  createdAt: fc.nat({ max: 2 ** 40 }),
  segmentBytes: fc.integer({ min: 64, max: 1_048_576 }),
  signer: fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes))),
});

/** The fields of the sample as CBOR has them, some of them changed. */
function coreWith(changes: Readonly<Record<string, CborValue | undefined>>): Uint8Array {
  const fields = new Map<string, CborValue>([
    ['suite', suite],
    ['id', sample.objectId],
    ['type', sample.contentType],
    ['tenant', sample.tenant],
    ['purpose', sample.purpose],
    ['context', new Map(Object.entries(sample.context))],
    ['created', sample.createdAt],
    ['segment', sample.segmentBytes],
    ['signer', null],
    ['flags', 0],
  ]);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) fields.delete(name);
    else fields.set(name, value);
  }
  return encodeCbor(fields);
}

describe('the core', () => {
  it('ENV-1: reads back as it was written, and has one encoding', () => {
    fc.assert(
      fc.property(anyCore, (core) => {
        const bytes = encodeCore(core);
        const read = decodeCore(bytes);
        expect({ ...read, context: { ...read.context } }).toEqual({ ...core, context: { ...core.context } });
        expect(encodeCore(read)).toEqual(bytes);
      }),
      { numRuns: 200 },
    );
  });

  it('ENV-1: whatever is read is the one encoding of what was read', () => {
    const good = encodeCore(sample);
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = good.slice();
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        let read: EnvelopeCore;
        try {
          read = decodeCore(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(EnvelopeError);
          return;
        }
        expect(encodeCore(read)).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['no purpose', { purpose: undefined }, 'MALFORMED'],
    ['no context', { context: undefined }, 'MALFORMED'],
    ['another suite', { suite: 'AES-256-CBC' }, 'UNSUPPORTED'],
    ['another purpose', { purpose: 'fun' }, 'UNSUPPORTED'],
    ['a fingerprint of 31 bytes', { signer: new Uint8Array(31) }, 'MALFORMED'],
    ['a signer that is text', { signer: 'alice' }, 'MALFORMED'],
    ['a flag', { flags: 1 }, 'UNSUPPORTED'],
    ['a critical field of a later version', { later: 1 }, 'UNSUPPORTED'],
    ['an id of 15 bytes', { id: new Uint8Array(15) }, 'MALFORMED'],
    ['an id that is text', { id: '0123456789abcdef' }, 'MALFORMED'],
    ['a tenant in capitals', { tenant: sample.tenant.toUpperCase() }, 'MALFORMED'],
    ['a tenant that is none', { tenant: 'acme' }, 'MALFORMED'],
    ['a context that is text', { context: 'row 7' }, 'MALFORMED'],
    ['a context value that is a number', { context: new Map([['row', 7]]) }, 'MALFORMED'],
    ['an empty context key', { context: new Map([['', '7']]) }, 'MALFORMED'],
    ['a long context key', { context: new Map([['k'.repeat(129), '7']]) }, 'LIMIT'],
    ['a long context value', { context: new Map([['row', '7'.repeat(4097)]]) }, 'LIMIT'],
    ['an empty content type', { type: '' }, 'MALFORMED'],
    ['a content type with a control', { type: 'text\n' }, 'MALFORMED'],
    ['a time before 1970', { created: -1 }, 'MALFORMED'],
    ['a time after the year 9999', { created: 253_402_300_800_000 }, 'MALFORMED'],
    ['a time beyond 2^53', { created: 2n ** 60n }, 'MALFORMED'],
    ['a segment of 63 bytes', { segment: 63 }, 'LIMIT'],
    ['a segment above 1 MiB', { segment: 1_048_577 }, 'LIMIT'],
  ])('ENV-1: is refused with %s', (_, changes, expected) => {
    expect(() => decodeCore(coreWith(changes))).toThrow(kind(expected));
  });

  it('ENV-1: fields for information are passed over, up to 16', () => {
    const notes = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, at]));
    expect(decodeCore(coreWith(notes(16)))).toMatchObject({ tenant: sample.tenant });
    expect(() => decodeCore(coreWith(notes(17)))).toThrow(kind('MALFORMED'));
  });

  it('a context name of the prototype is a name like any other', () => {
    const context = JSON.parse('{"__proto__": "a", "constructor": "b"}');
    const read = decodeCore(encodeCore({ ...sample, context }));
    expect(Object.entries(read.context)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});

describe('the recipients', () => {
  it('ENV-1: there are 1 to 64', () => {
    const list = (count: number): RecipientInfo[] =>
      Array.from({ length: count }, (_, index) => ({ ...recipient, keyId: `key-${index}` }));
    expect(decodeRecipients(encodeRecipients(list(64)))).toEqual(list(64));
    expect(() => encodeRecipients(list(65))).toThrow(kind('LIMIT'));
    expect(() => encodeRecipients([])).toThrow(kind('MALFORMED'));
    expect(() => decodeRecipients(Uint8Array.of(0x80))).toThrow(kind('MALFORMED'));
    expect(() => encodeRecipients([recipient, recipient])).toThrow(kind('MALFORMED'));
  });

  it.each([
    ['a wrap of 47 bytes', { wrapped: new Uint8Array(47) }],
    ['an empty encapsulation', { enc: new Uint8Array(0) }],
    ['an encapsulation above 8 KiB', { enc: new Uint8Array(8193) }],
    ['a key id with a space', { keyId: 'a b' }],
    ['an empty key id', { keyId: '' }],
    ['a version above 2^32', { keyVersion: 2 ** 32 }],
  ])('ENV-1: is refused with %s', (_, change) => {
    expect(() => encodeRecipients([{ ...recipient, ...change }])).toThrow(kind('MALFORMED'));
  });

  it('a type is a short lower-case word', () => {
    for (const name of ['Hpke', '', 'x'.repeat(33), 'a b']) {
      const bytes = encodeCbor([[name, new Uint8Array(0)]]);
      expect(() => decodeRecipients(bytes)).toThrow(kind('MALFORMED'));
    }
  });
});

describe('the frame', () => {
  const core = encodeCore(sample);
  const recipients = encodeRecipients([recipient]);
  const header = Buffer.concat(frameHeader(core, recipients, new Uint8Array(48)));
  const read = (bytes: Uint8Array) => {
    let at = 0;
    return readHeader(async (count) => {
      if (at + count > bytes.length) throw new EnvelopeError('ENVELOPE_TRUNCATED', 'end');
      at += count;
      return new Uint8Array(bytes.subarray(at - count, at));
    });
  };
  const changed = (at: number, ...bytes: readonly number[]): Uint8Array => {
    const copy = new Uint8Array(header);
    copy.set(bytes, at);
    return copy;
  };

  it('ENV-1: reads back', async () => {
    expect(await read(header)).toMatchObject({ headerBytes: header.length, coreBytes: core });
  });

  it.each([
    ['another magic', changed(0, 0x50), 'MALFORMED'],
    ['version 2', changed(2, 0x32), 'UNSUPPORTED'],
    ['a core above 16 KiB', changed(4, 0, 0, 0x40, 1), 'LIMIT'],
    ['a core of 4 GiB', changed(4, 0xff, 0xff, 0xff, 0xff), 'LIMIT'],
    ['recipients above 128 KiB', changed(8 + core.length, 0, 2, 0, 1), 'LIMIT'],
    ['an empty core', Buffer.concat(frameHeader(new Uint8Array(0), recipients, new Uint8Array(48))), 'MALFORMED'],
    ['empty recipients', Buffer.concat(frameHeader(core, new Uint8Array(0), new Uint8Array(48))), 'MALFORMED'],
  ])('ENV-1: is refused with %s', async (_, bytes, expected) => {
    await expect(read(bytes)).rejects.toEqual(kind(expected));
  });
});
