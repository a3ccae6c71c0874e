import { sha256 } from '@quantumvault/crypto';
import {
  type CertificateFacts,
  namesMatchHost,
  type PathProblem,
  PkiError,
  parseCertificate,
  readCertificateExtensions,
  subjectPublicKeyInfo,
  validatePath,
} from '@quantumvault/pki';
import { protectionErrors } from '../domain/errors.ts';
import type { ReadIssuedCertificate } from '../ports/certificate-maker.ts';

const certificatesMax = 10;
// One run and nothing beside it that could match the same characters: the time is linear in the text.
const block = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

const invalid = (detail: string) => protectionErrors.PROTECTION_CERTIFICATE_INVALID({ detail });

interface Certificate {
  readonly der: Uint8Array;
  readonly facts: CertificateFacts;
}

function readAll(pem: string): [Certificate, ...Certificate[]] {
  const labels = [...pem.matchAll(/-----BEGIN ([^-]{1,64})-----/g)].map(([, label]) => label);
  if (labels.some((label) => label !== 'CERTIFICATE')) {
    throw invalid('The text holds more than certificates; a private key must never be sent here.');
  }
  const ders = [...pem.matchAll(block)].map(([, text = '']) => new Uint8Array(Buffer.from(text, 'base64')));
  if (ders.length > certificatesMax) throw invalid(`A chain has at most ${certificatesMax} certificates.`);
  const [first, ...rest] = ders.map((der, index): Certificate => {
    try {
      return { der, facts: parseCertificate(der) };
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      throw invalid(`Certificate ${index + 1} of the chain cannot be read: ${error.message}`);
    }
  });
  if (first === undefined) throw invalid('The text holds no certificate in PEM.');
  return [first, ...rest];
}

const isSame = (left: Uint8Array, right: Uint8Array): boolean => Buffer.from(left).equals(right);

/** Throws `PROTECTION_CERTIFICATE_INVALID` with the first thing that is wrong. */
export const readIssuedCertificate: ReadIssuedCertificate = async ({ chainPem, ownPem, host }, now) => {
  const chain = readAll(chainPem);
  const [leaf] = chain;
  const [own] = readAll(ownPem);
  if (!isSame(subjectPublicKeyInfo(leaf.der), subjectPublicKeyInfo(own.der))) {
    throw invalid('The first certificate of the chain is not for the key of the request.');
  }
  const names = readCertificateExtensions(leaf.der)?.names;
  if (names === undefined || !namesMatchHost(names, host)) throw invalid(`The certificate is not for ${host}.`);
  const [notBefore, notAfter] = [new Date(leaf.facts.notBefore), new Date(leaf.facts.notAfter)];
  if (notAfter <= now) throw invalid('The certificate has ended.');
  if (notBefore > now) throw invalid('The certificate does not begin before now.');
  if (isAuthority(leaf)) throw invalid('The first certificate of the chain is that of an authority.');
  // Without it nothing here has verified any signature: whoever knows the public key could have made the certificate.
  if (chain.length === 1) throw invalid('The certificate of the authority that signed it is missing.');
  await checkChain(chain, host, now);
  return {
    chainPem: chain.map(({ der }) => toPem(der)).join(''),
    sha256: Buffer.from(sha256(leaf.der)).toString('hex'),
    notBefore,
    notAfter,
  };
};

/** What is wrong with one certificate of a chain, said of it; of other problems the check's own sentence is added. */
const verdicts: Readonly<Partial<Record<PathProblem, string>>> = {
  'signature-forged': 'is not signed by the one behind it.',
  untrusted: 'is not signed by the one behind it.',
  'not-an-authority': 'is not that of an authority.',
  expired: 'is not valid now.',
  'not-yet-valid': 'is not valid now.',
};

/**
 * Every step up to the last certificate, which is taken for trusted: whom the organization trusts is not asked here. The
 * chain must be a server's, in order and without strangers, as servers send it. Throws `PROTECTION_CERTIFICATE_INVALID`.
 */
async function checkChain(chain: readonly Certificate[], host: string, now: Date): Promise<void> {
  const [leaf, ...above] = chain.map(({ der }) => der);
  const anchor = above.at(-1);
  if (leaf === undefined || anchor === undefined) return;
  const question = { at: now, purpose: 'serverAuth', host } as const;
  const result = await validatePath({ certificate: leaf, intermediates: above, anchors: [anchor], ...question });
  if (!result.isValid) {
    const index = chain.findIndex(({ der }) => result.certificate !== null && isSame(der, result.certificate));
    const verdict = verdicts[result.problem] ?? `does not hold: ${result.detail}`;
    throw invalid(`Certificate ${Math.max(0, index) + 1} of the chain ${verdict}`);
  }
  const stranger = chain.findIndex(({ der }, index) => !isSame(der, result.path[index] ?? new Uint8Array(0)));
  if (stranger > 0) throw invalid(`Certificate ${stranger} of the chain is not signed by the one behind it.`);
}

const isAuthority = ({ der }: Certificate): boolean => readCertificateExtensions(der)?.isAuthority === true;

/** RFC 7468. */
function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
