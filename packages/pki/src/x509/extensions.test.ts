import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCertificateDetails } from './certificate-details.ts';
import { namesMatchHost, readCertificateExtensions } from './extensions.ts';

const der = (tag: number, ...parts: readonly (string | Buffer)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)));
  return Buffer.concat([Buffer.from([tag, 0x82, content.length >> 8, content.length & 0xff]), content]);
};
const ascii = (tag: number, text: string): Buffer => der(tag, Buffer.from(text, 'latin1'));
const altNames = (...names: readonly Buffer[]): Buffer => der(0x30, '0603551d11', der(0x04, der(0x30, ...names)));
const constraints = (content: string): Buffer => der(0x30, '0603551d13', '0101ff', der(0x04, der(0x30, content)));

/** A certificate of the right shape: what does not concern extensions is empty. */
const certificate = (...behindTheKey: readonly Buffer[]): Buffer =>
  der(
    0x30,
    der(0x30, 'a003020102', '020101', '3000', '3000', '3000', '3000', '3000', ...behindTheKey),
    '3000',
    '030100',
  );
const withExtensions = (...extensions: readonly Buffer[]): Buffer => certificate(der(0xa3, der(0x30, ...extensions)));

describe('the extensions of a certificate', () => {
  it('gives DNS names and addresses, and passes over names of other kinds', () => {
    const names = altNames(
      ascii(0x82, 'a.example.org'),
      ascii(0x81, 'mail@example.org'),
      ascii(0x82, '*.example.org'),
      der(0x87, 'c0000201'),
      der(0x87, '20010db8000000000000000000000001'),
    );
    const extensions = readCertificateExtensions(withExtensions(names, constraints('')));
    expect(extensions?.names.dns).toEqual(['a.example.org', '*.example.org']);
    expect(extensions?.names.addresses.map(({ length }) => length)).toEqual([4, 16]);
    expect(extensions?.isAuthority).toBe(false);
  });

  it('knows an authority by its mark', () => {
    expect(readCertificateExtensions(withExtensions(constraints('0101ff')))?.isAuthority).toBe(true);
    expect(readCertificateExtensions(withExtensions(constraints('010100')))?.isAuthority).toBe(false);
  });

  it.each(['0100', '010101', '01017f', '0102ff00', '01020000'])('a BOOLEAN of other bytes is broken: %s', (flag) => {
    const mark = withExtensions(constraints(flag));
    expect(readCertificateExtensions(mark)).toBeUndefined();
    expect(readCertificateDetails(mark)).toMatchObject({
      isAuthority: null,
      problems: [{ oid: '2.5.29.19', reason: expect.stringContaining('BOOLEAN') }],
    });
    const name = der(0x30, '0603551d11', flag, der(0x04, der(0x30, ascii(0x82, 'a.example.org'))));
    expect(readCertificateExtensions(withExtensions(name))).toBeUndefined();
    expect(readCertificateDetails(withExtensions(name))).toMatchObject({
      names: { dns: ['a.example.org'] },
      critical: ['2.5.29.17'],
      problems: [{ oid: '2.5.29.17', reason: expect.stringContaining('BOOLEAN') }],
    });
  });

  it('absent extensions are an answer, broken ones are none', () => {
    expect(readCertificateExtensions(certificate())).toEqual({ names: { dns: [], addresses: [] }, isAuthority: false });
    const twice = altNames(ascii(0x82, 'a.example.org'));
    expect(readCertificateExtensions(withExtensions(twice, twice))).toBeUndefined();
    expect(readCertificateExtensions(certificate(der(0xa3, '31000000')))).toBeUndefined();
  });

  it('truncated and flipped certificates give something or nothing, and never throw', () => {
    const whole = withExtensions(altNames(ascii(0x82, 'a.example.org'), der(0x87, 'c0000201')), constraints('0101ff'));
    fc.assert(
      fc.property(
        fc.nat({ max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (at, mask, cut) => {
          const bytes = new Uint8Array(cut ? whole.subarray(0, at) : whole);
          if (!cut) bytes[at] = (bytes[at] ?? 0) ^ mask;
          const result = readCertificateExtensions(bytes);
          if (cut) expect(result).toBeUndefined();
        },
      ),
    );
  });
});

describe('RFC 9525: names and hosts', () => {
  const names = {
    dns: ['a.example.org', '*.wild.example.org', '*.org', 'w*.example.org', 'dot.example.org.', '192.0.2.1'],
    addresses: [new Uint8Array([127, 0, 0, 1]), new Uint8Array(16).fill(1, 15)],
  };

  it.each([
    'a.example.org',
    'A.EXAMPLE.org',
    'a.example.org.',
    'x.wild.example.org',
    'dot.example.org',
    '127.0.0.1',
    '::1',
  ])('%s is named', (host) => {
    expect(namesMatchHost(names, host)).toBe(true);
  });

  it.each([
    'b.example.org',
    'example.org',
    'wild.example.org',
    'x.y.wild.example.org',
    'www.example.org',
    'anything.org',
    '192.0.2.1',
    '::ffff:127.0.0.1',
    '::2',
  ])('%s is not', (host) => {
    expect(namesMatchHost(names, host)).toBe(false);
  });
});
