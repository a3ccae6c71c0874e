import type { PasskeyAssertion, PasskeyAttestation } from '@quantumvault/api';
import { passkeyAlgorithms, type RelyingParty } from '../domain/relying-party.ts';
import type { NewCredential, PasskeyCeremonies, ProvenAssertion } from '../ports/passkey-ceremonies.ts';

/** Loaded with the first ceremony: an installation without passkeys keeps the memory. */
const loadLibrary = () => import('@simplewebauthn/server');
const loadHelpers = () => import('@simplewebauthn/server/helpers');
type Helpers = Awaited<ReturnType<typeof loadHelpers>>;

const publicKeyBytesMax = 4096;
const credentialIdBytes = { min: 16, max: 1023 } as const;
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64url'));

/** A page of another origin that frames ours must not use our passkeys: the library lets older browsers off, we do not. */
function isFramed(clientDataJson: string): boolean {
  const data: unknown = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString('utf8'));
  return typeof data !== 'object' || data === null || Reflect.get(data, 'crossOrigin') === true;
}

/**
 * We ask for no attestation and trust none; what comes is `none`, or the key's own signature. Other statements are
 * refused unread: their parsers are the larger part of the library, and nothing would follow from them.
 */
function hasPlainAttestation({ decodeAttestationObject }: Helpers, attestationObject: string): boolean {
  const decoded = decodeAttestationObject(bytesOf(attestationObject));
  const format = decoded.get('fmt');
  return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
}

/** The ceremonies of WebAuthn by @simplewebauthn/server. Whatever it throws means that the answer does not hold. */
export class SimpleWebAuthn implements PasskeyCeremonies {
  readonly #party: RelyingParty;
  constructor(options: { party: RelyingParty }) {
    this.#party = options.party;
  }

  async verifyRegistration(input: {
    challenge: Uint8Array;
    credential: PasskeyAttestation;
  }): Promise<NewCredential | null> {
    const { id, rawId, type, response } = input.credential;
    const { verifyRegistrationResponse } = await loadLibrary();
    const helpers = await loadHelpers();
    try {
      if (isFramed(response.clientDataJSON) || !hasPlainAttestation(helpers, response.attestationObject)) return null;
      const { clientDataJSON, attestationObject, transports = [] } = response;
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: { id, rawId, type, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} },
        expectedChallenge: base64url(input.challenge),
        expectedOrigin: this.#party.origin,
        expectedRPID: this.#party.id,
        requireUserPresence: true,
        requireUserVerification: true,
        supportedAlgorithmIDs: [...passkeyAlgorithms],
      });
      if (!verified) return null;
      const { credential, credentialBackedUp } = registrationInfo;
      const algorithm = helpers.decodeCredentialPublicKey(credential.publicKey).get(helpers.cose.COSEKEYS.alg);
      const credentialId = bytesOf(credential.id);
      const isSized =
        credentialId.length >= credentialIdBytes.min &&
        credentialId.length <= credentialIdBytes.max &&
        credential.publicKey.length <= publicKeyBytesMax;
      if (!isSized || algorithm === undefined || credential.id !== id) return null;
      return {
        credentialId,
        publicKey: credential.publicKey,
        algorithm,
        signCount: credential.counter,
        transports,
        isBackedUp: credentialBackedUp,
      };
    } catch {
      return null;
    }
  }

  async verifyAssertion(input: {
    challenge: Uint8Array;
    assertion: PasskeyAssertion;
    publicKey: Uint8Array;
  }): Promise<ProvenAssertion | null> {
    const { id, rawId, type, response } = input.assertion;
    const { verifyAuthenticationResponse } = await loadLibrary();
    try {
      if (isFramed(response.clientDataJSON)) return null;
      const { clientDataJSON, authenticatorData, signature } = response;
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: {
          id,
          rawId,
          type,
          response: { clientDataJSON, authenticatorData, signature },
          clientExtensionResults: {},
        },
        expectedChallenge: base64url(input.challenge),
        expectedOrigin: this.#party.origin,
        expectedRPID: this.#party.id,
        requireUserVerification: true,
        // Counter 0: the library would answer a counter that fell like a wrong signature; we tell the two apart.
        credential: { id, publicKey: new Uint8Array(input.publicKey), counter: 0 },
      });
      if (!verified || !authenticationInfo.userVerified) return null;
      return { signCount: authenticationInfo.newCounter, isBackedUp: authenticationInfo.credentialBackedUp };
    } catch {
      return null;
    }
  }
}
