import { parseAddress } from '@quantumvault/pki';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidrContains, parseCidr, parseCidrList } from './address.ts';
import { isInternalHost } from './internal-host.ts';
import { decideAddress, decideHostName } from './scan-guard.ts';
import { formatScanTarget, parseScanTarget } from './scan-target.ts';

const local = { mode: 'local', allow: [] } as const;
const server = { mode: 'server', allow: [] } as const;
const decide = (address: string, guard: Parameters<typeof decideAddress>[1]) => {
  const decision = decideAddress(address, guard);
  return decision.isAllowed ? 'allowed' : decision.refusal.code;
};

describe('INV-7: the address guard', () => {
  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    'fd00:ec2::254',
    'fd20:ce::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '2001:0:a9fe:a9fe::1',
    '2001:0:1:2:3:4:5601:5601',
    'fe80::5efe:169.254.169.254',
    '2001:4860::200:5efe:a9fe:a9fe',
    '::ffff:0:169.254.169.254',
    '64:ff9b:1:a9fe:a9:fe00::',
    '64:ff9b:1:a9:fe:a9fe::',
    '64:ff9b:1:0:a9:fea9:fe00:0',
    '2a00:1450:4001:64::a9fe:a9fe',
    'fd00:c1::a9fe:a9fe',
    'fd00:42::42',
    '169.254.42.42',
    '0:0:0:0:0:FFFF:A9FE:A9FE',
    '::FFFF:169.254.170.2',
  ])('metadata address %s is refused in every mode, whatever is allowed', (address) => {
    for (const guard of [local, server, { mode: 'server', allow: parseCidrList('0.0.0.0/0,::/0') } as const]) {
      expect(decide(address, guard)).toBe('metadata-address');
    }
  });

  it.each(['metadata.google.internal', 'METADATA.google.internal.', 'instance-data.ec2.internal', 'metadata'])(
    'metadata name %s is refused',
    (name) => {
      expect(decideHostName(name).isAllowed).toBe(false);
    },
  );

  it.each([
    '0.0.0.1',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.1.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::ffff:10.0.0.1',
    '64:ff9b::10.0.0.1',
    '2002:0a00:0001::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'ff02::1',
    '2001:db8::1',
    '100::1',
  ])('%s is not public: refused for a server, allowed on a person’s own machine', (address) => {
    expect(decide(address, server)).toBe('not-public');
    expect(decide(address, local)).toBe('allowed');
  });

  it.each(['0.0.0.0', '::', '0:0:0:0:0:0:0:0', '::ffff:0.0.0.0'])(
    '%s is no host: refused in every mode, whatever is allowed',
    (address) => {
      for (const guard of [local, server, { mode: 'server', allow: parseCidrList('0.0.0.0/0,::/0') } as const]) {
        expect(decide(address, guard)).toBe('invalid-address');
      }
    },
  );

  it.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::1', '::ffff:8.8.8.8'])(
    '%s is public',
    (address) => {
      expect(decide(address, server)).toBe('allowed');
    },
  );

  it('an allowed network opens itself and nothing beside it, mapped forms included', () => {
    const guard = { mode: 'server', allow: parseCidrList('10.20.0.0/16, fd00:1::/32') } as const;
    for (const address of ['10.20.0.1', '10.20.255.255', '::ffff:10.20.1.1', 'fd00:1::5'])
      expect(decide(address, guard)).toBe('allowed');
    for (const address of ['10.21.0.1', '10.19.255.255', 'fd00:2::5', '127.0.0.1'])
      expect(decide(address, guard)).toBe('not-public');
  });

  it.each([
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '127.0.0.01',
    '1.2.3.4.5',
    '1.2.3',
    '256.1.1.1',
    'fe80::1%eth0',
    '1::2::3',
    ':::',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::1.2.3',
    '',
  ])('the form "%s" is not an address: it is refused, not interpreted', (text) => {
    expect(parseAddress(text)).toBeUndefined();
    expect(decide(text, local)).toBe('invalid-address');
  });

  it('a network contains exactly the addresses that share its prefix', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        fc.nat({ max: 32 }),
        (network, address, prefixBits) => {
          const bits = (bytes: Uint8Array) =>
            Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0'))
              .join('')
              .slice(0, prefixBits);
          expect(cidrContains({ bytes: network, prefixBits }, address)).toBe(bits(network) === bits(address));
        },
      ),
    );
  });

  it.each(['10.0.0.1/8', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'fd00::/129', 'example.org', '10.0.0.0/08', ','])(
    'the network "%s" is refused',
    (text) => {
      expect(() => parseCidrList(text)).toThrow(expect.objectContaining({ code: 'INVENTORY_INPUT_INVALID' }));
    },
  );

  it('an empty list allows nothing', () => {
    expect(parseCidrList('')).toEqual([]);
    expect(parseCidr('::1').prefixBits).toBe(128);
  });
});

describe('ACC-9, INV-7: what lies inside', () => {
  const own = parseCidrList('198.41.0.0/24, 10.20.0.0/16, 2606:4700::/32');

  it.each([
    '10.1.2.3',
    '127.0.0.1',
    '169.254.1.1',
    '192.168.1.1',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::10.0.0.1',
    '198.41.0.4',
    '::ffff:198.41.0.4',
    '64:ff9b::198.41.0.4',
    '2606:4700::1111',
    'db',
    'localhost',
    'DB.Corp.',
    'printer.local',
    'x.y.internal',
    'nas.home.arpa',
    '2130706433',
  ])('%s does', (host) => {
    expect(isInternalHost(host, own)).toBe(true);
  });

  it.each(['1.1.1.1', '2a00:1450:4001::1', 'example.org', 'local.example.org', 'internal.org', 'notlocal.example'])(
    '%s does not',
    (host) => {
      expect(isInternalHost(host, own)).toBe(false);
    },
  );

  it('a guard that closes a network refuses it, though it is public or allowed, and nothing beside it', () => {
    const guard = { mode: 'server', allow: parseCidrList('10.20.0.0/16'), closed: own } as const;
    for (const address of ['10.20.0.1', '198.41.0.4', '::ffff:198.41.0.4', '64:ff9b::198.41.0.4', '2606:4700::1'])
      expect(decide(address, guard)).toBe('not-public');
    for (const address of ['198.41.1.4', '1.1.1.1', '2606:4701::1']) expect(decide(address, guard)).toBe('allowed');
  });
});

describe('scan targets', () => {
  it.each([
    ['example.org', 'example.org', 443],
    ['Example.ORG.:8443', 'example.org', 8443],
    ['127.0.0.1:1', '127.0.0.1', 1],
    ['[::1]:65535', '::1', 65_535],
    ['[::1]', '::1', 443],
    ['fd00::1', 'fd00::1', 443],
    ['my_service.local:443', 'my_service.local', 443],
  ])('%s', (text, host, port) => {
    const target = parseScanTarget(text);
    expect(target).toEqual({ host, port });
    expect(parseScanTarget(formatScanTarget(target))).toEqual(target);
  });

  it.each([
    ['smtp://Mail.Example.org', 'mail.example.org', 25, 'smtp'],
    ['SMTP://mail.example.org:587', 'mail.example.org', 587, 'smtp'],
    ['imap://[::1]', '::1', 143, 'imap'],
    ['pop3://127.0.0.1', '127.0.0.1', 110, 'pop3'],
    ['ldap://dc', 'dc', 389, 'ldap'],
    ['postgres://db:5433', 'db', 5433, 'postgres'],
    ['mysql://fd00::1', 'fd00::1', 3306, 'mysql'],
  ])('INV-3: %s asks for TLS by its protocol', (text, host, port, starttls) => {
    const target = parseScanTarget(text);
    expect(target).toEqual({ host, port, starttls });
    expect(parseScanTarget(formatScanTarget(target))).toEqual(target);
  });

  it('https is told how it is written', () => {
    expect(() => parseScanTarget('https://example.org/')).toThrow(/without a scheme and a path, HOST or HOST:PORT/);
  });

  it.each([
    '',
    ':443',
    '://a',
    'smtp://',
    'smtp:a',
    'smtp:/a',
    'smtps://a',
    'smtp://smtp://a',
    'smtp://a/b',
    'smtp://user:secret@a',
    'smtp://a?b',
    'postgres://db:0',
    'constructor://a',
    'a:0',
    'a:65536',
    'a:b',
    'a b',
    '-a.org',
    'a-.org',
    'a..b',
    '[1.2.3.4]:1',
    'http://a',
    'a/b',
    'user@a',
    `${'a'.repeat(64)}.org`,
    'prüf.de',
    'a:443\n',
    'a\u0000b',
  ])('%j is refused', (text) => {
    if (text === 'a:443\n') return expect(parseScanTarget(text)).toEqual({ host: 'a', port: 443 });
    return expect(() => parseScanTarget(text)).toThrow(expect.objectContaining({ code: 'INVENTORY_INPUT_INVALID' }));
  });
});
