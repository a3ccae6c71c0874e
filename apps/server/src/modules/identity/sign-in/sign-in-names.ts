import type { SessionKeys } from '../tokens/session-keys.ts';
import type { SignInNames } from './sign-in-directory.ts';

/** ACC-10: one spelling for all that name one account, so that another spelling is no further set of guesses. */
export const canonicalEmail = (email: string): string => email.normalize('NFKC').trim().toLowerCase();

export interface NameSignInOptions {
  readonly keys: Pick<SessionKeys, 'nameOf'>;
  /** The network that an address stands for: a client may have many addresses of one. */
  readonly networkOf: (address: string) => string;
}

export function identityName(keys: Pick<SessionKeys, 'nameOf'>, email: string): Uint8Array {
  return keys.nameOf('sign-in-identity', canonicalEmail(email));
}

export function signInNames(
  { keys, networkOf }: NameSignInOptions,
  { email, address }: { readonly email: string; readonly address: string | null },
): SignInNames {
  return {
    identity: identityName(keys, email),
    address: keys.nameOf('sign-in-address', address === null ? 'unknown' : networkOf(address)),
  };
}
