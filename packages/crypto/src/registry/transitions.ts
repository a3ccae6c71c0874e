import type { AlgorithmTransition } from './entry.ts';

interface TransitionDocument {
  readonly title: string;
  readonly publisher: string;
  /** YYYY-MM-DD */
  readonly published: string;
  readonly status: 'final' | 'initial public draft' | 'announcement' | 'in force, revised yearly';
  readonly remark: string;
}

/** The documents whose dates the registry carries, with their standing: a draft's dates can still move (CRY-9). */
export const transitionDocuments = {
  'NIST IR 8547': {
    title: 'Transition to Post-Quantum Cryptography Standards',
    publisher: 'NIST',
    published: '2024-11-12',
    status: 'initial public draft',
    remark:
      'Quantum-vulnerable algorithms of 112 bits: deprecated after 2030. All of them: disallowed after 2035. Read as the first day of the next year.',
  },
  'NIST SP 800-131A Rev. 2': {
    title: 'Transitioning the Use of Cryptographic Algorithms and Key Lengths',
    publisher: 'NIST',
    published: '2019-03-21',
    status: 'final',
    remark: 'Less than 112 bits and SHA-1 signatures disallowed after 2013; three-key Triple DES after 2023.',
  },
  'NIST SHA-1 retirement': {
    title: 'NIST Transitioning Away from SHA-1 for All Applications',
    publisher: 'NIST',
    published: '2022-12-15',
    status: 'announcement',
    remark: 'SHA-1 is to be replaced as soon as possible, and in every use by 31 December 2030.',
  },
  'FIPS 186-5': {
    title: 'Digital Signature Standard',
    publisher: 'NIST',
    published: '2023-02-03',
    status: 'final',
    remark: 'DSA may no longer be used to generate signatures.',
  },
  'CNSA 2.0': {
    title: 'Commercial National Security Algorithm Suite 2.0',
    publisher: 'NSA',
    published: '2022-09-07',
    status: 'announcement',
    remark:
      'For US national security systems. Exclusive use by 2030 (software signing, network equipment) and by 2033 (web, cloud, operating systems); all by 2035. The rows carry the 2033 date, read as its first day.',
  },
  'BSI TR-02102-1': {
    title: 'Cryptographic Mechanisms: Recommendations and Key Lengths, version 2026-01',
    publisher: 'BSI',
    published: '2026-01-23',
    status: 'in force, revised yearly',
    remark:
      'Classical key agreement alone until the end of 2031 (very high protection needs: 2030), classical signatures alone until the end of 2035; RSA under 3000 bits until the end of 2023.',
  },
  'RFC 7465': {
    title: 'Prohibiting RC4 Cipher Suites',
    publisher: 'IETF',
    published: '2015-02-18',
    status: 'final',
    remark: 'RC4 must not be negotiated in TLS.',
  },
  'RFC 9155': {
    title: 'Deprecating MD5 and SHA-1 Signature Hashes in TLS 1.2 and DTLS 1.2',
    publisher: 'IETF',
    published: '2021-12-15',
    status: 'final',
    remark: 'Neither hash may be offered for signatures.',
  },
} as const satisfies Record<string, TransitionDocument>;

export type TransitionDocumentId = keyof typeof transitionDocuments;

type Transitions = readonly AlgorithmTransition[];

const cnsa: AlgorithmTransition = {
  document: 'CNSA 2.0',
  to: 'disallowed',
  from: '2033-01-01',
  scope: 'exclusive use of CNSA 2.0 in web, cloud and operating systems',
};
const ir8547Disallowed: AlgorithmTransition = { document: 'NIST IR 8547', to: 'disallowed', from: '2036-01-01' };
const ir8547Deprecated: AlgorithmTransition = { document: 'NIST IR 8547', to: 'deprecated', from: '2031-01-01' };
const bsiAgreement: AlgorithmTransition = {
  document: 'BSI TR-02102-1',
  to: 'disallowed',
  from: '2032-01-01',
  scope: 'sole use, without a post-quantum partner',
};
const bsiSignature: AlgorithmTransition = {
  document: 'BSI TR-02102-1',
  to: 'disallowed',
  from: '2036-01-01',
  scope: 'sole use, without a post-quantum partner',
};

/** Quantum-vulnerable key establishment of 128 bits and more. */
export const agreement128: Transitions = [ir8547Disallowed, cnsa, bsiAgreement];
/** Quantum-vulnerable key establishment of 112 bits. */
export const agreement112: Transitions = [ir8547Deprecated, ...agreement128];
/** Quantum-vulnerable signatures of 128 bits and more. */
export const signature128: Transitions = [ir8547Disallowed, cnsa, bsiSignature];
/** Quantum-vulnerable signatures of 112 bits. */
export const signature112: Transitions = [ir8547Deprecated, ...signature128];
/** RSA from 2048 up to 3000 bits: BSI wants more. */
export const rsa112: Transitions = [
  ...signature112,
  { document: 'BSI TR-02102-1', to: 'deprecated', from: '2024-01-01', scope: 'RSA under 3000 bits' },
];
/** Everything under 112 bits. */
export const under112: Transitions = [{ document: 'NIST SP 800-131A Rev. 2', to: 'disallowed', from: '2014-01-01' }];
export const tripleDes: Transitions = [{ document: 'NIST SP 800-131A Rev. 2', to: 'disallowed', from: '2024-01-01' }];
export const sha1Hash: Transitions = [
  { document: 'NIST SHA-1 retirement', to: 'disallowed', from: '2031-01-01' },
  { document: 'NIST SHA-1 retirement', to: 'deprecated', from: '2022-12-15' },
];
export const sha1Signature: Transitions = [
  { document: 'NIST SP 800-131A Rev. 2', to: 'disallowed', from: '2014-01-01', scope: 'signature generation' },
  { document: 'RFC 9155', to: 'disallowed', from: '2021-12-15', scope: 'TLS 1.2' },
];
export const dsa: Transitions = [
  { document: 'FIPS 186-5', to: 'disallowed', from: '2023-02-03', scope: 'signature generation' },
  ...signature128,
];
export const rc4: Transitions = [{ document: 'RFC 7465', to: 'disallowed', from: '2015-02-18', scope: 'TLS' }];
