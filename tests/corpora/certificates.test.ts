import { createHash } from 'node:crypto';
import { findAlgorithm, findPublicKeyAlgorithm } from '@quantumvault/crypto';
import { keyAlgorithmName, signatureAlgorithmName } from '@quantumvault/inventory';
import { type CertificateFacts, PkiError, parseCertificate } from '@quantumvault/pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCertificateOracle, readCorpus, readVectors } from '../../packages/inventory/test/corpus.ts';
import { opensslName } from './openssl-names.ts';

// INV-3, INV-4: every certificate of the corpora against what OpenSSL says of it.

const archives = ['certs-zlint', 'certs-pqc-ietf', 'certs-pqc-lamps'] as const;
const registry = { findAlgorithm, findPublicKeyAlgorithm };
const isDotted = (name: string) => /^\d+(\.\d+)+$/.test(name);

/** The first certificate of a file, in PEM or DER; undefined for keys and the like. */
function derOf(content: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(content).toString('latin1');
  const pem = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END/.exec(text);
  if (pem?.[1] !== undefined) return Buffer.from(pem[1], 'base64');
  return content[0] === 0x30 ? content : undefined;
}

/** What OpenSSL printed of one certificate; fields are absent where it had nothing to say. */
interface Oracle {
  readonly subject?: string;
  readonly issuer?: string;
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly sha256: string;
  readonly sigOid: string;
  readonly keyType: string | null;
  readonly keyDetails: Readonly<Record<string, unknown>> | null;
}

const instant = (text: string): string => new Date(text).toISOString();

/** `Jan  1 00:00:00 1 GMT` is the first year of all, which `Date.parse` takes for 2001. */
function opensslInstant(text: string): string {
  const [, year = ''] = /(\d+) GMT$/.exec(text) ?? [];
  const date = new Date(text.replace(/\d+ GMT$/, '2000 GMT'));
  date.setUTCFullYear(Number(year));
  return date.toISOString();
}
const curveNames: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.7': 'prime256v1',
  '1.3.132.0.33': 'secp224r1',
  '1.3.132.0.34': 'secp384r1',
  '1.3.132.0.35': 'secp521r1',
};
const plainKeyTypes: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.1': 'rsa',
  '1.2.840.10040.4.1': 'dsa',
  '1.2.840.10045.2.1': 'ec',
};

/** Our facts in the oracle's words. */
function asOracle(facts: CertificateFacts, der: Uint8Array): Oracle {
  const { key } = facts;
  const details: Record<string, unknown> = {};
  const keyType = plainKeyTypes[key.oid] ?? findPublicKeyAlgorithm(key)?.id.toLowerCase() ?? null;
  if (keyType === 'rsa') details.publicExponent = key.publicExponent;
  if (keyType === 'rsa' || keyType === 'dsa') details.modulusLength = key.modulusBits;
  if (keyType === 'dsa') details.divisorLength = key.divisorBits;
  if (keyType === 'ec') details.namedCurve = curveNames[key.curveOid ?? ''];
  return {
    subject: opensslName(facts.subjectAttributes),
    issuer: opensslName(facts.issuerAttributes),
    serial: facts.serialNumber.toUpperCase(),
    notBefore: instant(facts.notBefore),
    notAfter: instant(facts.notAfter),
    sha256: createHash('sha256').update(der).digest('hex'),
    sigOid: facts.signature.oid,
    keyType,
    keyDetails: details,
  };
}

// OpenSSL leaves out an empty name, prints a serial number as a number, and says nothing of a key that it cannot load.
function expectedOf(oracle: Oracle, ours: Oracle): Oracle {
  return {
    subject: oracle.subject ?? '',
    issuer: oracle.issuer ?? '',
    serial: oracle.serial,
    notBefore: opensslInstant(oracle.notBefore),
    notAfter: opensslInstant(oracle.notAfter),
    sha256: oracle.sha256,
    sigOid: oracle.sigOid,
    keyType: oracle.keyType ?? ours.keyType,
    keyDetails: oracle.keyDetails ?? ours.keyDetails,
  };
}

/** A two's complement number as OpenSSL writes it: without leading zero bytes, with a sign. */
function serialNumber(hex: string): string {
  const value = BigInt.asIntN(hex.length * 4, BigInt(`0x${hex === '' ? '0' : hex}`));
  if (value === 0n) return '0';
  const digits = (value < 0n ? -value : value).toString(16).toUpperCase();
  const even = digits.length % 2 === 1 ? `0${digits}` : digits;
  return value < 0n ? `-${even}` : even;
}

type OracleFile = Readonly<Record<string, Oracle>>;

interface Comparison {
  readonly equal: number;
  readonly different: readonly string[];
}

/** Compares every certificate that OpenSSL was asked about; each difference is a line. */
function compareAll(certificates: ReadonlyMap<string, Uint8Array>, oracle: OracleFile): Comparison {
  let equal = 0;
  const different: string[] = [];
  for (const [path, expected] of Object.entries(oracle)) {
    const der = certificates.get(path);
    if (der === undefined) {
      different.push(`${path}: not found in its archive`);
      continue;
    }
    try {
      const facts = parseCertificate(der);
      const found = { ...asOracle(facts, der), serial: serialNumber(facts.serialNumber) };
      const wanted = expectedOf(expected, found);
      const fields = Object.keys(wanted) as (keyof Oracle)[];
      const wrong = fields.filter(
        (field) => JSON.stringify(wanted[field], order) !== JSON.stringify(found[field], order),
      );
      for (const field of wrong) {
        different.push(`${path}: ${field}: ${JSON.stringify(wanted[field])}, we ${JSON.stringify(found[field])}`);
      }
      if (wrong.length === 0) equal += 1;
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      different.push(`${path}: ${error.message}`);
    }
  }
  return { equal, different };
}

describe('INV-3, INV-4: the certificates of the repository', () => {
  it('subject, issuer, serial number, dates, key and signature algorithm equal those of OpenSSL', () => {
    const files = readVectors('certificates');
    const oracle: OracleFile = JSON.parse(Buffer.from(files.get('certificates/openssl.json') ?? []).toString('utf8'));
    const certificates = new Map<string, Uint8Array>();
    for (const [path, content] of files) {
      const der = derOf(content);
      if (der !== undefined) certificates.set(path, der);
    }
    expect(certificates.size).toBe(Object.keys(oracle).length);
    expect(compareAll(certificates, oracle)).toEqual({ equal: 23, different: [] });
    const names = [...certificates.values()].flatMap((der) => {
      const { key, signature } = parseCertificate(der);
      return [keyAlgorithmName(key, registry), signatureAlgorithmName(signature, registry)];
    });
    expect(names).toEqual(
      expect.arrayContaining([
        ...['ML-DSA-44', 'ML-KEM-512', 'SLH-DSA-SHA2-128s'],
        ...['MLDSA44-Ed25519-SHA512', 'MLDSA44-RSA2048-PSS-SHA256', 'MLKEM768-X25519-SHA3-256'],
      ]),
    );
  });
});

describe('INV-3, INV-4: the certificates of the corpora', () => {
  const certificates = new Map<string, Uint8Array>();
  let oracle: OracleFile | undefined;

  beforeAll(() => {
    oracle = readCertificateOracle() as OracleFile | undefined;
    for (const archive of archives) {
      for (const [path, content] of readCorpus(archive) ?? []) {
        const der = derOf(content);
        if (der !== undefined) certificates.set(path, der);
      }
    }
  });

  it('subject, issuer, serial number, dates, key and signature algorithm equal those of OpenSSL', (ctx) => {
    if (oracle === undefined) return ctx.skip('../shared/corpora/certs-oracle.json.gz is absent');
    const { equal, different } = compareAll(certificates, oracle);
    console.info(`${equal} equal, ${different.length} different, of ${Object.keys(oracle).length}`);
    expect(different).toEqual([]);
    expect(equal).toBe(560);
  });

  it('what OpenSSL does not know is named or shown as its OID; what is no certificate is refused by name', (ctx) => {
    if (oracle === undefined) return ctx.skip('../shared/corpora/certs-oracle.json.gz is absent');
    const counts = { named: 0, dotted: 0, refused: 0 };
    const dotted = new Set<string>();
    for (const [path, der] of certificates) {
      const known = oracle[path];
      if (known !== undefined && known.keyType !== null && (known as { sigAlg?: unknown }).sigAlg !== null) continue;
      try {
        const facts = parseCertificate(der);
        const names = [keyAlgorithmName(facts.key, registry), signatureAlgorithmName(facts.signature, registry)];
        if (names.some(isDotted)) counts.dotted += 1;
        else counts.named += 1;
        for (const name of names.filter(isDotted)) dotted.add(name);
      } catch (error) {
        // Anything else than a refusal by name fails the test.
        if (!(error instanceof PkiError)) throw error;
        expect(error.message, path).toMatch(/\.$/);
        counts.refused += 1;
      }
    }
    console.info(`${counts.named} named, ${counts.dotted} by OID, ${counts.refused} refused`, [...dotted]);
    expect(counts.named).toBeGreaterThan(20);
  });
});

/** Keys in one order, for comparing. */
function order(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
