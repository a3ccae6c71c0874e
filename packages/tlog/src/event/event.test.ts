import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleEvent, tenants, uuidOf } from '../../test/sample-log.ts';
import { formatUuid } from '../bytes.ts';
import { TlogError } from '../errors.ts';
import { CborCursor, type CborValue, encodeCbor } from './cbor.ts';
import { type AuditEvent, type DetailValue, decodeEvent, encodeEvent } from './event.ts';
import { decodeLeaf, encodeLeaf, leafDigestMatches, leafTenant } from './leaf.ts';
import { formatTime, leafEvent, leafView } from './view.ts';

const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => formatUuid(bytes));
const wellFormed = (most: number) =>
  fc.string({ unit: 'grapheme', maxLength: most / 4 }).filter((text) => new TextEncoder().encode(text).length <= most);
const integer: fc.Arbitrary<number | bigint> = fc
  .bigInt({ min: -(1n << 64n), max: (1n << 64n) - 1n })
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
const detail: fc.Arbitrary<DetailValue> = fc.oneof(
  integer,
  fc.integer().map((value) => value + 0),
  fc.boolean(),
  fc.constant(null),
  wellFormed(80),
  fc.uint8Array({ maxLength: 60 }),
);
const sealed = fc.option(
  fc.record({ subjectKey: uuid, suite: fc.constantFrom('AES-256-GCM', 'x'), bytes: fc.uint8Array({ maxLength: 300 }) }),
);
const anyEvent: fc.Arbitrary<AuditEvent> = fc.record({
  id: uuid,
  tenant: uuid,
  time: fc.bigInt({ min: 0n, max: 253_402_300_799_999_999n }),
  actor: fc.record({ kind: fc.constantFrom('user', 'service', 'job', 'api-key'), id: uuid }),
  session: fc.option(uuid),
  source: sealed,
  action: fc.constantFrom('asset.created', 'tenant.head', 'key.version.destroyed'),
  resource: fc.record({ type: fc.constantFrom('asset', 'ключ'), id: wellFormed(256) }),
  outcome: fc.constantFrom('success', 'refused', 'failed'),
  reason: fc.option(fc.record({ code: fc.constantFrom('ACCESS_DENIED', 'x'), text: sealed })),
  requestId: fc.option(wellFormed(128).filter((text) => text !== '')),
  riskScore: fc.integer({ min: 0, max: 100 }),
  details: fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,20}$/), detail, {
    maxKeys: 12,
    noNullPrototype: true,
  }),
});

function codeOf(action: () => unknown): string {
  try {
    action();
    return 'none';
  } catch (error) {
    return error instanceof TlogError ? error.code : String(error);
  }
}

describe('events', () => {
  it('AUD-2: every event reads back as what was written', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const bytes = encodeEvent(event);
        expect(decodeEvent(bytes)).toEqual(event);
        expect(decodeEvent(Buffer.from(bytes))).toEqual(event); // as a database driver gives it
      }),
    );
  });

  it('AUD-2: bytes that read as an event are the only bytes of that event (LEAF-2 to LEAF-5)', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom('set', 'drop', 'insert') });
    fc.assert(
      fc.property(anyEvent, change, (event, { at, byte, kind }) => {
        const bytes = Array.from(encodeEvent(event));
        const place = at % bytes.length;
        bytes.splice(place, kind === 'insert' ? 0 : 1, ...(kind === 'drop' ? [] : [byte]));
        const changed = Uint8Array.from(bytes);
        let read: AuditEvent;
        try {
          read = decodeEvent(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(TlogError);
          return;
        }
        expect(encodeEvent(read)).toEqual(changed);
      }),
      { numRuns: 2000 },
    );
  });

  it('AUD-2: hostile bytes are refused with a code and never crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(codeOf(() => decodeEvent(Uint8Array.of(1, 0x8d, ...bytes)))).toMatch(/^(none|TLOG_)/);
        expect(codeOf(() => decodeLeaf(Uint8Array.of(1, 0x85, 0x50, ...bytes)))).toMatch(/^(none|TLOG_LEAF_INVALID)/);
      }),
    );
  });

  it('LEAF-7: an event of 16384 bytes is written, one byte more is refused', () => {
    const withText = (length: number) => sampleEvent(1, tenants[0], { details: { text: 'x'.repeat(length) } });
    const spare = 16_384 - encodeEvent(withText(10_000)).length;
    expect(encodeEvent(withText(10_000 + spare)).length).toBe(16_384);
    expect(codeOf(() => encodeEvent(withText(10_000 + spare + 1)))).toBe('TLOG_EVENT_TOO_LARGE');
    expect(codeOf(() => decodeEvent(new Uint8Array(16_385)))).toBe('TLOG_EVENT_TOO_LARGE');
  });

  it('LEAF-6: fields outside their forms are refused at writing', () => {
    const changes: Partial<AuditEvent>[] = [
      { time: -1n },
      { time: 253_402_300_800_000_000n },
      { actor: { kind: 'User', id: uuidOf(1) } },
      { actor: { kind: '', id: uuidOf(1) } },
      { action: 'created' },
      { action: 'asset.Created' },
      { action: `a.${'b'.repeat(63)}` },
      { resource: { type: '', id: 'x' } },
      { resource: { type: 'x', id: 'é'.repeat(129) } },
      { requestId: '' },
      { reason: { code: 'no spaces', text: null } },
      { riskScore: 101 },
      { riskScore: 0.5 },
      { details: { __proto__x: 1, _x: 1 } },
      { details: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`k${at}`, at])) },
    ];
    for (const change of changes) {
      expect(codeOf(() => encodeEvent(sampleEvent(1, tenants[0], change)))).toBe('TLOG_EVENT_INVALID');
    }
    expect(codeOf(() => encodeEvent(sampleEvent(1, tenants[0], { id: 'A'.repeat(36) })))).toBe('TLOG_UUID_INVALID');
    expect(codeOf(() => encodeEvent(sampleEvent(1, 'tenant')))).toBe('TLOG_UUID_INVALID');
  });

  it('LEAF-1, LEAF-4: floats, lone surrogates and integers beyond 64 bits have no form', () => {
    for (const value of [0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1n << 64n, -(1n << 64n) - 1n, '\ud800']) {
      expect(codeOf(() => encodeEvent(sampleEvent(1, tenants[0], { details: { value } })))).toBe(
        'TLOG_CBOR_UNSUPPORTED',
      );
    }
  });

  it('LEAF-4: spellings that look alike stay two values', () => {
    const [composed, decomposed] = ['\u00e9', 'e\u0301'].map((name) =>
      encodeEvent(sampleEvent(1, tenants[0], { details: { name } })),
    );
    expect(composed).not.toEqual(decomposed);
  });

  it('an unknown version is refused', () => {
    const bytes = encodeEvent(sampleEvent(1, tenants[0]));
    bytes[0] = 2;
    expect(codeOf(() => decodeEvent(bytes))).toBe('TLOG_EVENT_INVALID');
  });
});

describe('CBOR', () => {
  // RFC 8949 appendix A, the types that the log has.
  const table: readonly (readonly [CborValue, string])[] = [
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [100, '1864'],
    [1000, '1903e8'],
    [1_000_000, '1a000f4240'],
    [1_000_000_000_000, '1b000000e8d4a51000'],
    [18_446_744_073_709_551_615n, '1bffffffffffffffff'],
    [-18_446_744_073_709_551_616n, '3bffffffffffffffff'],
    [-1, '20'],
    [-100, '3863'],
    [-1000, '3903e7'],
    [false, 'f4'],
    [true, 'f5'],
    [null, 'f6'],
    [Uint8Array.of(1, 2, 3, 4), '4401020304'],
    ['', '60'],
    ['IETF', '6449455446'],
    ['"\\', '62225c'],
    ['\u00fc', '62c3bc'],
    ['\u6c34', '63e6b0b4'],
    ['\ud800\udd51', '64f0908591'],
    [[1, [2, 3], [4, 5]], '8301820203820405'],
    [
      new Map<string, CborValue>([
        ['b', [2, 3]],
        ['a', 1],
      ]),
      'a26161016162820203',
    ],
  ];

  it.each(table.map(([value, hex]) => ({ value, hex })))('RFC 8949 appendix A: $hex', ({ value, hex }) => {
    expect(Buffer.from(encodeCbor(value)).toString('hex')).toBe(hex);
    const isScalar = !Array.isArray(value) && !(value instanceof Map);
    if (isScalar) expect(new CborCursor(Buffer.from(hex, 'hex'), 0).scalar()).toEqual(value);
  });

  it.each([
    '1800',
    '190017',
    '1a00000064',
    '1b00000000ffffffff',
    '3817',
    '5801aa',
    '7f',
    '5f',
    'f7',
    'f93c00',
    'fb3ff0000000000000',
    'c074',
    '62c328',
    '7818',
    'f818',
  ])('LEAF-1, LEAF-2: the other spelling %s is refused', (hex) => {
    const read = () => {
      const cursor = new CborCursor(new Uint8Array(Buffer.from(hex, 'hex')), 0);
      cursor.scalar();
      cursor.end();
    };
    expect(codeOf(read)).toBe('TLOG_CBOR_INVALID');
  });

  it.each(['a2616200616101', 'a2616100616101', 'a262616100616200', 'a1f600', 'bf616100ff'])(
    'LEAF-3: the map %s is refused',
    (hex) => {
      const read = () => {
        const cursor = new CborCursor(new Uint8Array(Buffer.from(hex, 'hex')), 0);
        cursor.map(64, () => cursor.scalar());
      };
      expect(codeOf(read)).toBe('TLOG_CBOR_INVALID');
    },
  );
});

describe('leaves', () => {
  const sequence = fc.oneof(fc.integer({ min: 2, max: 70_000 }), fc.integer({ min: 2, max: Number.MAX_SAFE_INTEGER }));

  it('AUD-4: the leaf reader takes exactly what the general CBOR writer makes', () => {
    fc.assert(
      fc.property(
        anyEvent,
        sequence,
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (event, tenantSequence, previousTenantLeaf) => {
          const bytes = encodeEvent(event);
          const leaf = encodeLeaf({ tenant: event.tenant, tenantSequence, previousTenantLeaf, event: bytes });
          const fields = decodeLeaf(leaf);
          expect(fields.tenantSequence).toBe(tenantSequence);
          expect([...fields.previousTenantLeaf]).toEqual([...previousTenantLeaf]);
          expect([...fields.event]).toEqual([...bytes]);
          expect(leafDigestMatches(fields)).toBe(true);
          expect(leafTenant(leaf)).toBe(event.tenant);
          const general = encodeCbor([fields.tenant, tenantSequence, previousTenantLeaf, fields.digest, bytes]);
          expect([...leaf]).toEqual([1, ...general]);
        },
      ),
    );
  });

  it('LEAF-11: sequences begin at 1, in the shortest form, and only the first has no leaf before it', () => {
    const tenant = tenants[0];
    const event = encodeEvent(sampleEvent(1, tenant));
    const previousTenantLeaf = new Uint8Array(32);
    for (const wrong of [
      { tenantSequence: 0 },
      { tenantSequence: 2 },
      { tenantSequence: 1, previousTenantLeaf },
      { tenantSequence: 1.5 },
    ]) {
      expect(codeOf(() => encodeLeaf({ tenant, event, ...wrong }))).toBe('TLOG_LEAF_INVALID');
    }
    const leaf = encodeLeaf({ tenant, event, tenantSequence: 1 });
    const long = Uint8Array.of(...leaf.subarray(0, 19), 0x18, 1, ...leaf.subarray(20));
    expect(codeOf(() => decodeLeaf(long))).toBe('TLOG_LEAF_INVALID');
    expect(codeOf(() => decodeLeaf(Uint8Array.of(...leaf, 0)))).toBe('TLOG_LEAF_INVALID');
    expect(codeOf(() => decodeLeaf(leaf.subarray(0, -1)))).toBe('TLOG_LEAF_INVALID');
  });
});

describe('views', () => {
  it('are JSON that says what the event says', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const leaf = decodeLeaf(encodeLeaf({ tenant: event.tenant, tenantSequence: 1, event: encodeEvent(event) }));
        const read = leafEvent(leaf);
        expect(read).toEqual(event);
        const text = read === null ? '' : leafView(leaf, read);
        const view = JSON.parse(text);
        expect(JSON.stringify(view)).toBe(text);
        expect(view).toMatchObject({
          tenant: event.tenant,
          id: event.id,
          action: event.action,
          resource: event.resource,
        });
        expect(view).toMatchObject({ requestId: event.requestId, session: event.session, outcome: event.outcome });
        const millis = Date.parse(view.time);
        expect(BigInt(millis)).toBe(event.time / 1000n);
      }),
    );
  });

  it('show microseconds', () => {
    expect(formatTime(0n)).toBe('1970-01-01T00:00:00.000000Z');
    expect(formatTime(1_790_000_000_123_456n)).toBe('2026-09-21T14:13:20.123456Z');
    expect(formatTime(253_402_300_799_999_999n)).toBe('9999-12-31T23:59:59.999999Z');
  });

  it('are null for an event of another tenant than the leaf', () => {
    const event = encodeEvent(sampleEvent(1, tenants[1]));
    expect(leafEvent(decodeLeaf(encodeLeaf({ tenant: tenants[0], tenantSequence: 1, event })))).toBeNull();
  });
});
