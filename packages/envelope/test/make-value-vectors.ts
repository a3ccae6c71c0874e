// Makes values.json of docs/spec/qv1.md anew: node --conditions=source packages/envelope/test/make-value-vectors.ts > FILE
import { SecretBytes } from '@quantumvault/crypto';
import type { EnvelopeErrorKind } from '../src/errors.ts';
import type { ColumnPlace } from '../src/fields/column.ts';
import { CompactColumn } from '../src/fields/compact.ts';
import { OwnFieldKey } from '../src/fields/field-key.ts';
import { FloeColumn } from '../src/fields/floe-field.ts';
import { sha512Of, tenant } from './samples.ts';

const utf8 = new TextEncoder();
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, (bytes.at(at) ?? 0) ^ 1);

const keys: Record<string, string> = {};
function makeKey(name: string): OwnFieldKey {
  const bytes = sha512Of(utf8.encode(`QV1 field vectors ${name}`)).slice(0, 32);
  keys[name] = base64(bytes);
  return OwnFieldKey.kept(SecretBytes.take(bytes));
}
const key = makeKey('alpha');
makeKey('beta');

const place: ColumnPlace = { tenant, dataset: 'orders', column: 'card' };
const locator = utf8.encode('row 7');
const content = utf8.encode('4111 1111 1111 1111');
const empty = new Uint8Array(0);
const failed = 'AUTHENTICATION_FAILED';
const cases: object[] = [];

interface How {
  readonly key?: string;
  readonly place?: ColumnPlace;
  readonly locator?: Uint8Array;
  readonly content?: Uint8Array;
}

for (const suite of ['compact', 'floe', 'compact-chacha20'] as const) {
  const requirement = suite === 'compact' ? 'QV1-102' : suite === 'floe' ? 'QV1-105' : 'QV1-107';
  const cipher = suite === 'compact' ? 'AES-256-GCM-SIV' : 'ChaCha20-Poly1305';
  const sealer = (where = place, epoch = 0) =>
    suite === 'floe'
      ? new FloeColumn(key, where)
      : new CompactColumn(key, { ...where, suite: cipher }, { epoch, rows: 10 });
  const add = (name: string, id: string, sealed: Uint8Array, failure?: EnvelopeErrorKind, how: How = {}): void => {
    const end = failure === undefined ? { content: base64(how.content ?? content) } : { failure };
    const about = { suite, key: how.key ?? 'alpha', place: how.place ?? place };
    const at = base64(how.locator ?? locator);
    cases.push({ name: `${suite}: ${name}`, requirement: id, ...about, locator: at, ...end, sealed: base64(sealed) });
  };
  const good = sealer().seal(locator, content);
  add('a value', requirement, good);
  add('an empty value', requirement, sealer().seal(locator, empty), undefined, { content: empty });
  const strange = { ...place, dataset: 'заказы', column: '卡' };
  const binary = Uint8Array.of(0, 255, 1, 254);
  add('names in other scripts, a locator of bytes', 'QV1-100', sealer(strange).seal(binary, content), undefined, {
    place: strange,
    locator: binary,
  });
  if (suite !== 'floe') {
    for (const epoch of [1, 2 ** 32 - 1]) {
      add(`epoch ${epoch}`, 'QV1-103', sealer(place, epoch).seal(locator, content));
    }
    add('another epoch', 'QV1-103', flip(good, 4), failed);
  }
  add('another key', 'QV1-101', good, failed, { key: 'beta' });
  add('another record', requirement, good, failed, { locator: utf8.encode('row 8') });
  add('another column', requirement, good, failed, { place: { ...place, column: 'iban' } });
  add('another data set', requirement, good, failed, { place: { ...place, dataset: 'invoices' } });
  const otherTenant = { ...place, tenant: '019a0000-0000-7000-8000-00000000000b' };
  add('another organization', requirement, good, failed, { place: otherTenant });
  add('an unknown suite', 'QV1-101', good.with(0, 9), 'UNSUPPORTED');
  add('the other suite', 'QV1-101', good.with(0, suite === 'floe' ? 1 : 2), 'UNSUPPORTED');
  add('the nonce changed', requirement, flip(good, suite === 'floe' ? 80 : 5), failed);
  add('the content changed', requirement, flip(good, good.length - 17), failed);
  add('the tag changed', requirement, flip(good, good.length - 1), failed);
  add('one byte more', 'QV1-106', new Uint8Array([...good, 0]), failed);
  add('nothing', 'QV1-106', empty, 'TRUNCATED');
  add('too short', 'QV1-106', good.subarray(0, suite === 'floe' ? 106 : 32), 'TRUNCATED');
  if (suite === 'floe') {
    add('the header tag changed', requirement, flip(good, 50), failed);
    add('another segment size', requirement, flip(good, 6), failed);
    add('the segment is not marked as last', requirement, new Uint8Array([...good]).fill(0xff, 75, 79), failed);
    add('one byte less', 'QV1-106', good.subarray(0, -1), 'TRUNCATED');
  } else {
    add('one byte less', 'QV1-106', good.subarray(0, -1), failed);
  }
}

console.log(JSON.stringify({ keys, cases }, null, 1));
