import type { CryptoRole, EncryptionProfile } from '../asset/encryption-profile.ts';

/** What stands between what a policy asks for and what was seen. */
export interface ProofGap {
  readonly role: CryptoRole | null;
  readonly message: string;
}

/**
 * `proven`: seen since the protection, and all that the policy asks for is there. `not-yet`: nobody has looked since, or
 * what was made is not in use. `failed`: what was made is in use and does not do what it should, or no longer does.
 */
export interface ProfileProof {
  readonly state: 'proven' | 'not-yet' | 'failed';
  readonly gaps: readonly ProofGap[];
}

/**
 * Judges whether a scan has proven what a protection job promised (INV-9). Null where no job promised anything that can
 * be compared: never protected, or protected by a release that did not record its expectations.
 */
export function proveProfile(profile: EncryptionProfile | null): ProfileProof | null {
  const applied = profile?.appliedPolicy;
  if (profile === null || applied?.expects === undefined || applied.appliedAt === undefined) return null;
  if (profile.source !== 'scan' || Date.parse(profile.observedAt) < Date.parse(applied.appliedAt)) {
    const message = 'No scan has looked at it since it was protected.';
    return { state: 'not-yet', gaps: [{ role: null, message }] };
  }
  const gaps: ProofGap[] = [];
  for (const { role, algorithms } of applied.expects) {
    const seen = profile.uses.filter((use) => use.role === role).map(({ algorithm }) => algorithm);
    const wrong = seen.filter((algorithm) => !algorithms.includes(algorithm));
    if (seen.length === 0) gaps.push({ role, message: `Nothing is known of its ${role}.` });
    for (const algorithm of wrong) {
      gaps.push({ role, message: `Its ${role} is ${algorithm}; the policy asks for ${algorithms.join(' or ')}.` });
    }
  }
  if (gaps.length === 0) return { state: 'proven', gaps };
  // A scan right after the job sees the old configuration: that is work left to do, not a failure.
  const isInUse =
    profile.certificateSha256 !== undefined && applied.certificates?.includes(profile.certificateSha256) === true;
  return { state: isInUse || applied.provenAt !== undefined ? 'failed' : 'not-yet', gaps };
}

/**
 * A new observation of a known asset: which policy was applied stays known, and the first scan that proves it is
 * remembered, so that a later change for the worse is told apart from a bundle that nobody has installed yet.
 */
export function observeProfile(known: EncryptionProfile | null, observed: EncryptionProfile): EncryptionProfile {
  const appliedPolicy = known?.appliedPolicy;
  if (appliedPolicy === undefined) return observed;
  const profile = { ...observed, appliedPolicy };
  if (appliedPolicy.provenAt !== undefined || proveProfile(profile)?.state !== 'proven') return profile;
  return { ...profile, appliedPolicy: { ...appliedPolicy, provenAt: observed.observedAt } };
}
