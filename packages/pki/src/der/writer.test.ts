import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PkiError } from '../errors.ts';
import { DerReader, decodeOid, decodeTime, derTag, hex, readDer } from './reader.ts';
import {
  bitString,
  boolean,
  element,
  enumerated,
  namedBits,
  oid,
  printableString,
  sequence,
  setOf,
  time,
  unsignedInteger,
  utf8String,
} from './writer.ts';

describe('PKI-1: DER is written in its one form', () => {
  it.each([
    [0, '020100'],
    [127, '02017f'],
    [128, '02020080'],
    [256, '02020100'],
    [2n ** 64n - 1n, '020900ffffffffffffffff'],
    [Uint8Array.of(0, 0, 0x80), '02020080'],
    [new Uint8Array(3), '020100'],
  ])('the number %s', (value, expected) => expect(hex(unsignedInteger(value))).toBe(expected));

  it.each([
    [[], '030100'],
    [[0], '03020780'],
    [[5, 6], '03020106'],
    [[0, 8], '0303078080'],
  ])('the named bits %j', (bits, expected) => expect(hex(namedBits(bits))).toBe(expected));

  it.each([
    [0x7f, '7f'],
    [0x80, '8180'],
    [0xff, '81ff'],
    [0x100, '820100'],
    [0x10000, '83010000'],
  ])('a length of %i', (length, expected) => {
    const written = element(derTag.octetString, new Uint8Array(length));
    expect(hex(written.subarray(1, written.length - length))).toBe(expected);
  });

  it('truth, sets and the like', () => {
    expect(hex(boolean(true))).toBe('0101ff');
    expect(hex(enumerated(9))).toBe('0a0109');
    expect(hex(bitString(Uint8Array.of(1)))).toBe('03020001');
    expect(hex(setOf(unsignedInteger(2), unsignedInteger(1), boolean(true)))).toBe('31090101ff020101020102');
  });

  it('identifiers come back as they were', () => {
    const arc = fc.bigInt({ min: 0n, max: 2n ** 100n });
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 2),
        fc.nat({ max: 39 }),
        fc.array(arc, { maxLength: 4 }),
        (root, second, rest) => {
          const dotted = [root, second, ...rest].join('.');
          expect(decodeOid(readDer(oid(dotted), derTag.oid).content)).toBe(dotted);
        },
      ),
    );
  });

  it('dates come back as they were, in the form of their century', () => {
    const seconds = fc.integer({ min: Date.UTC(1950, 0) / 1000, max: Date.UTC(9999, 11, 31) / 1000 });
    fc.assert(
      fc.property(seconds, (at) => {
        const instant = new Date(at * 1000);
        const read = new DerReader(time(instant)).next();
        expect(read.tag).toBe(instant.getUTCFullYear() < 2050 ? derTag.utcTime : derTag.generalizedTime);
        expect(new Date(decodeTime(read))).toEqual(instant);
      }),
    );
  });

  it('what is nested comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), (parts) => {
        const reader = new DerReader(
          readDer(sequence(...parts.map((part) => bitString(part))), derTag.sequence).content,
        );
        for (const part of parts) expect(reader.expect(derTag.bitString).content.subarray(1)).toEqual(part);
        reader.end();
      }),
    );
  });

  it.each<[string, () => unknown]>([
    ['a negative number', () => unsignedInteger(-1)],
    ['half a number', () => unsignedInteger(1.5)],
    ['an identifier without arcs', () => oid('1')],
    ['an identifier with an impossible arc', () => oid('1.40')],
    ['an identifier with a padded arc', () => oid('1.2.03')],
    ['a lone surrogate', () => utf8String('\ud800')],
    ['an underscore in PrintableString', () => printableString('a_b')],
    ['a year before 1950', () => time(new Date('1949-12-31T23:59:59Z'))],
    ['no date', () => time(new Date(Number.NaN))],
  ])('%s is refused', (_name, write) => {
    expect(write).toThrow(PkiError);
    expect(write).toThrow(expect.objectContaining({ code: 'PKI_INPUT_INVALID' }));
  });
});
