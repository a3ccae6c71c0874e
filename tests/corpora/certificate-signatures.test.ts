import { X509Certificate } from 'node:crypto';
import {
  checkCertificateSignature,
  PkiError,
  parseCertificate,
  readCertificateDetails,
  validatePath,
} from '@quantumvault/pki';
import { describe, expect, it } from 'vitest';
import { readCorpus, readVectors } from '../../packages/inventory/test/corpus.ts';

// PKI-1, PKI-2: every signature of the corpora whose issuer is there, against what OpenSSL says of it.

const archives = ['certs-zlint', 'certs-pqc-ietf', 'certs-pqc-lamps'] as const;

function derOf(content: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(content).toString('latin1');
  const pem = /-----BEGIN (?:X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END/.exec(text);
  if (pem?.[1] !== undefined) return new Uint8Array(Buffer.from(pem[1], 'base64'));
  return content[0] === 0x30 ? Uint8Array.from(content) : undefined;
}

interface Known {
  readonly path: string;
  readonly der: Uint8Array;
  readonly subject: string;
  readonly issuer: string;
  readonly keyId: string | null;
  readonly issuerKeyId: string | null;
}

function known(path: string, content: Uint8Array): Known | undefined {
  const der = derOf(content);
  if (der === undefined) return undefined;
  try {
    const { subject, issuer } = parseCertificate(der);
    const { subjectKeyId, authorityKeyId } = readCertificateDetails(der);
    return { path, der, subject, issuer, keyId: subjectKeyId, issuerKeyId: authorityKeyId };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return undefined;
  }
}

const mayIssue = (child: Known) => (issuer: Known) =>
  issuer.subject === child.issuer &&
  (child.issuerKeyId === null || issuer.keyId === null || child.issuerKeyId === issuer.keyId);

/** OpenSSL's answer, or undefined where it has none. */
function askOpenssl(child: Uint8Array, issuer: Uint8Array): boolean | undefined {
  try {
    return new X509Certificate(child).verify(new X509Certificate(issuer).publicKey);
  } catch {
    return undefined;
  }
}

async function compare(certificates: readonly Known[]) {
  const counts = { genuine: 0, forged: 0, weak: 0, unsupported: 0, withoutOpenssl: 0 };
  const different: string[] = [];
  for (const child of certificates) {
    for (const issuer of certificates.filter(mayIssue(child))) {
      const verdict = await checkCertificateSignature(child.der, issuer.der);
      counts[verdict] += 1;
      const theirs = askOpenssl(child.der, issuer.der);
      if (theirs === undefined) counts.withoutOpenssl += 1;
      else if (verdict === 'genuine' ? !theirs : verdict === 'forged' && theirs)
        different.push(`${child.path}: ${verdict}`);
    }
  }
  return { counts, different };
}

describe('signatures of certificates that others made', () => {
  it('the few that the repository carries', async () => {
    const certificates = [...readVectors('certificates')].flatMap(([path, content]) => known(path, content) ?? []);
    const { counts, different } = await compare(certificates);
    expect(different).toEqual([]);
    expect(counts.genuine).toBeGreaterThanOrEqual(3);
  });

  it('all of the corpora', async (ctx) => {
    const found = archives.map((name) => [name, readCorpus(name)] as const);
    if (found.some(([, files]) => files === undefined)) return ctx.skip('the corpora do not lie beside this checkout');
    const certificates = found.flatMap(([name, files]) =>
      [...(files ?? [])].flatMap(([path, content]) => known(`${name}/${path}`, content) ?? []),
    );
    const { counts, different } = await compare(certificates);
    console.info(
      `${certificates.length} certificates; ${Object.entries(counts)
        .map(([word, count]) => `${count} ${word}`)
        .join(', ')}`,
    );
    expect(different).toEqual([]);
    expect(counts.genuine).toBeGreaterThan(60);
  });

  it('a path is an answer or a named problem for each of them, never anything else', async (ctx) => {
    const found = archives.map((name) => readCorpus(name));
    if (found.some((files) => files === undefined)) return ctx.skip('the corpora do not lie beside this checkout');
    const ders = found.flatMap((files) => [...(files ?? [])].flatMap(([, content]) => derOf(content) ?? []));
    const problems = new Map<string, number>();
    const anchors = ders.filter((der) => known('', der) !== undefined && isReadable(der)).slice(0, 20);
    for (const certificate of ders) {
      const at = new Date('2020-06-01');
      const result = await validatePath({ certificate, anchors, intermediates: ders.slice(0, 40), at });
      const word = result.isValid ? 'valid' : result.problem;
      problems.set(word, (problems.get(word) ?? 0) + 1);
    }
    console.info([...problems].map(([word, count]) => `${count} ${word}`).join(', '));
    expect([...problems.values()].reduce((sum, count) => sum + count, 0)).toBe(ders.length);
  });
});

/** Whether it can be an anchor: those that cannot be read are the caller's fault. */
function isReadable(der: Uint8Array): boolean {
  return readCertificateDetails(der).problems.length === 0;
}
