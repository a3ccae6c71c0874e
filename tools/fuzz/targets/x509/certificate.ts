import { PkiError } from '../../../../packages/pki/src/errors.ts';
import { parseCertificate, subjectPublicKeyInfo } from '../../../../packages/pki/src/x509/certificate.ts';
import { readCertificateDetails } from '../../../../packages/pki/src/x509/certificate-details.ts';
import { namesMatchHost, readCertificateExtensions } from '../../../../packages/pki/src/x509/extensions.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, unlessRefused } from '../outcome.ts';
import { certificates } from './certificate-samples.ts';

/** Characters that one byte of a certificate may become in what is kept of it. */
const growthMax = 40;

export function makeTarget(): FuzzTarget {
  return {
    bytesMax: 8192,
    samples: certificates(8192),
    run(bytes) {
      const facts = unlessRefused(PkiError, () => parseCertificate(bytes));
      const details = unlessRefused(PkiError, () => readCertificateDetails(bytes));
      const key = unlessRefused(PkiError, () => subjectPublicKeyInfo(bytes));
      const extensions = unlessRefused(PkiError, () => readCertificateExtensions(bytes));
      if (extensions !== undefined) namesMatchHost(extensions.names, 'www.example.test');
      const kept = JSON.stringify([facts, details, extensions, key?.length]).length;
      promise(kept <= 4096 + growthMax * bytes.length, 'what is kept is out of proportion');
    },
  };
}
