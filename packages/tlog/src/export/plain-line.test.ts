import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect, SampleLog, sampleEvent, tenants, uuidOf } from '../../test/sample-log.ts';
import { encodeBase64 } from '../base64.ts';
import { byteText, concat, parseUuid, utf8 } from '../bytes.ts';
import { type CborValue, encodeCbor } from '../event/cbor.ts';
import { type AuditEvent, type DetailValue, encodeEvent } from '../event/event.ts';
import { decodeLeaf, encodeLeaf } from '../event/leaf.ts';
import { tenantHeadAction } from '../event/tenant-head.ts';
import { leafEvent, leafView, leafViewBytes } from '../event/view.ts';
import { ExportChecker } from './export-checker.ts';
import { Findings } from './findings.ts';
import { formatLeaf, parseHeader, parseLeafLine } from './format.ts';
import { PlainLine } from './plain-line.ts';
import { establishTrust, type Trust } from './trust.ts';
import { verifyExport, verifyLines } from './verify-export.ts';
import { writeExport } from './write-export.ts';

const own = tenants[0];

interface Reading {
  readonly index: number;
  readonly leaf: string;
  readonly time: bigint;
}

/** What the parser, the event reader and the view writer say of a line; null when one of them refuses it. */
function readLong(line: Uint8Array): Reading | null {
  const parsed = parseLeafLine(byteText(line.subarray(0, -1)));
  if (parsed === null || line.at(-1) !== 0x0a || line.indexOf(0x0a) !== line.length - 1) return null;
  try {
    const leaf = decodeLeaf(parsed.leaf);
    const event = leafEvent(leaf);
    if (event === null || parsed.view !== leafViewBytes(leaf, event)) return null;
    return { index: parsed.index, leaf: encodeBase64(parsed.leaf), time: event.time };
  } catch {
    return null;
  }
}

const plain = new PlainLine();

function readPlain(line: Uint8Array): Reading | null {
  if (!plain.read(line, 0)) return null;
  expect(plain.end).toBe(line.length);
  return { index: plain.index, leaf: encodeBase64(plain.hashed.subarray(1)), time: BigInt(plain.time) };
}

/** The property that everything rests on: what the short way accepts, the long way accepts, and reads the same. */
function agree(line: Uint8Array): boolean {
  const short = readPlain(line);
  if (short !== null) expect(readLong(line)).toEqual(short);
  return short !== null;
}

const lineOf = (index: number, leaf: Uint8Array): Uint8Array => utf8.encode(`${formatLeaf(index, leaf)}\n`);

function leafOf(event: Uint8Array, tenant: string = own, tenantSequence = 1): Uint8Array {
  const link = tenantSequence === 1 ? {} : { previousTenantLeaf: new Uint8Array(32).fill(9) };
  return encodeLeaf({ tenant, tenantSequence, event, ...link });
}

/** A line with the view of `event`, whether or not its bytes are allowed. */
function forcedLine(bytes: Uint8Array, event: AuditEvent): Uint8Array {
  const leaf = leafOf(bytes, event.tenant);
  const view = leafView(decodeLeaf(leaf), event);
  return utf8.encode(`{"index":7,"leaf":"${encodeBase64(leaf)}","view":${view}}\n`);
}

/** The bytes of an event without one check of its fields. */
function uncheckedBytes(event: AuditEvent): Uint8Array {
  const sealed = (field: AuditEvent['source']): CborValue =>
    field === null ? null : [parseUuid(field.subjectKey), field.suite, field.bytes];
  const { actor, resource, reason, session } = event;
  const body = encodeCbor([
    parseUuid(event.id),
    parseUuid(event.tenant),
    event.time,
    [actor.kind, parseUuid(actor.id)],
    session === null ? null : parseUuid(session),
    sealed(event.source),
    event.action,
    [resource.type, resource.id],
    event.outcome,
    reason === null ? null : [reason.code, sealed(reason.text)],
    event.requestId,
    event.riskScore,
    new Map(Object.entries(event.details)),
  ]);
  return concat(Uint8Array.of(1), body);
}

const uuids = fc.nat(1_000_000).map(uuidOf);
const plainTexts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcXYZ 0189-._/:{}[],'), maxLength: 70 }),
  fc.constantFrom('Zürich', '東京', '🔑', '\u2028', '\ufeff', 'é'.repeat(40)),
);
const texts = fc.oneof(
  plainTexts,
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.constantFrom('"', '\\', '\n', '\x7f'),
);
const sealedFields = (suites: fc.Arbitrary<string>) =>
  fc.option(fc.record({ subjectKey: uuids, suite: suites, bytes: fc.uint8Array({ maxLength: 300 }) }));
const integers = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constantFrom(0, -1, 23, 24, 255, 256, 65_535, 65_536));
const plainScalars: fc.Arbitrary<DetailValue> = fc.oneof(plainTexts, integers, fc.boolean(), fc.constant(null));
const scalars: fc.Arbitrary<DetailValue> = fc.oneof(
  plainScalars,
  texts,
  fc.uint8Array({ maxLength: 40 }),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
  fc.bigInt({ min: -(2n ** 64n), max: -(2n ** 53n) }),
);
const times = fc.oneof(
  fc.bigInt({ min: 0n, max: 253_402_300_799_999_999n }),
  fc.constantFrom(0n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 1_780_000_000_000_000n),
);

/** Names, from forms that fit, nearly fit and do not fit. */
const names = fc.oneof(
  fc.constantFrom(
    'asset.created',
    'key.used',
    tenantHeadAction,
    'user',
    'job',
    'POLICY_CHANGED',
    'a.b',
    'a..b',
    'a.',
    '.a',
  ),
  fc.string({ unit: fc.constantFrom(...'abzAZ09._- é'), maxLength: 67 }),
);

const events = (
  parts: { names: fc.Arbitrary<string> | null; texts: fc.Arbitrary<string>; scalars: fc.Arbitrary<DetailValue> },
  risks: fc.Arbitrary<number>,
  keys: fc.Arbitrary<string>,
): fc.Arbitrary<AuditEvent> =>
  fc.record({
    id: uuids,
    tenant: fc.constantFrom(...tenants),
    time: times,
    actor: fc.record({ kind: parts.names ?? fc.constantFrom('user', 'service-key'), id: uuids }),
    session: fc.option(uuids),
    source: sealedFields(fc.constantFrom('AES-256-GCM', 'XChaCha')),
    action: parts.names ?? fc.constantFrom('asset.created', 'key.version_used', 'a.b', 'a-1.b_2.c'),
    resource: fc.record({ type: fc.constantFrom('asset', 'Ä'), id: parts.texts }),
    outcome: fc.constantFrom('success', 'refused', 'failed'),
    reason: fc.option(
      fc.record({
        code: parts.names ?? fc.constantFrom('POLICY', '0.a-b_c'),
        text: sealedFields(fc.constant('AES-256-GCM')),
      }),
    ),
    requestId: fc.option(parts.texts),
    riskScore: risks,
    details: fc.dictionary(keys, parts.scalars, { maxKeys: 30 }),
  });

const keys = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,30}$/);
const validRisks = fc.nat(100);
const honest = events({ names: null, texts, scalars }, validRisks, keys);
const usual = events({ names: null, texts: plainTexts, scalars: plainScalars }, validRisks, keys);
const loose = events({ names, texts, scalars }, fc.nat(130), fc.oneof(keys, names));

function encoded(event: AuditEvent): Uint8Array | null {
  try {
    return encodeEvent(event);
  } catch {
    return null; // a text that is too long or empty
  }
}

describe('PlainLine', () => {
  it('AUD-6: accepts every usual event, and reads what the long way reads', () => {
    let accepted = 0;
    fc.assert(
      fc.property(usual, fc.nat(), fc.integer({ min: 1, max: 1_000_000 }), (event, index, sequence) => {
        const bytes = encoded(event);
        if (bytes === null) return;
        const isUsual = event.time < 2n ** 53n;
        const line = lineOf(index, leafOf(bytes, event.tenant, sequence));
        expect(readLong(line)).not.toBeNull();
        expect(agree(line)).toBe(isUsual);
        accepted += isUsual ? 1 : 0;
      }),
      { numRuns: 400 },
    );
    expect(accepted).toBeGreaterThan(30);
  });

  it('AUD-6: agrees with the long way on any honest event', () => {
    fc.assert(
      fc.property(honest, (event) => {
        const bytes = encoded(event);
        if (bytes !== null) agree(lineOf(3, leafOf(bytes, event.tenant)));
      }),
      { numRuns: 500 },
    );
  });

  it('AUD-6: refuses events outside the form also when their view says the same', () => {
    let refused = 0;
    fc.assert(
      fc.property(loose, (event) => {
        const bytes = uncheckedBytes(event);
        if (bytes.length > 16_000) return;
        if (!agree(forcedLine(bytes, event))) refused += 1;
      }),
      { numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  const base = sampleEvent(1, own, { details: { a: 1, b: 2 }, requestId: null });
  const one = (name: keyof AuditEvent, value: unknown): AuditEvent => ({ ...base, [name]: value });
  it.each([
    ['action without a dot', one('action', 'asset')],
    ['action of two characters', one('action', 'a.')],
    ['action with an empty part', one('action', 'a..b')],
    ['action whose part begins with a digit', one('action', 'a.1b')],
    ['action that begins with a dot', one('action', '.ab')],
    ['action in capitals', one('action', 'Asset.created')],
    ['action of 65 characters', one('action', `a.${'b'.repeat(63)}`)],
    ['actor kind with a digit', one('actor', { kind: 'user1', id: uuidOf(7) })],
    ['actor kind of 33 characters', one('actor', { kind: 'u'.repeat(33), id: uuidOf(7) })],
    ['reason code that begins with a dot', one('reason', { code: '.A', text: null })],
    ['empty request id', one('requestId', '')],
    ['request id of 129 bytes', one('requestId', 'r'.repeat(129))],
    ['request id of 65 characters in 130 bytes', one('requestId', 'é'.repeat(65))],
    ['resource type of 65 bytes', one('resource', { type: 't'.repeat(65), id: '' })],
    ['empty resource type', one('resource', { type: '', id: '' })],
    ['resource id of 257 bytes', one('resource', { type: 'asset', id: 'i'.repeat(257) })],
    ['risk score of 101', one('riskScore', 101)],
    ['another outcome', one('outcome', 'SUCCESS')],
    ['empty suite', one('source', { subjectKey: uuidOf(1), suite: '', bytes: new Uint8Array(3) })],
    ['a key that begins with a digit', one('details', { '1a': 1 })],
    ['a key of 65 characters', one('details', { ['k'.repeat(65)]: 1 })],
    ['65 details', one('details', Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`k${at}`, at])))],
    ['a time after the year 9999', one('time', 253_402_300_800_000_000n)],
  ])('AUD-6: %s is refused', (_name, event) => {
    const line = forcedLine(uncheckedBytes(event), event);
    expect(readLong(line)).toBeNull();
    expect(readPlain(line)).toBeNull();
  });

  const bytes = encodeEvent(base);
  const swapped = bytes.slice();
  swapped.set([0x61, 0x62, 2, 0x61, 0x61, 1], bytes.length - 6); // {b: 2, a: 1}
  const twice = bytes.slice();
  twice.set([0x61, 0x61, 1, 0x61, 0x61, 1], bytes.length - 6);
  const riskAt = bytes.length - 8;
  it.each([
    ['details out of order', swapped, { details: { b: 2, a: 1 } }],
    ['a detail twice', twice, { details: { a: 1 } }],
    ['a byte after the event', concat(bytes, Uint8Array.of(0)), {}],
    ['a risk score in two bytes', concat(bytes.slice(0, riskAt), Uint8Array.of(0x18), bytes.slice(riskAt)), {}],
    ['an integer in two bytes', concat(bytes.slice(0, -1), Uint8Array.of(0x18, 2)), {}],
    ['a text with a long head', concat(bytes.slice(0, -3), Uint8Array.of(0x78, 1), bytes.slice(-2)), {}],
    ['a map with a long head', concat(bytes.slice(0, -7), Uint8Array.of(0xb8, 2), bytes.slice(-6)), {}],
    ['an integer beyond 64 bits as -0', concat(bytes.slice(0, -1), Uint8Array.of(0x3c)), { details: { a: 1, b: -0 } }],
    ['another version', concat(Uint8Array.of(2), bytes.slice(1)), {}],
  ] as const)('AUD-6: %s is refused', (_name, damaged, changes) => {
    expect(bytes[riskAt]).toBe(base.riskScore);
    const line = forcedLine(damaged, { ...base, ...changes });
    expect(readLong(line)).toBeNull();
    expect(readPlain(line)).toBeNull();
    expect(readPlain(forcedLine(bytes, base))).not.toBeNull();
  });

  it('AUD-6: refuses an event of another tenant than its leaf', () => {
    const line = byteText(lineOf(7, leafOf(encodeEvent(base))));
    const other = leafOf(encodeEvent({ ...base, tenant: tenants[1] }), own);
    const view = line.slice(line.indexOf('"view":'));
    for (const text of [view, view.replace(own, tenants[1])]) {
      expect(readPlain(utf8.encode(`{"index":7,"leaf":"${encodeBase64(other)}",${text}`))).toBeNull();
    }
  });

  it('AUD-6: base64 with bits that no byte takes, of the URL alphabet or with a space is refused', () => {
    for (let length = 0; length < 3; length += 1) {
      const event = { ...base, requestId: 'r'.repeat(length + 1) };
      const line = byteText(lineOf(7, leafOf(encodeEvent(event))));
      expect(readPlain(Buffer.from(line, 'latin1'))).not.toBeNull();
      const [, text = ''] = /"leaf":"([^"]*)"/.exec(line) ?? [];
      const body = text.replace(/=+$/, '');
      const bent =
        body.slice(0, -1) + String.fromCharCode(body.charCodeAt(body.length - 1) + 1) + text.slice(body.length);
      for (const other of [bent, body, `${text}=`, `${text}====`, ` ${text}`, text.replace('A', '-')]) {
        if (other !== text) expect(agree(Buffer.from(line.replace(text, other), 'latin1'))).toBe(false);
      }
    }
  });
});

describe('both ways of reading an export', () => {
  const log = new SampleLog();
  for (let at = 0; at < 3; at += 1) log.append(at % 3 === 0 ? tenants[1] : own);
  log.append(own, { reason: { code: 'POLICY', text: null }, details: { bytes: Uint8Array.of(1), text: 'a"b', n: -5 } });
  for (const tenant of [own, tenants[1]]) log.appendHead(tenant);

  async function pieces(scope: 'all' | string): Promise<{ body: Uint8Array; judge: Judge }> {
    if (log.checkpoints.length === 0) await log.publish();
    const request = { tenant: scope, checkpoint: log.latest, treeSize: log.edge.size, rows: log.rows(scope) };
    const text = await collect(writeExport(request));
    const header = parseHeader(text.slice(0, text.indexOf('\n')));
    if (header === null) throw new Error('not an export');
    const anchors = { embedded: header.checkpoint, outside: log.latest, keys: log.keys };
    const trusts = [
      await establishTrust({ ...anchors, reader: log.tiles }),
      await establishTrust({ ...anchors, reader: undefined }),
    ];
    const run = async (bytes: Uint8Array, trust: Trust, reader: PlainLine | null) => {
      const findings = new Findings();
      const checker = new ExportChecker({ header, trust, findings, plain: reader });
      await checker.lines(bytes);
      await checker.finish({ allowRange: false, headGraceSeconds: 300 });
      return { first: findings.first, events: checker.events };
    };
    const judge: Judge = async (bytes, chosen = [0, 1]) => {
      let isValid = true;
      for (const trust of trusts.filter((_, at) => chosen.includes(at))) {
        const [short, long] = [await run(bytes, trust, plain), await run(bytes, trust, null)];
        expect(short).toEqual(long);
        isValid &&= short.first === null;
      }
      return isValid;
    };
    return { body: utf8.encode(text.slice(text.indexOf('\n') + 1)), judge };
  }
  type Judge = (bytes: Uint8Array, chosen?: readonly number[]) => Promise<boolean>;

  it.each(['all', own])(
    'AUD-6: every byte changed, by one bit and to any value, gives one verdict: %s',
    {
      timeout: 120_000,
    },
    async (scope) => {
      const { body, judge } = await pieces(scope);
      expect(await judge(body)).toBe(true);
      for (let at = 0; at < body.length; at += 1) {
        const changed = at % 3 === 0 ? (at * 31) % 256 : (body[at] ?? 0) ^ (1 << (at % 8));
        const bytes = body.slice();
        bytes[at] = changed;
        expect(await judge(bytes, [at % 2])).toBe(changed === body[at]);
      }
    },
  );

  it('AUD-6: pieces cut out, doubled or moved give one verdict', { timeout: 60_000 }, async () => {
    const { body, judge } = await pieces('all');
    const place = fc.nat(body.length);
    await fc.assert(
      fc.asyncProperty(place, fc.nat(40), place, fc.boolean(), async (from, length, to, isCut) => {
        const piece = body.slice(from, from + length);
        const rest = isCut ? concat(body.slice(0, from), body.slice(from + length)) : body;
        const moved = concat(rest.slice(0, to), piece, rest.slice(to));
        await judge(moved);
        await judge(rest);
      }),
      { numRuns: 300 },
    );
  });

  it('AUD-6: a whole export in chunks cut anywhere gives one verdict', async () => {
    const { body } = await pieces('all');
    const text = await log.export('all');
    const all = utf8.encode(text);
    expect(all.length).toBeGreaterThan(body.length);
    const options = { keys: log.keys, checkpoint: log.latest, tiles: log.tiles };
    const expected = await verifyLines(text, options, null);
    expect(expected.valid).toBe(true);
    for (const step of [1, 7, 1000, 5000]) {
      const chunks = Array.from({ length: Math.ceil(all.length / step) }, (_, at) =>
        all.slice(at * step, (at + 1) * step),
      );
      expect(await verifyExport(chunks, options)).toEqual(expected);
    }
  });
});
