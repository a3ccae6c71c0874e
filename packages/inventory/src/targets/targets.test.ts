import { parseAddress } from '@quantumvault/pki';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCidr } from '../address/address.ts';
import { formatScanTarget } from '../address/scan-target.ts';
import { expandNetwork } from './expand-network.ts';
import { atPorts, gatherTargets } from './gather-targets.ts';
import { parsePorts } from './ports.ts';
import { readCsvLine } from './read-csv-line.ts';
import { readTargetList, readTargetTable, withPorts } from './read-targets.ts';

const everywhere = ['0.0.0.0/0', '::/0'].map(parseCidr);
const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};

describe('lists of ports', () => {
  it.each([
    ['443', [443]],
    ['443, 8443', [443, 8443]],
    ['9000-9002,443,9001', [9000, 9001, 9002, 443]],
    ['1-1,65535', [1, 65_535]],
  ])('%s', (text, ports) => expect(parsePorts(text)).toEqual(ports));
  it.each(['', ',', '0', '65536', '5-3', '443;8443', 'https', '1-', '-1', '1-2-3', '٣', `${'1,'.repeat(64)}1`])(
    'refuses "%s"',
    (text) => expect(codeOf(() => parsePorts(text))).toBe('INVENTORY_INPUT_INVALID'),
  );
});

describe('networks', () => {
  const expand = (text: string, options: Partial<Parameters<typeof expandNetwork>[1]> = {}) => [
    ...expandNetwork(parseCidr(text), { allow: everywhere, ...options }),
  ];

  it('are their hosts, in order, over the border of a byte', () => {
    expect(expand('192.0.2.0/30')).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(expand('192.0.2.0/31')).toEqual(['192.0.2.0', '192.0.2.1']);
    expect(expand('192.0.2.7')).toEqual(['192.0.2.7']);
    expect(expand('10.0.0.0/23').slice(253, 257)).toEqual(['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1']);
    expect(expand('2001:db8::/126')).toEqual(['2001:db8::', '2001:db8::1', '2001:db8::2', '2001:db8::3']);
  });

  it('are made as they are asked for', () => {
    const [first] = expandNetwork(parseCidr('10.0.0.0/8'), { allow: everywhere, addressesMax: 2 ** 24 });
    expect(first).toBe('10.0.0.1');
  });

  it('INV-7: lie within the allowed ones as a whole, or not one packet goes out', () => {
    const allow = [parseCidr('10.1.0.0/16')];
    expect(expand('10.1.2.0/29', { allow })).toHaveLength(6);
    for (const network of ['10.0.0.0/8', '10.2.0.0/29', '::/126', '0.0.0.0/29']) {
      expect(codeOf(() => expandNetwork(parseCidr(network), { allow }))).toBe('INVENTORY_INPUT_INVALID');
    }
    expect(codeOf(() => expand('10.1.2.0/29', { allow: [] }))).toBe('INVENTORY_INPUT_INVALID');
  });

  it('have a limit that is judged before anything is made', () => {
    expect(expand('10.1.0.0/16')).toHaveLength(65_534);
    for (const network of ['10.0.0.0/15', '::/0', '2001:db8::/64', '0.0.0.0/0'])
      expect(codeOf(() => expandNetwork(parseCidr(network), { allow: everywhere }))).toBe('INVENTORY_LIMIT_EXCEEDED');
  });

  it('hold every address that they are asked for exactly once (property)', () => {
    fc.assert(
      fc.property(fc.nat(0xffffff), fc.integer({ min: 24, max: 32 }), (host, prefixBits) => {
        const size = 2 ** (32 - prefixBits);
        const first = 0x0a000000 + Math.floor(host / size) * size;
        const text = `${first >>> 24}.${(first >>> 16) & 255}.${(first >>> 8) & 255}.${first & 255}/${prefixBits}`;
        const found = expand(text);
        expect(new Set(found).size).toBe(found.length);
        expect(found.length).toBe(size > 2 ? size - 2 : size);
        expect(found.every((address) => parseAddress(address) !== undefined)).toBe(true);
      }),
    );
  });
});

describe('lists of targets', () => {
  const shown = ({ targets, bad }: ReturnType<typeof readTargetList>) => ({
    targets: targets.map(formatScanTarget),
    bad: bad.map(({ line, reason }) => `${line}: ${reason}`),
  });

  it('are a target a line, with comments and in any line ending', () => {
    const text = '\u{feff}a.example.org\r\n\r\n# mail\rsmtp://mail.example.org  # the old one\n[::1]:8443\n';
    expect(shown(readTargetList(text))).toEqual({
      targets: ['a.example.org:443', 'smtp://mail.example.org:25', '[::1]:8443'],
      bad: [],
    });
  });

  it('take ports for targets that name none', () => {
    expect(shown(readTargetList('a\nb:1\n::1\n[::1]:2\nimap://c', { ports: [443, 8443] })).targets).toEqual([
      'a:443',
      'a:8443',
      'b:1',
      '[::1]:443',
      '[::1]:8443',
      '[::1]:2',
      'imap://c:143',
    ]);
    expect(withPorts('::1:443', [1]).map(formatScanTarget)).toEqual(['[::1:443]:1']);
  });

  it('name every bad line with its number', () => {
    expect(shown(readTargetList(`ok\nhttp://a\n\na b\n${'x'.repeat(1_001)}\na:0`)).bad).toEqual([
      expect.stringMatching(/^2: .*scheme/),
      expect.stringMatching(/^4: .*not valid/),
      expect.stringMatching(/^5: .*longer/),
      expect.stringMatching(/^6: .*port/),
    ]);
  });

  it('have limits', () => {
    expect(codeOf(() => readTargetList('\n'.repeat(100_000)))).toBe('INVENTORY_LIMIT_EXCEEDED');
    const ports = parsePorts('1-65535');
    expect(codeOf(() => readTargetList('a\nb', { ports }))).toBe('INVENTORY_LIMIT_EXCEEDED');
  });

  it('never throw anything but the errors of the package, whatever the text (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        readTargetList(text);
        readTargetTable(text);
        readTargetTable(`host,port,protocol,server_name\n${text}`);
      }),
    );
  });
});

describe('tables of targets', () => {
  it('find their columns by the heading and leave the others alone', () => {
    const table = `Owner;Host;PORT;protocol;server_name
"Sales; EU";shop.example.org;;;
"Mail ""old""";mail.example.org;;smtp;
Web;192.0.2.1;8443;TLS;www.example.org
DB;fd00::1;;postgres;

x;fd00::2;;;`;
    const { targets, bad } = readTargetTable(table, { ports: [443, 9443] });
    expect(bad).toEqual([]);
    expect(targets).toEqual([
      { host: 'shop.example.org', port: 443 },
      { host: 'shop.example.org', port: 9443 },
      { host: 'mail.example.org', port: 25, starttls: 'smtp' },
      { host: '192.0.2.1', port: 8443, serverName: 'www.example.org' },
      { host: 'fd00::1', port: 5432, starttls: 'postgres' },
      { host: 'fd00::2', port: 443 },
      { host: 'fd00::2', port: 9443 },
    ]);
    expect(readTargetTable('host\nfd00::3').targets).toEqual([{ host: 'fd00::3', port: 443 }]);
  });

  it('name every bad line with its number, and only the heading when that is bad', () => {
    const table = 'host,port,protocol\na,0,\n,1,\na,1,gopher\nb:1,,\n"a,1,\n"a"x,1,\nok,1,tls\na,x,';
    const { targets, bad } = readTargetTable(table);
    expect(targets).toEqual([{ host: 'ok', port: 1 }]);
    expect(bad.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 9]);
    expect(readTargetTable('name,port\na,1\nb,2')).toEqual({
      targets: [],
      bad: [{ line: 1, reason: expect.stringContaining('"host"') }],
    });
    expect(readTargetTable('host,Host\na,b').bad).toEqual([{ line: 1, reason: expect.stringContaining('twice') }]);
  });

  it('read back what a writer of RFC 4180 wrote (property)', () => {
    const field = fc.string({ maxLength: 20 }).filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(field, { minLength: 2, maxLength: 8 }), (fields) => {
        const line = fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
        expect(readCsvLine(line)).toEqual(fields);
      }),
    );
  });
});

describe('targets of several sources', () => {
  it('are each there once, whatever they are asked as', () => {
    const named = { host: 'a', port: 1, serverName: 'b' };
    const found = [...gatherTargets([[{ host: 'a', port: 1 }], atPorts(['a', 'b'], [1, 2]), [named, named]])];
    expect(found.map((target) => formatScanTarget(target) + ('serverName' in target ? ' b' : ''))).toEqual([
      'a:1',
      'a:2',
      'b:1',
      'b:2',
      'a:1 b',
    ]);
  });

  it('have a limit', () => {
    expect(codeOf(() => [...gatherTargets([atPorts(['a'], [1, 2, 3])], 2)])).toBe('INVENTORY_LIMIT_EXCEEDED');
  });
});
