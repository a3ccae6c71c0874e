import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InventoryError } from '../errors.ts';
import { type ClientHello, encodeClientHello, parseClientHello } from './client-hello.ts';
import { tlsVersions } from './versions.ts';

const headerLength = 5 + 4; // record header and handshake header

const codePoints = fc.uniqueArray(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 60 });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hello: fc.Arbitrary<ClientHello> = fc.record(
  {
    versions: fc
      .uniqueArray(fc.constantFrom('TLSv1.2' as const, 'TLSv1.3' as const), { minLength: 1 })
      .map((list) => (list.includes('TLSv1.3') ? list : ['TLSv1.2' as const])),
    suites: codePoints,
    groups: codePoints,
    keyShares: fc.constant([]),
    serverName: fc.stringMatching(/^[a-z0-9.-]{1,80}$/),
    alpn: fc.array(fc.constantFrom('h2', 'http/1.1', 'x'), { minLength: 1, maxLength: 3 }),
    random: bytes(32),
    sessionId: fc.oneof(bytes(0), bytes(32)),
  },
  { requiredKeys: ['versions', 'suites', 'groups', 'keyShares', 'random', 'sessionId'] },
);

describe('ClientHello', () => {
  it('INV-3a: what is written is read again, with an empty key share', () => {
    fc.assert(
      fc.property(hello, (written) => {
        const record = encodeClientHello(written);
        expect(parseClientHello(record.subarray(headerLength))).toEqual(written);
      }),
    );
  });

  it('key shares of TLS 1.3 survive the round trip', () => {
    const written = {
      versions: ['TLSv1.3' as const],
      suites: [0x1301],
      groups: [29],
      keyShares: [{ group: 29, key: new Uint8Array(32).fill(7) }],
      random: new Uint8Array(32),
      sessionId: new Uint8Array(32),
    };
    expect(parseClientHello(encodeClientHello(written).subarray(headerLength)).keyShares).toEqual(written.keyShares);
  });

  it('a hello cut anywhere is refused', () => {
    fc.assert(
      fc.property(hello, fc.nat(), (written, cut) => {
        const body = encodeClientHello(written).subarray(headerLength);
        // Cutting off all extensions leaves a valid old hello, so the cut must fall elsewhere.
        const length = cut % body.length;
        const shortest = 2 + 32 + 1 + written.sessionId.length + 2 + written.suites.length * 2 + 2;
        if (length === shortest) return;
        expect(() => parseClientHello(body.subarray(0, length))).toThrow(InventoryError);
      }),
    );
  });

  it('a flipped byte gives another hello or a typed error, never anything else', () => {
    fc.assert(
      fc.property(hello, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, position, mask) => {
        const body = encodeClientHello(written).slice(headerLength);
        const index = position % body.length;
        body[index] = (body[index] ?? 0) ^ mask;
        try {
          parseClientHello(body);
        } catch (error) {
          expect(error).toBeInstanceOf(InventoryError);
        }
      }),
    );
  });

  it('is never 256 to 511 bytes long, the lengths on which old load balancers hang (RFC 7685)', () => {
    for (let count = 1; count < 400; count++) {
      const suites = Array.from({ length: count }, (_, index) => index);
      const record = encodeClientHello({
        versions: ['TLSv1.2'],
        suites,
        groups: [29],
        keyShares: [],
        random: new Uint8Array(32),
        sessionId: new Uint8Array(0),
      });
      const length = record.length - 5;
      expect(length < 256 || length >= 512).toBe(true);
    }
  });

  it('SSL 3.0 is written without extensions and with its own record version', () => {
    const record = encodeClientHello({
      versions: ['SSLv3'],
      suites: [5],
      groups: [29],
      keyShares: [],
      serverName: 'x.test',
      random: new Uint8Array(32),
      sessionId: new Uint8Array(0),
    });
    expect([...record.subarray(0, 3)]).toEqual([22, 3, 0]);
    expect(parseClientHello(record.subarray(headerLength))).toMatchObject({ versions: ['SSLv3'], groups: [] });
  });

  it('a caller’s mistakes are refused', () => {
    const good = {
      versions: [...tlsVersions],
      suites: [1],
      groups: [],
      keyShares: [],
      random: new Uint8Array(32),
      sessionId: new Uint8Array(0),
    };
    for (const bad of [
      { random: new Uint8Array(31) },
      { sessionId: new Uint8Array(33) },
      { versions: [] },
      { suites: [] },
      { serverName: 'a b' },
      { suites: [0x1_0000] },
    ]) {
      expect(() => encodeClientHello({ ...good, ...bad })).toThrow(
        expect.objectContaining({ code: 'INVENTORY_INPUT_INVALID' }),
      );
    }
  });
});
