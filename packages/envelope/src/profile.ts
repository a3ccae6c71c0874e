import {
  type HpkeSuiteId,
  hpkeSuite,
  hpkeSuiteCategory5,
  hpkeSuiteCategory5Chacha,
  hpkeSuiteChacha,
  hpkeSuiteCnsa,
} from '@quantumvault/crypto';
import { EnvelopeError, need } from './errors.ts';
import type { RecipientInfo } from './header/recipients.ts';
import type { SealTo } from './seal.ts';
import type { PublicSigner } from './signature/signer.ts';

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

/** AEADs under which data keys are wrapped for recipients. */
export const wrapAeads = ['AES-256-GCM', 'ChaCha20-Poly1305'] as const;
export type WrapAead = (typeof wrapAeads)[number];

const chachaOf: Readonly<Record<string, HpkeSuiteId>> = {
  [hpkeSuite]: hpkeSuiteChacha,
  [hpkeSuiteCategory5]: hpkeSuiteCategory5Chacha,
};

/** The suite of a wrap to a key of `suite`: the same KEM and KDF with this AEAD. Throws UNSUPPORTED when there is none. */
export function suiteWithAead(suite: string, aead: WrapAead): string {
  const found = aead === 'AES-256-GCM' ? suite : chachaOf[suite];
  if (found !== undefined) return found;
  throw new EnvelopeError('ENVELOPE_UNSUPPORTED', `keys of ${suite} do not wrap with ${aead}`);
}

const demand = 'the profile cnsa-2.0 allows recipients of ML-KEM-1024 alone, and no passphrase';

/** One recipient outside the profile is enough: whoever it is could open. Throws UNSUPPORTED. */
export function needProfile(profile: EnvelopeProfile, recipients: readonly RecipientInfo[]): void {
  if (profile === 'standard') return;
  const fits = recipients.every((recipient) => recipient.type === 'hpke' && recipient.suite === hpkeSuiteCnsa);
  need(fits, 'ENVELOPE_UNSUPPORTED', demand);
}

/** CNSA 2.0 takes ML-DSA-87 alone: no smaller set, no composite with one. Throws UNSUPPORTED. */
export function needProfileOfSigner(
  profile: EnvelopeProfile,
  signer: Pick<PublicSigner, 'algorithm'> | undefined,
): void {
  const fits = profile === 'standard' || signer === undefined || signer.algorithm === 'ML-DSA-87';
  need(fits, 'ENVELOPE_UNSUPPORTED', 'the profile cnsa-2.0 allows signers of ML-DSA-87 alone');
}

/** The same before sealing, when nothing is wrapped yet. Throws UNSUPPORTED. */
export function needProfileOf(profile: EnvelopeProfile, to: SealTo, signer?: PublicSigner): void {
  needProfileOfSigner(profile, signer);
  if (profile === 'standard') return;
  const isAes = 'recipients' in to && (to.wrapAead ?? 'AES-256-GCM') === 'AES-256-GCM';
  const fits = isAes && to.recipients.every((recipient) => 'suite' in recipient && recipient.suite === hpkeSuiteCnsa);
  if (!fits) throw new EnvelopeError('ENVELOPE_UNSUPPORTED', demand);
}
