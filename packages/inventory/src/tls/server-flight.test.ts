import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InventoryError } from '../errors.ts';
import { ByteWriter } from './bytes.ts';
import { flightLimits } from './records.ts';
import { ServerFlightReader } from './server-flight.ts';
import type { ServerMessage } from './server-messages.ts';

const hex = (text: string) =>
  Uint8Array.from(text.replaceAll(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

function handshake(type: number, body: Uint8Array): Uint8Array {
  return new ByteWriter()
    .u8(type)
    .vector(3, (out) => out.bytes(body))
    .toBytes();
}

function record(type: number, payload: Uint8Array): Uint8Array {
  return new ByteWriter()
    .u8(type)
    .u16(0x0303)
    .vector(2, (out) => out.bytes(payload))
    .toBytes();
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new ByteWriter();
  for (const part of parts) out.bytes(part);
  return out.toBytes();
}

const none = { secureRenegotiation: false, extendedMainSecret: false, downgradeMark: false };
const retryRandom = hex('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');
const serverHello = (random: Uint8Array, suite: number, extensions: Uint8Array) =>
  handshake(
    2,
    new ByteWriter()
      .u16(0x0303)
      .bytes(random)
      .vector(1, () => {})
      .u16(suite)
      .u8(0)
      .vector(2, (out) => out.bytes(extensions))
      .toBytes(),
  );

const helloRetry = serverHello(retryRandom, 0x1302, hex('002b 0002 0304  0033 0002 11ec'));
const tls12Flight = concat(
  serverHello(new Uint8Array(32).fill(9), 0xc02b, hex('')),
  handshake(11, new ByteWriter().vector(3, (list) => list.vector(3, (one) => one.bytes(hex('3003020101')))).toBytes()),
  handshake(12, hex('03 001d 02 aabb 0403 0002 ffff')),
  handshake(13, hex('01 01 0000 0000')),
  handshake(14, hex('')),
);

function readAll(bytes: Uint8Array, chunk = bytes.length): ServerMessage[] {
  const reader = new ServerFlightReader();
  const messages: ServerMessage[] = [];
  for (let offset = 0; offset < bytes.length; offset += chunk)
    messages.push(...reader.push(bytes.subarray(offset, offset + chunk)));
  return messages;
}

describe('ServerFlightReader', () => {
  it('INV-3a: reads the group of a HelloRetryRequest', () => {
    expect(readAll(record(22, helloRetry))).toEqual([
      { kind: 'hello-retry-request', version: 'TLSv1.3', suite: 0x1302, group: 0x11ec },
    ]);
  });

  it('reads a TLS 1.2 flight: hello, chain, group, client-certificate request', () => {
    expect(readAll(record(22, tls12Flight))).toEqual([
      { kind: 'server-hello', version: 'TLSv1.2', suite: 0xc02b, protections: none },
      { kind: 'certificate', certificates: [hex('3003020101')] },
      { kind: 'server-key-exchange', exchange: { kind: 'ecdhe', group: 0x001d } },
      { kind: 'certificate-request' },
      { kind: 'server-hello-done' },
    ]);
  });

  it.each<readonly [string, Uint8Array, string, object]>([
    ['nothing', new Uint8Array(32), '', none],
    ['renegotiation_info', new Uint8Array(32), 'ff01 0001 00', { ...none, secureRenegotiation: true }],
    ['extended_master_secret', new Uint8Array(32), '0017 0000', { ...none, extendedMainSecret: true }],
    ['the mark of a downgrade', hex(`${'09'.repeat(24)} 444f574e47524401`), '', { ...none, downgradeMark: true }],
    ['almost the mark', hex(`${'09'.repeat(24)} 444f574e47524402`), '', none],
  ])('INV-3: tells what a ServerHello says of protections: %s', (_what, random, extensions, protections) => {
    expect(readAll(record(22, serverHello(random, 0xc02b, hex(extensions))))).toMatchObject([{ protections }]);
  });

  it('a ServerHello of TLS 1.3 says nothing of them: they are built in', () => {
    const [message] = readAll(record(22, serverHello(new Uint8Array(32), 0x1301, hex('002b 0002 0304'))));
    expect(message).toEqual({ kind: 'server-hello', version: 'TLSv1.3', suite: 0x1301 });
  });

  it('measures finite-field parameters', () => {
    const flight = concat(
      serverHello(new Uint8Array(32), 0x009e, hex('')),
      handshake(12, hex('0003 00ffff 0001 02 0001 05 0401 0000')),
    );
    expect(readAll(record(22, flight)).at(-1)).toEqual({
      kind: 'server-key-exchange',
      exchange: { kind: 'dhe', primeBits: 16 },
    });
  });

  it('the result does not depend on how the bytes are cut into chunks and records', () => {
    const expected = readAll(record(22, tls12Flight));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (recordSize, chunk) => {
        const records: Uint8Array[] = [];
        for (let offset = 0; offset < tls12Flight.length; offset += recordSize) {
          records.push(record(22, tls12Flight.subarray(offset, offset + recordSize)));
        }
        expect(readAll(concat(...records), chunk)).toEqual(expected);
      }),
    );
  });

  it('a truncated flight yields only the messages that are complete', () => {
    const whole = record(22, tls12Flight);
    for (let length = 0; length < whole.length; length++) expect(readAll(whole.subarray(0, length))).toEqual([]);
  });

  it('a flipped byte gives messages or a typed error, never anything else', () => {
    const whole = concat(record(22, helloRetry), record(22, tls12Flight), record(21, hex('0228')));
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const changed = whole.slice();
        changed[index] = (changed[index] ?? 0) ^ mask;
        try {
          readAll(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(InventoryError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('random bytes never crash the reader', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        try {
          readAll(concat(hex('160303'), noise));
        } catch (error) {
          expect(error).toBeInstanceOf(InventoryError);
        }
      }),
    );
  });

  it('names alerts and tells warning from fatal', () => {
    expect(readAll(concat(record(21, hex('0170')), record(21, hex('0228'))))).toEqual([
      { kind: 'alert', level: 'warning', description: 0x70, name: 'unrecognized_name' },
      { kind: 'alert', level: 'fatal', description: 40, name: 'handshake_failure' },
    ]);
  });

  it('stops reading where encryption begins', () => {
    const messages = readAll(concat(record(20, hex('01')), record(23, new Uint8Array(100))));
    expect(messages).toEqual([{ kind: 'encrypted' }]);
  });

  it('INV-7: each limit holds', () => {
    const tooMany = concat(...Array.from({ length: flightLimits.recordsMax + 1 }, () => record(21, hex('0100'))));
    const tooLongRecord = hex('16 0303 ffff');
    const tooLongMessage = record(22, hex('0b ffffff 00'));
    const tooMuch = new Uint8Array(flightLimits.totalBytesMax + 1);
    for (const bytes of [tooMany, tooLongRecord, tooLongMessage, tooMuch]) {
      expect(() => readAll(bytes)).toThrow(expect.objectContaining({ code: 'INVENTORY_LIMIT_EXCEEDED' }));
    }
  });

  it.each([
    ['an unknown record type', hex('48545450')],
    ['a version that does not exist', hex('160903')],
    ['an alert of three bytes', record(21, hex('022800'))],
    [
      'a compression that nobody offered',
      record(22, handshake(2, concat(hex('0303'), new Uint8Array(32), hex('00 1301 01')))),
    ],
    ['an extension that appears twice', record(22, serverHello(retryRandom, 0x1301, hex('002b00020304 002b00020304')))],
    ['a certificate that reaches beyond its list', record(22, handshake(11, hex('000004 0000ff 00')))],
    [
      'trailing bytes behind a hello',
      record(22, handshake(2, concat(hex('0303'), new Uint8Array(32), hex('00 1301 00 0000 00')))),
    ],
  ])('%s is malformed', (_, bytes) => {
    expect(() => readAll(bytes)).toThrow(expect.objectContaining({ code: 'INVENTORY_TLS_MALFORMED' }));
  });
});
