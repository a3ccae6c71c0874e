import { derLimits, PkiError, readCertificateDetails } from '@quantumvault/pki';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readVectors } from '../../test/corpus.ts';
import type { CryptoItem } from './crypto-item.ts';
import { readCryptoFile } from './read-crypto-file.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const unreadOf = (file: Uint8Array) => {
  const { items, unread } = readCryptoFile(file);
  expect(items).toEqual([]);
  return unread.map(({ line, label, reason }) => `${line} ${label}: ${reason}`);
};

/** Every certificate of the repository's vectors as DER. */
const certificates = [...readVectors('certificates')]
  .flatMap(([, content]) => readCryptoFile(content).items)
  .flatMap(({ item }) => (item.kind === 'certificate' ? [item.der] : []));

describe('INV-4: what holds keys and is not read is named', () => {
  it.each(['OPENSSH PRIVATE KEY', 'DSA PRIVATE KEY', 'PGP PRIVATE KEY BLOCK'])('a block of %s', (label) => {
    const text = `-----BEGIN ${label}-----\nAQID\n-----END ${label}-----\n`;
    expect(unreadOf(bytes(text))).toEqual([`1 ${label}: a form that is not read here`]);
  });

  it('a block of parameters or a revocation list holds no key', () => {
    const text = ['EC PARAMETERS', 'X509 CRL'].map(
      (label) => `-----BEGIN ${label}-----\nAQID\n-----END ${label}-----\n`,
    );
    expect(unreadOf(bytes(text.join('')))).toEqual([]);
  });

  it('a DER structure of another form, such as PKCS #12, and one that is too large', () => {
    const pkcs12 = Uint8Array.of(0x30, 0x05, 0x02, 0x01, 0x03, 0x30, 0x00);
    expect(unreadOf(pkcs12)).toEqual(['null DER: no certificate, request, message or key of a form that is read here']);
    expect(unreadOf(pkcs12.subarray(0, 6))).toEqual([]);
    const content = derLimits.inputBytesMax;
    const large = new Uint8Array(content + 5);
    large.set([0x30, 0x83, content >> 16, (content >> 8) & 0xff, content & 0xff]);
    expect(unreadOf(large)).toEqual([`null DER: larger than ${derLimits.inputBytesMax} bytes and not read`]);
  });
});

// Reading must end with facts or with reasons; anything else that is thrown fails the test.
describe('INV-7, attack 20: certificates and keys that somebody changed', () => {
  const some = fc.nat({ max: certificates.length - 1 }).map((index) => certificates[index] ?? new Uint8Array(0));
  // Most bytes of a post-quantum certificate are key and signature; the structure stands at the beginning.
  const place = fc.oneof(fc.nat({ max: 600 }), fc.nat({ max: 100_000 }));
  const pem = (label: string, der: Uint8Array) =>
    bytes(`-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64')}\n-----END ${label}-----\n`);
  const everyLabel = ['CERTIFICATE', 'CERTIFICATE REQUEST', 'PKCS7', 'PUBLIC KEY', 'PRIVATE KEY', 'EC PRIVATE KEY'];

  function look(item: CryptoItem): void {
    if (item.kind !== 'certificate') return;
    expect(Date.parse(item.facts.notAfter)).not.toBeNaN();
    try {
      readCertificateDetails(item.der);
    } catch (error) {
      expect(error).toBeInstanceOf(PkiError);
    }
  }

  it('the vectors hold certificates of many kinds', () => expect(certificates).toHaveLength(23));

  it('changed bytes', () => {
    fc.assert(
      fc.property(
        some,
        fc.array(fc.tuple(place, fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(...everyLabel),
        (der, changes, label) => {
          const changed = der.slice();
          for (const [at, value] of changes) changed[at % changed.length] = value;
          for (const file of [changed, pem(label, changed)]) {
            for (const { item } of readCryptoFile(file).items) look(item);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('cut, and one spliced into another', () => {
    fc.assert(
      fc.property(some, some, place, place, (first, second, at, from) => {
        const head = first.subarray(0, at % first.length);
        const spliced = Uint8Array.from([...head, ...second.subarray(from % second.length)]);
        for (const file of [head, spliced, pem('CERTIFICATE', spliced)]) {
          for (const { item } of readCryptoFile(file).items) look(item);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('sequences nested three thousand deep', () => {
    let nested = new Uint8Array(0);
    for (let depth = 0; depth < 3_000; depth++) {
      const { length } = nested;
      nested = Uint8Array.from([
        ...(length < 0x80 ? [0x30, length] : [0x30, 0x82, length >> 8, length & 0xff]),
        ...nested,
      ]);
    }
    for (const label of everyLabel) expect(readCryptoFile(pem(label, nested)).items).toEqual([]);
    expect(readCryptoFile(nested).items).toEqual([]);
  });

  it('private bytes of a key never leave the reader', () => {
    const secret = new Uint8Array(32).fill(0xa5);
    // OneAsymmetricKey with Ed25519: version 0, AlgorithmIdentifier, the seed in an inner OCTET STRING.
    const head = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    const { items } = readCryptoFile(Uint8Array.from([...head, ...secret]));
    expect(items).toEqual([
      { line: null, item: { kind: 'private-key', key: { oid: '1.3.101.112' }, encryption: null } },
    ]);
  });
});
