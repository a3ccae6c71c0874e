import type { PasskeyAssertion, PasskeyAttestation } from '@quantumvault/api';

export interface NewCredential {
  readonly credentialId: Uint8Array;
  /** COSE_Key. */
  readonly publicKey: Uint8Array;
  readonly algorithm: number;
  readonly signCount: number;
  readonly transports: readonly string[];
  readonly isBackedUp: boolean;
}

export interface ProvenAssertion {
  readonly signCount: number;
  readonly isBackedUp: boolean;
}

/**
 * Judges what an authenticator answered: challenge, origin, relying party, presence and verification of the user, and the
 * signature. Null when any of it does not hold; whether the counter is acceptable is the caller's to say.
 */
export interface PasskeyCeremonies {
  verifyRegistration(input: {
    readonly challenge: Uint8Array;
    readonly credential: PasskeyAttestation;
  }): Promise<NewCredential | null>;
  verifyAssertion(input: {
    readonly challenge: Uint8Array;
    readonly assertion: PasskeyAssertion;
    readonly publicKey: Uint8Array;
  }): Promise<ProvenAssertion | null>;
}
