import { hashPasswordBy } from '../password.ts';
import type { PasswordLevel } from '../password-cost.ts';
import { SecretBytes } from '../secret-bytes.ts';
import type { PasswordScheme } from '../stored-password.ts';
import type { BenchCase, BenchGroup } from './case.ts';

const levels: readonly PasswordLevel[] = ['standard', 'high', 'maximum'];
const schemes: readonly { readonly algorithm: string; readonly scheme: PasswordScheme }[] = [
  { algorithm: 'Argon2id', scheme: 'argon2id' },
  { algorithm: 'scrypt', scheme: 'scrypt' },
  { algorithm: 'PBKDF2', scheme: 'pbkdf2-sha256' },
];

/** CRY-5: `high` by Argon2id is meant to cost about 100 ms on the machine at hand; these cases tell what it does. */
export const passwordGroups: readonly BenchGroup[] = schemes.map(({ algorithm, scheme }) => ({
  algorithm,
  prepare: async () => {
    const password = SecretBytes.fromUtf8('correct horse battery staple');
    return levels.map(
      (level): BenchCase => ({
        operation: level,
        told: 'time',
        run: () => hashPasswordBy(password, { scheme, level }),
      }),
    );
  },
}));
