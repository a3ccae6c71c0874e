import { parseCidrList } from '@quantumvault/inventory';
import { describe, expect, it } from 'vitest';
import { canonicalAddress, clientAddress, noTrustedProxies, type TrustedProxies } from './client-address.ts';

const count = (hops: number): TrustedProxies => ({ ...noTrustedProxies, count: hops });
const within = (networks: string, hops: number | null = null): TrustedProxies => ({
  count: hops,
  networks: parseCidrList(networks),
  header: 'x-forwarded-for',
});
const forwarded: TrustedProxies = { ...count(1), header: 'forwarded' };

const from = (trusted: TrustedProxies, header: string | undefined, peer = '10.0.0.9'): string => {
  try {
    return clientAddress({ peer, header }, trusted) ?? 'none';
  } catch (error) {
    return String(Reflect.get(Object(error), 'code'));
  }
};
const refused = 'REQUEST_FORWARDED_INVALID';

describe('attack case 24: whose address a request counts as', () => {
  it.each([
    ['by default no header is believed', noTrustedProxies, '192.0.2.1', '10.0.0.9'],
    ['one proxy: what it wrote', count(1), '192.0.2.1', '192.0.2.1'],
    ['one proxy: what the client wrote before it is not read', count(1), '127.0.0.1, 192.0.2.1', '192.0.2.1'],
    ['one proxy: malformed text before it is not read', count(1), '<script>, ,%00, 192.0.2.1', '192.0.2.1'],
    ['two proxies: the address before the inner one', count(2), '127.0.0.1, 192.0.2.1, 10.0.0.8', '192.0.2.1'],
    ['two proxies, only one wrote: the last address that a trusted one gave', count(2), '192.0.2.1', '192.0.2.1'],
    ['no header: whoever is connected', count(1), undefined, '10.0.0.9'],
    ['white space', count(1), ' 127.0.0.1 ,\t192.0.2.1 ', '192.0.2.1'],
    ['IPv4 with a port', count(1), '192.0.2.1:51234', '192.0.2.1'],
    ['IPv6 bare', count(1), '2001:DB8:0::1', '2001:db8::1'],
    ['IPv6 in brackets', count(1), '[2001:db8::1]', '2001:db8::1'],
    ['IPv6 with a port', count(1), '[2001:db8::1]:443', '2001:db8::1'],
    ['mapped IPv4 is IPv4', count(1), '::ffff:192.0.2.1', '192.0.2.1'],
    ['mapped IPv4 with a port', count(1), '[::ffff:c000:201]:80', '192.0.2.1'],
    ['nothing before the comma', count(1), '192.0.2.1,', refused],
    ['empty', count(1), '', refused],
    ['a name', count(1), 'client.example.org', refused],
    ['unknown', count(1), 'unknown', refused],
    ['octal', count(1), '0300.0.2.1', refused],
    ['decimal', count(1), '3221225985', refused],
    ['a zone', count(1), 'fe80::1%eth0', refused],
    ['a port without an address', count(1), ':443', refused],
    ['a port out of brackets', count(1), '[2001:db8::1]:443:1', refused],
    ['over-long', count(1), `${'1.1.1.1,'.repeat(600)}192.0.2.1`, refused],
    ['more hops than proxies stand in a row', count(1), `${'1,'.repeat(64)}192.0.2.1`, refused],
  ])('%s', (_, trusted, header, expected) => {
    expect(from(trusted, header)).toBe(expected);
  });

  it.each([
    ['a peer outside the networks is the client, whatever it sends', '192.0.2.66', '127.0.0.1', '192.0.2.66'],
    ['hops within the networks are walked', '10.0.0.9', '127.0.0.1, 192.0.2.1, 10.2.0.1, 10.1.0.1', '192.0.2.1'],
    ['a chain of nothing but proxies ends at the first', '10.0.0.9', '10.2.0.1, 10.1.0.1', '10.2.0.1'],
    ['a mapped peer is the IPv4 address', '::ffff:10.0.0.9', '192.0.2.1', '192.0.2.1'],
    ['an IPv6 peer with a zone', 'fd00::1%eth0', '192.0.2.1', '192.0.2.1'],
  ])('networks: %s', (_, peer, header, expected) => {
    expect(from(within('10.0.0.0/8,fd00::/8'), header, peer)).toBe(expected);
  });

  it('networks and a count: both must allow a hop', () => {
    expect(from(within('10.0.0.0/8', 1), '192.0.2.1, 10.1.0.1')).toBe('10.1.0.1');
    expect(from(within('10.0.0.0/8', 2), '192.0.2.1, 10.1.0.1')).toBe('192.0.2.1');
    expect(from(within('10.0.0.0/8', 2), '192.0.2.1, 198.51.100.7')).toBe('198.51.100.7');
    expect(from(within('10.0.0.0/8', 0), '192.0.2.1')).toBe('10.0.0.9');
  });

  it.each([
    ['for=192.0.2.1', '192.0.2.1'],
    ['for=192.0.2.1;proto=https;by=203.0.113.43', '192.0.2.1'],
    ['proto=https ; For="[2001:db8::1]:4711"', '2001:db8::1'],
    ['for=127.0.0.1, for="192.0.2.1:80"', '192.0.2.1'],
    ['for="x, for=127.0.0.1", for=192.0.2.1', '192.0.2.1'],
    ['for="\\1\\92.0.2.1"', '192.0.2.1'],
    ['for=127.0.0.1, proto=https', refused],
    ['for=_hidden', refused],
    ['for=unknown', refused],
    ['for="192.0.2.1', refused],
    ['for="x, for="192.0.2.1"', refused],
    ['for=127.0.0.1;for=192.0.2.1', refused],
    ['for=192.0.2.1;', refused],
    ['', refused],
    ['192.0.2.1', refused],
  ])('Forwarded: %s', (header, expected) => {
    expect(from(forwarded, header)).toBe(expected);
  });

  it('a connection without an address has none', () => {
    expect(clientAddress({ peer: undefined, header: '192.0.2.1' }, count(1))).toBeNull();
  });

  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['nonsense', null],
    ['1'.repeat(1_000_000), null],
  ])('one form for each address: %.20s', (text, expected) => {
    expect(canonicalAddress(text)).toBe(expected);
  });
});
