import type { PasskeyAssertion, PasskeyAttestation, PasskeyCreation, PasskeyRequest } from '@quantumvault/api';

/*
 * The ceremonies that make and show a passkey (WebAuthn level 3), in the browser's own JSON forms: what the server sends goes in as it
 * is, what the authenticator made comes out for the server to parse.
 */

/** The user turned the ceremony away, or let it run out. Nothing was done. */
export class PasskeyDeclinedError extends Error {
  override readonly name = 'PasskeyDeclinedError';
}

const isAddress = (hostname: string): boolean => /^[0-9.]+$|^\[/.test(hostname);

/** Made on this device before: one is enough. Nothing was done. */
export class PasskeyKnownError extends Error {
  override readonly name = 'PasskeyKnownError';
}

/** Why there can be no passkeys on this page, in words; null: there can. */
export function passkeyObstacle(): string | null {
  if (isAddress(location.hostname)) return 'Browsers bind passkeys to a name, and this page is at a bare address.';
  const canParse = 'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
  return canParse ? null : 'This browser has no passkeys that this console can use.';
}

/** The same page under the name that passkeys of a server on loopback are bound to; null where there is none. */
export function placeOfPasskeys(): string | null {
  if (!/^127\.|^\[::1\]$/.test(location.hostname)) return null;
  const url = new URL(location.href);
  url.hostname = 'localhost';
  return url.href;
}

type Descriptors = PasskeyRequest['options']['allowCredentials'];
/** `transports` is left out where it is not known: the browser's parser takes no undefined. */
const known = (descriptors: Descriptors) =>
  descriptors.map(({ transports, ...descriptor }) =>
    transports === undefined ? descriptor : { ...descriptor, transports },
  );

async function credentialOf(ceremony: Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null;
  try {
    credential = await ceremony;
  } catch (error) {
    if (error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError')) {
      throw new PasskeyDeclinedError('no passkey was used', { cause: error });
    }
    throw error;
  }
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyDeclinedError('the browser gave no passkey');
  return credential;
}

/** Makes a new passkey, which the server has yet to register. */
export async function makePasskey({ options }: PasskeyCreation): Promise<PasskeyAttestation> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON({
    ...options,
    excludeCredentials: known(options.excludeCredentials),
  });
  try {
    const credential = await credentialOf(navigator.credentials.create({ publicKey }));
    return credential.toJSON() as unknown as PasskeyAttestation;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidStateError') {
      throw new PasskeyKnownError('this device has a passkey of yours', { cause: error });
    }
    throw error;
  }
}

/** Shows a passkey that is registered. */
export async function showPasskey({ options }: PasskeyRequest): Promise<PasskeyAssertion> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({
    ...options,
    allowCredentials: known(options.allowCredentials),
  });
  const credential = await credentialOf(navigator.credentials.get({ publicKey }));
  return credential.toJSON() as unknown as PasskeyAssertion;
}
