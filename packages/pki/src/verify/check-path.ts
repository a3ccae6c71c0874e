import { sameBytes } from '../names/write-name.ts';
import { checkSignature } from './check-signature.ts';
import { allowsPurpose, checkHost, checkPurpose, checkUsageOfKey, type PathPurpose } from './check-use.ts';
import { type ComparisonBudget, findForbiddenName } from './name-constraints.ts';
import { isSelfIssued, type PathCertificate } from './path-certificate.ts';
import { failure, type PathFailure } from './path-result.ts';

/** Who asks, when, and what for. */
export interface PathQuestion {
  readonly at: Date;
  readonly purpose: PathPurpose | undefined;
  readonly host: string | undefined;
}

/**
 * The checks of RFC 5280 section 6.1 that need no signature, over a path from the leaf to the trusted certificate. The
 * trusted certificate is held to its own dates, path length and name constraints too, which the RFC leaves open.
 * Throws `PKI_DER_MALFORMED` and `PKI_LIMIT_EXCEEDED` for constraints that cannot be read or are too many.
 */
export function checkRules(path: readonly PathCertificate[], question: PathQuestion): PathFailure | undefined {
  const budget: ComparisonBudget = { left: namesBudget };
  for (const [index, certificate] of path.entries()) {
    const above = path.slice(index + 1);
    const problem =
      checkAlone(certificate, question.at) ??
      (index === 0
        ? checkLeaf(certificate, question)
        : checkAuthority(certificate, path.slice(1, index), question.purpose)) ??
      checkNames(certificate, { above, isLeaf: index === 0, budget });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const namesBudget = 250_000;

function checkAlone(certificate: PathCertificate, at: Date): PathFailure | undefined {
  const { notBefore, notAfter, parts, unknownCritical } = certificate;
  if (at < notBefore) return failure('not-yet-valid', `It is valid from ${notBefore.toISOString()} on.`, certificate);
  if (at > notAfter) return failure('expired', `It was valid until ${notAfter.toISOString()}.`, certificate);
  if (!sameBytes(parts.innerSignature, parts.outerSignature)) {
    return failure('algorithm-mismatch', 'It names two signature algorithms.', certificate);
  }
  if (unknownCritical.length > 0) {
    return failure(
      'critical-extension',
      `It has a critical extension that is not understood: ${unknownCritical[0]}.`,
      certificate,
    );
  }
  return checkUsageOfKey(certificate);
}

function checkLeaf(leaf: PathCertificate, { purpose, host }: PathQuestion): PathFailure | undefined {
  return (
    (purpose === undefined ? undefined : checkPurpose(leaf, purpose)) ??
    (host === undefined ? undefined : checkHost(leaf, host))
  );
}

function checkAuthority(
  certificate: PathCertificate,
  between: readonly PathCertificate[],
  purpose: PathPurpose | undefined,
): PathFailure | undefined {
  const { parts, constraints, keyUsage, purposes } = certificate;
  if (parts.version < 3 || constraints?.isAuthority !== true) {
    return failure('not-an-authority', 'It is not the certificate of an authority.', certificate);
  }
  if (keyUsage !== undefined && !keyUsage.includes('keyCertSign')) {
    return failure('key-usage', 'Its key may not sign certificates.', certificate);
  }
  // Certificates that an authority issues to itself, for a new key, do not count.
  const counted = between.filter((below) => !isSelfIssued(below)).length;
  if (constraints.pathLengthMax !== null && counted > constraints.pathLengthMax) {
    return failure('path-too-long', `It allows ${constraints.pathLengthMax} authorities below it.`, certificate);
  }
  if (purpose !== undefined && !allowsPurpose(purposes, purpose)) {
    return failure('purpose', `It issues no certificates for ${purpose}.`, certificate);
  }
  return undefined;
}

function checkNames(
  certificate: PathCertificate,
  { above, isLeaf, budget }: { above: readonly PathCertificate[]; isLeaf: boolean; budget: ComparisonBudget },
): PathFailure | undefined {
  if (!isLeaf && isSelfIssued(certificate)) return undefined;
  const claimed = { subject: certificate.parts.subject, alternatives: certificate.names };
  for (const { nameConstraints, subject } of above) {
    const forbidden = nameConstraints === undefined ? undefined : findForbiddenName(nameConstraints, claimed, budget);
    if (forbidden !== undefined)
      return failure('name-forbidden', `${subject} does not allow ${forbidden}.`, certificate);
  }
  return undefined;
}

/** Whether `issuer` signed `certificate`. Throws `PKI_DER_MALFORMED`. */
export async function checkIssuer(
  certificate: PathCertificate,
  issuer: PathCertificate,
): Promise<PathFailure | undefined> {
  const { parts } = certificate;
  const verdict = await checkSignature({
    publicKey: issuer.parts.publicKey,
    algorithm: parts.outerSignature,
    message: parts.signed,
    signature: parts.signature,
  });
  switch (verdict) {
    case 'genuine':
      return undefined;
    case 'forged':
      return failure('signature-forged', `${issuer.subject} did not sign it.`, certificate);
    case 'weak':
      return failure(
        'signature-weak',
        'Its signature is of a broken algorithm or a key that is too short.',
        certificate,
      );
    case 'unsupported':
      return failure(
        'signature-unsupported',
        'Its signature is of an algorithm that is not verified here.',
        certificate,
      );
  }
}
