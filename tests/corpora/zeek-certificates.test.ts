import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { parseCertificate, readCertificateDetails } from '@quantumvault/pki';
import { describe, expect, it } from 'vitest';
import { readCorpus } from '../../packages/inventory/test/corpus.ts';
import { observeCapture } from '../../packages/inventory/test/observe.ts';
import { logsOf, readZeekLog, type ZeekRow } from '../../packages/inventory/test/zeek-logs.ts';
import { rfc2253Name } from './openssl-names.ts';

// INV-3: the certificates inside other people's traffic, against the x509.log that Zeek wrote of each capture.

const names: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.1': 'rsaEncryption',
  '1.2.840.10045.2.1': 'id-ecPublicKey',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
};
const keyTypes: Readonly<Record<string, string>> = { rsaEncryption: 'rsa', 'id-ecPublicKey': 'ecdsa' };
const curves: Readonly<Record<string, readonly [name: string, bits: number]>> = {
  '1.2.840.10045.3.1.7': ['prime256v1', 256],
  '1.3.132.0.34': ['secp384r1', 384],
};

const zeekTime = (iso: string) => (Date.parse(iso) / 1_000).toFixed(6);
const zeekList = (values: readonly string[]) => (values.length === 0 ? '-' : values.join(','));
const zeekBoolean = (value: boolean | null) => (value === null ? '-' : value ? 'T' : 'F');

/** A certificate as a row of Zeek's x509.log; an algorithm without a name here stays its OID, and is then different. */
function asX509Row(der: Uint8Array): ZeekRow {
  const facts = parseCertificate(der);
  const details = readCertificateDetails(der);
  const keyAlgorithm = names[facts.key.oid] ?? facts.key.oid;
  const [curve, curveBits] = curves[facts.key.curveOid ?? ''] ?? ['-', undefined];
  return {
    'certificate.version': String(facts.version),
    // A DER integer has a leading zero byte where the first bit would say "negative".
    'certificate.serial': facts.serialNumber.replace(/^00(?=[89a-f])/, '').toUpperCase(),
    'certificate.subject': rfc2253Name(facts.subjectAttributes),
    'certificate.issuer': rfc2253Name(facts.issuerAttributes),
    'certificate.not_valid_before': zeekTime(facts.notBefore),
    'certificate.not_valid_after': zeekTime(facts.notAfter),
    'certificate.key_alg': keyAlgorithm,
    'certificate.sig_alg': names[facts.signature.oid] ?? facts.signature.oid,
    'certificate.tbs_sig_alg': names[facts.innerSignatureOid] ?? facts.innerSignatureOid,
    'certificate.key_type': keyTypes[keyAlgorithm] ?? '-',
    'certificate.key_length': String(facts.key.modulusBits ?? curveBits ?? '-'),
    'certificate.exponent': facts.key.publicExponent ?? '-',
    'certificate.curve': curve,
    'san.dns': zeekList(details.names.dns),
    'san.uri': zeekList(details.names.uris),
    'san.email': zeekList(details.names.emails),
    'san.ip': zeekList(details.names.addresses),
    'basic_constraints.ca': zeekBoolean(details.isAuthority),
    'basic_constraints.path_len': details.pathLengthMax === null ? '-' : String(details.pathLengthMax),
  };
}

const fingerprints = (der: Uint8Array) =>
  ['sha256', 'sha1', 'md5'].map((hash) => createHash(hash).update(der).digest('hex'));

describe('INV-3: certificates in captures, against Zeek', () => {
  it('every certificate of an x509.log is in the capture and says the same', (ctx) => {
    const files = readCorpus('pcap-zeek');
    if (files === undefined) return ctx.skip('../shared/corpora/pcap-zeek.tar.gz is absent');
    const counts = { captures: 0, equal: 0 };
    const different: string[] = [];
    for (const [path, content] of files) {
      const logs = [...logsOf(files, path)].filter(([log]) => log.endsWith('/x509.log'));
      if (!/\.pcap(\.gz)?$/.test(path) || logs.length === 0) continue;
      counts.captures += 1;
      const { connections } = observeCapture(path.endsWith('.gz') ? gunzipSync(content) : content);
      const seen = new Map<string, Uint8Array>();
      for (const { serverCertificates, clientCertificates } of connections) {
        for (const der of [...serverCertificates, ...clientCertificates]) {
          for (const fingerprint of fingerprints(der)) seen.set(fingerprint, der);
        }
      }
      for (const [log, bytes] of logs) {
        for (const row of readZeekLog(bytes).flat()) {
          const der = seen.get(row.fingerprint ?? '');
          if (der === undefined) {
            different.push(`${log}: ${row.fingerprint}: only Zeek saw this certificate`);
            continue;
          }
          const ours = asX509Row(der);
          const wrong = Object.entries(ours).filter(([column, value]) => column in row && row[column] !== value);
          if (wrong.length === 0) counts.equal += 1;
          for (const [column, value] of wrong) different.push(`${log}: ${column}: Zeek ${row[column]}, we ${value}`);
        }
      }
    }
    console.info(`x509.log: ${counts.captures} captures, ${counts.equal} equal, ${different.length} different`);
    expect(different).toEqual([]);
    expect(counts.captures).toBe(8);
    expect(counts.equal).toBeGreaterThan(15);
  });
});
