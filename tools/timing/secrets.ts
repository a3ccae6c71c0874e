import { randomInt } from 'node:crypto';
import { oneTimeCode, SecretBytes } from '@quantumvault/crypto';
import { noAccess } from '../../apps/server/src/kernel/access.ts';
import { internalRequest } from '../../apps/server/src/kernel/actor.ts';
import { generateApiKey } from '../../apps/server/src/modules/identity/api-key.ts';
import { ApiKeyAuthenticator } from '../../apps/server/src/modules/identity/authenticate-api-key.ts';
import { matchTotp, totpForm, totpStepAt } from '../../apps/server/src/modules/identity/factors/domain/totp.ts';
import { PostgresApiKeyDirectory } from '../../apps/server/src/modules/identity/postgres-api-key-directory.ts';
import { hashOfSecret, newSecret } from '../../apps/server/src/modules/identity/sessions/secrets.ts';
import { needCsrf } from '../../apps/server/src/modules/identity/sessions/session-authenticator.ts';

import type { Experiment, Kind } from './measure.ts';
import { type OpenInstallation, tenantId } from './open-installation.ts';

/** Another last character of the same length: all but the end of a secret is right. */
const withOtherEnd = (text: string): string => text.slice(0, -1) + (text.endsWith('A') ? 'B' : 'A');

/** Characters of a key's secret, at its end. */
const secretLength = 43;

/** So many keys of each kind: where a key lies in an index makes a microsecond, and is no sign of its kind. */
const keysOfKind = 500;

type StoredAs = 'live' | 'revoked' | 'expired' | 'of a suspended owner';

async function addKey({ superuser, newId, addUser }: OpenInstallation, as: StoredAs, number: number): Promise<string> {
  const email = `${as.replaceAll(' ', '-')}-${number}@example.org`;
  const owner = await addUser(email, as === 'of a suspended owner' ? 'suspended' : 'active');
  const key = generateApiKey();
  await superuser.query(
    `INSERT INTO api_key (id, tenant_id, subject_id, name, prefix, secret_hash, revoked_at, expires_at)
     VALUES ($1, $2, $3, 'timing', $4, $5, CASE $6 WHEN 'revoked' THEN now() - interval '1 day' END,
             CASE $6 WHEN 'expired' THEN now() - interval '1 day' END)`,
    [newId<string>(), tenantId, owner, key.prefix, Buffer.from(key.secretHash), as],
  );
  return key.text;
}

const unreached = (): never => {
  throw new Error('a refused key was asked for its limits');
};

/** ACC-2, ACC-11: whatever an API key is refused for. */
export async function apiKeys(open: OpenInstallation): Promise<Experiment> {
  const kinds: readonly StoredAs[] = ['live', 'revoked', 'expired', 'of a suspended owner'];
  const stored = new Map<StoredAs, string[]>(kinds.map((as) => [as, []]));
  for (let number = 0; number < keysOfKind; number += 1)
    for (const [as, texts] of stored) texts.push(await addKey(open, as, number));
  await open.superuser.query('VACUUM ANALYZE');
  const authenticator = new ApiKeyAuthenticator({
    directory: new PostgresApiKeyDirectory({ db: open.databases.auth }),
    access: { at: async () => noAccess },
    // Of keys that are right alone.
    limits: { of: unreached, narrow: unreached },
    countRefusal: () => {},
  });
  const request = internalRequest('timing');
  const kind = (name: string, given: readonly string[]): Kind => {
    // As they come from a connection: put together from pieces, a string is slower to read.
    const texts = given.map((text) => Buffer.from(text).toString('latin1'));
    return {
      name,
      // Any of them: neighbors that are tried one after the other would find each other's pages in the processor's cache.
      attempt: () =>
        authenticator.authenticate(texts[randomInt(texts.length)] ?? null, request).then(
          () => {
            throw new Error(`${name} was let in`);
          },
          () => {},
        ),
    };
  };
  const live = stored.get('live') ?? [];
  return {
    title: 'API keys',
    kinds: [
      kind(
        'unknown prefix',
        live.map(() => generateApiKey().text),
      ),
      kind(
        'wrong secret',
        live.map((text) => text.slice(0, -secretLength) + generateApiKey().text.slice(-secretLength)),
      ),
      kind('secret right but for its end', live.map(withOtherEnd)),
      kind('revoked key', stored.get('revoked') ?? []),
      kind('expired key', stored.get('expired') ?? []),
      kind('suspended owner', stored.get('of a suspended owner') ?? []),
    ],
  };
}

/** ACC-2: one-time codes, compared digit by digit nowhere. */
export function oneTimeCodes(now: Date): Experiment {
  const secret = SecretBytes.random(totpForm.secretBytes);
  const step = totpStepAt(now);
  const right = oneTimeCode({ secret, counter: step, hash: totpForm.hash, digits: totpForm.digits });
  const other = (digit: string) => String((Number(digit) + 1) % 10);
  const kind = (name: string, code: string, lastStep: bigint): Kind => ({
    name,
    attempt: () => {
      if (matchTotp({ secret, code, now, lastStep }) !== null) throw new Error(`${name} was let in`);
    },
  });
  return {
    title: 'One-time codes (TOTP)',
    kinds: [
      kind('no digit right', [...right].map(other).join(''), 0n),
      kind('all digits right but the last', right.slice(0, -1) + other(right.slice(-1)), 0n),
      kind('right, but used', right, step + 1n),
    ],
  };
}

/** ACC-4: the token that shows that a page of ours made a request; refresh tokens and tickets are found by such a hash. */
export function sessionTokens(): Experiment {
  const right = newSecret('qvc').text;
  const csrfHash = hashOfSecret(right);
  const kind = (name: string, csrfToken: string): Kind => ({
    name,
    attempt: () => {
      try {
        needCsrf({ csrfToken, isSafe: false, isSameOrigin: true }, csrfHash);
      } catch {
        return;
      }
      throw new Error(`${name} was let in`);
    },
  });
  return {
    title: 'Session tokens (CSRF)',
    kinds: [kind('another token', newSecret('qvc').text), kind('token right but for its end', withOtherEnd(right))],
  };
}
