import { BlockList, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRange, rangeContains, wordsOfAddress } from './address-ranges.ts';

const contains = (range: string, address: string): boolean => {
  const [parsed, words] = [parseRange(range), wordsOfAddress(address)];
  if (parsed === null || words === null) throw new Error('the test needs both to be readable');
  return rangeContains(parsed, words);
};

it.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.0.0.0/8', '::ffff:10.1.2.3', true],
  ['10.0.0.0/8', '::ffff:a01:203', true],
  ['::ffff:10.0.0.0/104', '10.1.2.3', true],
  ['::ffff:10.0.0.0/104', '11.1.2.3', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['0.0.0.0/0', '::1', false],
  ['::/0', '10.0.0.1', false],
  ['::/0', '::ffff:10.0.0.1', false],
  ['::/0', '64:ff9b::a00:1', true],
  ['128.0.0.0/1', '200.0.0.1', true],
  ['128.0.0.0/1', '127.0.0.1', false],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.7', '192.0.2.8', false],
  ['2001:db8::/33', '2001:db8:7fff::1', true],
  ['2001:db8::/33', '2001:db8:8000::1', false],
])('ACC-7: %s holds %s: %s', (range, address, expected) => expect(contains(range, address)).toBe(expected));

it('ACC-7: ranges agree with the address lists of the runtime', () => {
  const ipv4 = fc
    .integer({ min: 0, max: 0xffffffff })
    .map((value) => [24, 16, 8, 0].map((bit) => (value >>> bit) & 255).join('.'));
  const ipv6 = fc
    .array(fc.constantFrom('0', '1', 'ffff', '2001', 'db8', '8000'), { minLength: 8, maxLength: 8 })
    .map((groups) => groups.join(':'));
  fc.assert(
    fc.property(
      fc.oneof(ipv4, ipv6),
      fc.oneof(ipv4, ipv6),
      fc.integer({ min: 0, max: 128 }),
      (start, address, bits) => {
        const range = parseRange(`${start}/${bits}`);
        const words = wordsOfAddress(address);
        // Mapped addresses have cases of their own above; the list of the runtime treats them in another way.
        if (range === null || words === null || words.length !== range.words.length) return;
        if ([start, address].some((text) => isIPv6(text) && (wordsOfAddress(text) ?? []).length === 1)) return;
        const family = words.length === 1 ? 'ipv4' : 'ipv6';
        const list = new BlockList();
        list.addSubnet(start, bits, family);
        expect(rangeContains(range, words)).toBe(list.check(address, family));
      },
    ),
    { numRuns: 5_000 },
  );
});

it.each([
  '',
  'localhost',
  '10.0.0',
  '010.0.0.1',
  '0x7f.0.0.1',
  '2130706433',
  'fe80::1%eth0',
  '10.0.0.1/33',
  '10.0.0.1/8',
  '::ffff:10.0.0.0/95',
  '::1/129',
  '10.0.0.0/08',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  ' 10.0.0.0/8',
])('"%s" is no range', (text) => expect(parseRange(text)).toBeNull());
