import type { PasskeyAssertion, PasskeyRequest } from '@quantumvault/api';

/*
 * The ceremony that shows a passkey (WebAuthn level 3), in the browser's own JSON forms: what the server sends goes in as it
 * is, what the authenticator made comes out for the server to parse.
 */

/** The user turned the ceremony away, or let it run out. Nothing was done. */
export class PasskeyDeclinedError extends Error {
  override readonly name = 'PasskeyDeclinedError';
}

const isAddress = (hostname: string): boolean => /^[0-9.]+$|^\[/.test(hostname);

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

/** Shows a passkey that is registered. */
export async function showPasskey({ options }: PasskeyRequest): Promise<PasskeyAssertion> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({
    ...options,
    allowCredentials: known(options.allowCredentials),
  });
  const credential = await credentialOf(navigator.credentials.get({ publicKey }));
  return credential.toJSON() as unknown as PasskeyAssertion;
}
