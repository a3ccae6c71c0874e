import { randomInt } from 'node:crypto';
import {
  decoyPasswordHash,
  derivePasswordKey,
  hashPassword,
  type PasswordCost,
  randomBytes,
  SecretBytes,
  secretAccess,
} from '@quantumvault/crypto';
import { PasswordVerifier, passwordLevel } from '../../apps/server/src/modules/identity/passwords/password-verifier.ts';
import { checkPassword } from '../../apps/server/src/modules/identity/sign-in/check-password.ts';
import { PostgresSignInDirectory } from '../../apps/server/src/modules/identity/sign-in/postgres-sign-in-directory.ts';
import type { Experiment, Kind } from './measure.ts';
import { type OpenInstallation, tenantId } from './open-installation.ts';

const password = 'the right password of everybody';
const wrong = 'x'.repeat(password.length);
const address = '192.0.2.1';

/** One failure more locks: the organization's settings below say so. */
const failuresMax = 10;

/** Under 5 ms, so that it does not cover what else differs. Made here: the product has no way to set a cost. */
const testCost: PasswordCost = { memoryKib: 1024, passes: 1, parallelism: 1 };

const phc = ({ memoryKib, passes, parallelism }: PasswordCost, salt: Uint8Array, tag: Uint8Array): string => {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${text(salt)}$${text(tag)}`;
};

export interface Hashes {
  /** Of everybody's password. */
  readonly hash: string;
  /** What is compared with where there is none. */
  readonly decoy: string;
}

export async function hashesAtTestCost(): Promise<Hashes> {
  const salt = randomBytes(32);
  using secret = SecretBytes.fromUtf8(password);
  using key = await derivePasswordKey(secret, { salt, cost: testCost });
  const hash = key.open(secretAccess, (bytes) => phc(testCost, salt, bytes));
  return { hash, decoy: phc(testCost, randomBytes(32), randomBytes(32)) };
}

/** As the server makes both. */
export async function hashesAtRealCost(): Promise<Hashes> {
  using secret = SecretBytes.fromUtf8(password);
  return { hash: await hashPassword(secret, passwordLevel), decoy: decoyPasswordHash(passwordLevel) };
}

/** So many addresses of each kind, in no order: where a row lies makes a microsecond, and is no sign of its kind. */
const addressesOfKind = 50;

const personKinds = ['nobody', 'somebody', 'suspended', 'passkeyed', 'locked'] as const;
type PersonKind = (typeof personKinds)[number];
export type People = ReadonlyMap<PersonKind, readonly string[]>;

/** The accounts that the experiments try, and the settings of their organization. */
export async function addPeople({ superuser, addUser }: OpenInstallation): Promise<People> {
  const people = new Map<PersonKind, string[]>(personKinds.map((kind) => [kind, []]));
  for (let number = 0; number < addressesOfKind; number += 1)
    for (const [kind, emails] of people) {
      const email = `${Buffer.from(randomBytes(8)).toString('hex')}@example.org`;
      if (kind !== 'nobody') await addUser(email, kind === 'suspended' ? 'suspended' : 'active');
      emails.push(email);
    }
  await superuser.query(
    `INSERT INTO security_settings (tenant_id, document, updated_by)
     VALUES ($1, jsonb_build_object('lockout', jsonb_build_object('failuresMax', $2::integer, 'lockSeconds', 60, 'lockSecondsMax', 3600)), $1)`,
    [tenantId, failuresMax],
  );
  return people;
}

/** Whom this round tries, one of each kind. */
interface Round {
  emailOf(kind: PersonKind): string;
  next(): Promise<void>;
}

/** Everybody begins a round with a row of so many failures, and one of them is locked. */
function roundsOf({ superuser, sessionKeys }: OpenInstallation, people: People, failures: number): Round {
  const chosen = new Map<PersonKind, string>();
  const keyOf = (email: string) => Buffer.from(sessionKeys.nameOf('sign-in-identity', email));
  return {
    emailOf: (kind) => chosen.get(kind) ?? '',
    next: async () => {
      for (const [kind, emails] of people) chosen.set(kind, emails[randomInt(emails.length)] ?? '');
      await superuser.query('DELETE FROM sign_in_failure');
      await superuser.query(
        `INSERT INTO sign_in_failure (key, failures, locked_until)
         SELECT key, $3, CASE WHEN key = $2 THEN now() + interval '1 hour' END FROM unnest($1::bytea[]) AS key`,
        [[...chosen.values()].map(keyOf), keyOf(chosen.get('locked') ?? ''), failures],
      );
    },
  };
}

interface SignInOptions {
  readonly people: People;
  readonly hashes: Hashes;
  /** What everybody has failed before. */
  readonly failures: number;
}

async function attemptsOf(open: OpenInstallation, { people, hashes, failures }: SignInOptions) {
  const { superuser, databases, sessionKeys } = open;
  await superuser.query('UPDATE user_account SET password_hash = $1 WHERE email <> ALL ($2)', [
    hashes.hash,
    people.get('passkeyed'),
  ]);
  await superuser.query('VACUUM ANALYZE');
  const round = roundsOf(open, people, failures);
  const check = {
    directory: new PostgresSignInDirectory({ db: databases.auth }),
    names: { keys: sessionKeys, networkOf: (text: string) => text },
    verifier: new PasswordVerifier({ decoy: hashes.decoy }),
    countRefusal: () => {},
  };
  const kind = (name: string, whose: PersonKind, given: string): Kind => ({
    name,
    attempt: async () => {
      const shown = await checkPassword(
        check,
        { email: round.emailOf(whose), password: given, organizationId: null },
        address,
      );
      if (shown !== null) throw new Error(`${name} was let in`);
    },
  });
  return { kind, between: round.next };
}

/** ACC-11: whatever a password is refused for. */
export async function signIns(
  open: OpenInstallation,
  options: Omit<SignInOptions, 'failures'> & { readonly title: string },
): Promise<Experiment> {
  const { kind, between } = await attemptsOf(open, { ...options, failures: 0 });
  return {
    title: options.title,
    kinds: [
      kind('unknown user', 'nobody', wrong),
      kind('wrong password', 'somebody', wrong),
      kind('suspended user, right password', 'suspended', password),
      kind('user without a password', 'passkeyed', wrong),
      kind('locked user, right password', 'locked', password),
    ],
    between,
  };
}

/** The failure that locks leaves a notice to be given where there is somebody. */
export async function lockingSignIns(
  open: OpenInstallation,
  options: Omit<SignInOptions, 'failures'>,
): Promise<Experiment> {
  const { kind, between } = await attemptsOf(open, { ...options, failures: failuresMax - 1 });
  return {
    title: 'Sign-in by the failure that locks, Argon2id at test cost',
    kinds: [
      kind('unknown user', 'nobody', wrong),
      kind('wrong password', 'somebody', wrong),
      kind('suspended user', 'suspended', wrong),
    ],
    between,
  };
}
