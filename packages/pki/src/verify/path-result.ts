import type { PathCertificate } from './path-certificate.ts';

/** Why a chain does not hold. Closed: a caller may switch over it. */
export const pathProblems = [
  'malformed',
  'untrusted',
  'too-complex',
  'not-yet-valid',
  'expired',
  'signature-forged',
  'signature-weak',
  'signature-unsupported',
  'algorithm-mismatch',
  'critical-extension',
  'not-an-authority',
  'path-too-long',
  'key-usage',
  'purpose',
  'name-forbidden',
  'host',
  'revoked',
  'revocation-unknown',
] as const;
export type PathProblem = (typeof pathProblems)[number];

export interface PathFailure {
  readonly isValid: false;
  readonly problem: PathProblem;
  /** A sentence for people. */
  readonly detail: string;
  /** RFC 4514 subject of the certificate that it is about, and its DER; null where it is about none. */
  readonly subject: string | null;
  readonly certificate: Uint8Array | null;
}

export interface PathSuccess {
  readonly isValid: true;
  /** DER, from the certificate that was asked about to the trusted one. */
  readonly path: readonly Uint8Array[];
  /** Whether every certificate below the trusted one was looked up in a revocation list. */
  readonly isRevocationChecked: boolean;
}

export type PathResult = PathSuccess | PathFailure;

export const failure = (problem: PathProblem, detail: string, about: PathCertificate | null): PathFailure => ({
  isValid: false,
  problem,
  detail,
  subject: about?.subject ?? null,
  certificate: about?.der ?? null,
});
