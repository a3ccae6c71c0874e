import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOid, decodeTime } from '../der/reader.ts';
import { PkiError } from '../errors.ts';
import { parseCertificate } from './certificate.ts';

const base64 = (text: string) =>
  Uint8Array.from(atob(text.replaceAll(/\s/g, '')), (character) => character.charCodeAt(0));

// Made with OpenSSL 3.0 for this test; their private keys were thrown away.
const trickyNames = base64(`
MIICJzCCAc2gAwIBAgIUMW7qrCq6G5JGOAbKWsxtFZhZyXcwCgYIKoZIzj0EAwIwaDELMAkGA1UEBhMCREUxGDAWBgNVBAoMD1Byw7xmLCAiU3RlbGxl
IjEKMAgGA1UECwwBYTEVMBMGA1UEAwwMI2xlYWQgc3BhY2UgMRwwGgYJKoZIhvcNAQkBFg1hQGV4YW1wbGUub3JnMCAXDTI2MTEyMzIzMTgyM1oYDzIx
MjYxMDMwMjMxODIzWjBoMQswCQYDVQQGEwJERTEYMBYGA1UECgwPUHLDvGYsICJTdGVsbGUiMQowCAYDVQQLDAFhMRUwEwYDVQQDDAwjbGVhZCBzcGFj
ZSAxHDAaBgkqhkiG9w0BCQEWDWFAZXhhbXBsZS5vcmcwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR3YNUfNridKvBfmP88eO6EwA955y8LTAkgX0PI
1BWiemxfCV5zgLmmA/kbcEZzazkiUq6De4x6a+TMmzxR9EMno1MwUTAdBgNVHQ4EFgQUNJmQFlrh7xV8GYcYlXIMQEWZZIYwHwYDVR0jBBgwFoAUNJmQ
Flrh7xV8GYcYlXIMQEWZZIYwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAiQaDlGiZ0rWxoCh1BKveDK6kU3yMkODCWSAt1Osvcd8C
IE0zHD4vSVqU9944cSRofxSXYZReZSlT4p4Knfxs7wvW`);
const pssWithDefaults = base64(`
MIICBDCCAWigAwIBAgIUOrb2yO+PJV69XLcFYwpMWbzwBVMwEgYJKoZIhvcNAQEKMAWiAwIBajAPMQ0wCwYDVQQDDAR3ZWFrMB4XDTI2MTEyMzIzMTgy
NFoXDTI2MTEyNDIzMTgyNFowDzENMAsGA1UEAwwEd2VhazCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEAtrgOFkldhZ0/k07jtFvW5WoshDeKGlSz
qQ+SeDYxIDlUukXFsx8DzeIj0CnMtKtrZvFf7RZq83eXH6ioJBVAF8kD9Wp8nNOKDcWyX6kb+VDgmVKNnIlK2V29En9A2ydKl+LsoUm8VzvgMaFJE9RM
SSVkxWcbWTQUtFbVgqTD5vMCAwEAAaNTMFEwHQYDVR0OBBYEFGVlbCw9j0Xel49YOA+xwpAcfkd/MB8GA1UdIwQYMBaAFGVlbCw9j0Xel49YOA+xwpAc
fkd/MA8GA1UdEwEB/wQFMAMBAf8wEgYJKoZIhvcNAQEKMAWiAwIBagOBgQACx1bL6kCuktc3kU4jTXTa7CLBqr/Mj++Mut9q1LuI5nAvCs91egpfxD0n
nU+bVeZxIl7Qh3u6CXAQVjdo/WI5BWqFd4loiboGU0ceEtC0ihewCkZaEEQv9LWHVOwEmdmYMSUJoUGYZSHyMbzyEhfstxOvTPOACR+eP3faPIMVRQ==`);

describe('parseCertificate', () => {
  it('writes names as RFC 4514 says: last first, escaped, unknown types dotted with their bytes', () => {
    const facts = parseCertificate(trickyNames);
    expect(facts.subject).toBe(
      '1.2.840.113549.1.9.1=#160d61406578616d706c652e6f7267,CN=\\#lead space\\ ,OU=a,O=Prüf\\, \\"Stelle\\",C=DE',
    );
    expect(facts).toMatchObject({
      isSelfIssued: true,
      notBefore: '2026-11-23T23:18:23Z',
      notAfter: '2126-10-30T23:18:23Z',
    });
    expect(facts.key).toEqual({ oid: '1.2.840.10045.2.1', curveOid: '1.2.840.10045.3.1.7' });
    expect(facts.signature).toEqual({ oid: '1.2.840.10045.4.3.2' });
  });

  it('finds SHA-1 behind RSASSA-PSS parameters that leave it out', () => {
    const facts = parseCertificate(pssWithDefaults);
    expect(facts.key.modulusBits).toBe(1024);
    expect(facts.signature).toEqual({
      oid: '1.2.840.113549.1.1.10',
      pssHashOid: '1.3.14.3.2.26',
      pssMaskHashOid: '1.3.14.3.2.26',
      pssSaltBytes: 106,
    });
  });

  it('a certificate cut anywhere is malformed', () => {
    for (let length = 0; length < trickyNames.length; length++) {
      expect(() => parseCertificate(trickyNames.subarray(0, length))).toThrow(PkiError);
    }
  });

  it('PKI-2: flipped bytes give facts or a typed error, never anything else', () => {
    fc.assert(
      fc.property(fc.nat({ max: trickyNames.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const changed = trickyNames.slice();
        changed[index] = (changed[index] ?? 0) ^ mask;
        try {
          parseCertificate(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['', 'empty'],
    ['80', 'padded arc'],
    ['2a86', 'open arc'],
    ['2a'.repeat(65), 'too long'],
  ])('the object identifier %s is refused (%s)', (hex) => {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    expect(() => decodeOid(bytes)).toThrow(expect.objectContaining({ code: 'PKI_DER_MALFORMED' }));
  });

  it.each([
    '20250230000000Z',
    '20251301000000Z',
    '20250101250000Z',
    '2025010100Z',
    '20250101000000',
    '20250101000000+2400',
    '99991231235959-0100',
    '00000101000000+0100',
  ])('the time %s is refused', (text) => {
    const content = new TextEncoder().encode(text);
    expect(() => decodeTime({ tag: 0x18, content, whole: content })).toThrow(PkiError);
  });

  it.each([
    ['20250101000000Z', '2025-01-01T00:00:00Z'],
    ['20250101000000+0100', '2024-12-31T23:00:00Z'],
    ['202501010000-0230', '2025-01-01T02:30:00Z'],
    ['20250101000000.5Z', '2025-01-01T00:00:00.500Z'],
  ])('the time %s is %s', (text, instant) => {
    const content = new TextEncoder().encode(text);
    expect(decodeTime({ tag: 0x18, content, whole: content })).toBe(instant);
  });
});
