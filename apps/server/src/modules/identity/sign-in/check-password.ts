import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import type { PasswordVerifier } from '../passwords/password-verifier.ts';
import type { SignInDirectory } from './sign-in-directory.ts';
import { type NameSignInOptions, signInNames } from './sign-in-names.ts';

export interface GivenPassword {
  readonly email: string;
  readonly password: string;
  readonly organizationId: string | null;
}

/** Whose password was right. */
export interface ShownPassword {
  readonly tenantId: TenantId;
  readonly subjectId: ActorId;
  readonly passwordHash: string;
}

export interface CheckPasswordOptions {
  readonly directory: Pick<SignInDirectory, 'find' | 'note'>;
  readonly names: NameSignInOptions;
  readonly verifier: Pick<PasswordVerifier, 'verify'>;
  readonly countRefusal: CountRefusal;
}

/**
 * The part of a sign-in whose work does not depend on what is found (ACC-11): one lookup, one Argon2id, one note. Null is
 * every kind of refusal. `npm run timing` measures it.
 */
export async function checkPassword(
  { directory, verifier, names, countRefusal }: CheckPasswordOptions,
  { email, password, organizationId }: GivenPassword,
  address: string | null,
): Promise<ShownPassword | null> {
  const named = signInNames(names, { email, address });
  const found = await directory.find({ ...named, email: email.trim(), organizationId });
  const matches = await verifier.verify(password, found.passwordHash);
  const { tenantId, subjectId, passwordHash } = found;
  const succeeded = matches && found.usable && !found.isLocked;
  await directory.note({ ...named, succeeded, tenantId, subjectId });
  if (!succeeded || tenantId === null || subjectId === null || passwordHash === null) {
    countRefusal(address);
    return null;
  }
  return { tenantId: tenantId as TenantId, subjectId: subjectId as ActorId, passwordHash };
}
