import { type HpkeSuiteId, hpkeSuite, hpkeSuiteCnsa } from '@quantumvault/crypto';
import { EnvelopeError, need } from './errors.ts';
import type { RecipientInfo } from './header/recipients.ts';
import type { SealTo } from './seal.ts';

/**
 * What both ends may demand of an envelope (QV1-70). A profile is no field of the format: whoever opens states its own
 * demand and does not take one from the sender. The body, AES-256 with SHA-384, is on the list of CNSA 2.0 already.
 */
export const envelopeProfiles = ['standard', 'cnsa-2.0'] as const;
export type EnvelopeProfile = (typeof envelopeProfiles)[number];

/** The suite of new keys under a profile. */
export function suiteOfProfile(profile: EnvelopeProfile): HpkeSuiteId {
  return profile === 'cnsa-2.0' ? hpkeSuiteCnsa : hpkeSuite;
}

const demand = 'the profile cnsa-2.0 allows recipients of ML-KEM-1024 alone, and no passphrase';

/** One recipient outside the profile is enough: whoever it is could open. Throws UNSUPPORTED. */
export function needProfile(profile: EnvelopeProfile, recipients: readonly RecipientInfo[]): void {
  if (profile === 'standard') return;
  const fits = recipients.every((recipient) => recipient.type === 'hpke' && recipient.suite === hpkeSuiteCnsa);
  need(fits, 'ENVELOPE_UNSUPPORTED', demand);
}

/** The same before sealing, when nothing is wrapped yet. Throws UNSUPPORTED. */
export function needProfileOf(profile: EnvelopeProfile, to: SealTo): void {
  if (profile === 'standard') return;
  const fits = 'recipients' in to && to.recipients.every(({ suite }) => suite === hpkeSuiteCnsa);
  if (!fits) throw new EnvelopeError('ENVELOPE_UNSUPPORTED', demand);
}
