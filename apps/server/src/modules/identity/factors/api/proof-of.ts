import type { PasskeyAssertion } from '@quantumvault/api';
import { factorErrors } from '../domain/errors.ts';
import type { FactorProof } from '../prove-factor.ts';

type Passkey = Extract<FactorProof, { method: 'passkey' }>;

interface GivenProof {
  readonly code?: string | undefined;
  readonly challengeId?: string | undefined;
  readonly credential?: PasskeyAssertion | undefined;
}

// Which fields are needed depends on the method; the schema has them all as optional, for GraphQL has no such unions.
const missing = (...names: string[]) =>
  factorErrors.FACTORS_PROOF_INCOMPLETE({
    fields: names.map((name) => ({ path: `body.${name}`, message: 'is needed with this method' })),
  });

export function passkeyOf({ challengeId, credential }: GivenProof): Passkey {
  if (challengeId === undefined || credential === undefined) throw missing('challengeId', 'credential');
  return { method: 'passkey', challengeId, assertion: credential };
}

export function codeOf<Method extends 'totp' | 'recovery-code'>(method: Method, { code }: GivenProof) {
  if (code === undefined) throw missing('code');
  return { method, code };
}

export function passwordOf({ password }: { readonly password?: string | undefined }): string {
  if (password === undefined) throw missing('password');
  return password;
}
