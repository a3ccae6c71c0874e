import { describe, expect, it } from 'vitest';
import { accessOfRoles } from '../../kernel/access.test-support.ts';
import { internalRequest } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/app-error.ts';
import { generateApiKey, presentedKey } from './api-key.ts';
import type { FoundApiKey } from './api-key-directory.ts';
import { ApiKeyAuthenticator } from './authenticate-api-key.ts';

const request = { ...internalRequest('r'), sourceAddress: '192.0.2.1' };

function withKey(change: Partial<FoundApiKey> = {}) {
  const key = generateApiKey();
  const found: FoundApiKey = {
    id: '01920000-0000-7000-8000-000000000001',
    tenantId: '01920000-0000-7000-8000-000000000002',
    subjectId: '01920000-0000-7000-8000-000000000003',
    secretHash: key.secretHash,
    usable: true,
    subjectKind: 'user',
    accessVersion: 7n,
    ...change,
  };
  const lookups: string[] = [];
  const refused: (string | null)[] = [];
  const compiled: bigint[] = [];
  const authenticator = new ApiKeyAuthenticator({
    access: {
      at: async ({ version }) => {
        compiled.push(version);
        return accessOfRoles(['auditor']);
      },
    },
    directory: {
      find: async (prefix) => {
        lookups.push(prefix);
        return prefix === key.prefix ? found : null;
      },
      noteUse: () => {},
    },
    limits: {
      of: async () => ({ permissions: null, allowedNetworks: [], place: null }),
      narrow: async (_, access) => access,
    },
    countRefusal: (address) => refused.push(address),
  });
  return { key, authenticator, lookups, refused, compiled };
}

describe('ACC-2: API keys', () => {
  it('ACC-2: a key has the documented form and only its hash is kept', () => {
    const key = generateApiKey();
    expect(key.text).toMatch(/^qv_[a-z0-9]{12}_[A-Za-z0-9_-]{43}$/);
    expect(presentedKey(key.text)).toEqual({ wellFormed: true, prefix: key.prefix, secretHash: key.secretHash });
    expect(key.secretHash).toHaveLength(32);
  });

  it('ACC-1: a valid key gives an actor with the access of its subject as of this lookup', async () => {
    const { key, authenticator, compiled } = withKey();
    const actor = await authenticator.authenticate(key.text, request);
    expect(compiled).toEqual([7n]);
    expect(actor.access.roles).toEqual(['auditor']);
    expect(actor.access.about('audit.read')).toHaveLength(1);
    expect(actor.access.about('asset.create')).toEqual([]);
    expect(actor.credential).toMatchObject({ kind: 'api-key', permissions: null });
  });

  it.each([
    ['missing', () => null],
    ['empty', () => ''],
    ['malformed', () => 'qv_x'],
    ['unknown', () => generateApiKey().text],
    ['wrong secret', (text: string) => `${text.slice(0, -5)}AAAAA`],
    ['trailing byte', (text: string) => `${text}A`],
    ['very long', () => `qv_${'a'.repeat(100_000)}`],
  ])('ACC-11: a %s key is refused by one lookup and one comparison, with one answer', async (_, change) => {
    const { key, authenticator, lookups, refused } = withKey();
    const error = await authenticator.authenticate(change(key.text), request).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'IDENTITY_UNAUTHENTICATED', kind: 'unauthenticated' });
    expect(lookups).toHaveLength(1);
    expect(refused).toEqual(['192.0.2.1']);
  });

  it('ACC-2: a revoked, expired or suspended key is refused like an unknown one', async () => {
    const { key, authenticator, refused } = withKey({ usable: false });
    await expect(authenticator.authenticate(key.text, request)).rejects.toMatchObject({
      code: 'IDENTITY_UNAUTHENTICATED',
    });
    expect(refused).toHaveLength(1);
  });
});
