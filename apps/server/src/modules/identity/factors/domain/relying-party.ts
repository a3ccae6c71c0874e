import type { PasskeyCreation, PasskeyRequest } from '@quantumvault/api';
import { idBytes } from '../../../../kernel/ids.ts';

/** Whom passkeys are for: the name that browsers bind them to, and the pages that may ask for them. */
export interface RelyingParty {
  readonly id: string;
  readonly name: string;
  readonly origin: string;
}

const loopback = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/;

/**
 * From the address that people type. Browsers bind passkeys to a domain and never to a bare address, so a server on
 * loopback is `localhost` to them.
 */
export function relyingPartyAt(publicUrl: string): RelyingParty {
  const url = new URL(publicUrl);
  if (loopback.test(url.hostname)) url.hostname = 'localhost';
  return { id: url.hostname, name: 'QuantumVault', origin: url.origin };
}

export interface KnownCredential {
  readonly credentialId: Uint8Array;
  readonly transports: readonly string[];
}

/**
 * COSE algorithms in order of preference (IANA registry "COSE Algorithms"): post-quantum first, for
 * the authenticators that have it, then Ed25519, P-256, and RSA for the platform keys of older Windows.
 */
export const passkeyAlgorithms = [-48, -8, -7, -257] as const;

/** How long a person may take. */
export const ceremonySeconds = 300;

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const descriptor = ({ credentialId, transports }: KnownCredential) => ({
  type: 'public-key' as const,
  id: base64url(credentialId),
  ...(transports.length === 0 ? {} : { transports: [...transports] }),
});

/** What a passkey answers with where nobody is known yet: organization and user, both without a meaning outside. */
export const userHandle = (user: { readonly tenantId: string; readonly subjectId: string }): string =>
  base64url(Buffer.concat([idBytes(user.tenantId), idBytes(user.subjectId)]));

/** Always discoverable and always with the user verified, so that a passkey alone is two factors. */
export function creationOptions(input: {
  readonly party: RelyingParty;
  readonly user: { readonly tenantId: string; readonly subjectId: string; readonly account: string };
  readonly challenge: Uint8Array;
  readonly known: readonly KnownCredential[];
}): PasskeyCreation['options'] {
  const { party, user, challenge, known } = input;
  return {
    rp: { id: party.id, name: party.name },
    user: { id: userHandle(user), name: user.account, displayName: user.account },
    challenge: base64url(challenge),
    pubKeyCredParams: passkeyAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: ceremonySeconds * 1000,
    excludeCredentials: known.map(descriptor),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
  };
}

/** `known` empty: any passkey of this server, and its answer says whose it is. */
export function requestOptions(input: {
  readonly party: RelyingParty;
  readonly challenge: Uint8Array;
  readonly known: readonly KnownCredential[];
}): PasskeyRequest['options'] {
  return {
    rpId: input.party.id,
    challenge: base64url(input.challenge),
    timeout: ceremonySeconds * 1000,
    allowCredentials: input.known.map(descriptor),
    userVerification: 'required',
  };
}
