import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../../../../../tests/harness/database.ts';
import { generateApiKey } from './api-key.ts';
import { PostgresApiKeyDirectory } from './postgres-api-key-directory.ts';
import { PostgresSignInDirectory } from './sign-in/postgres-sign-in-directory.ts';

const [first, second] = ['01920000-0000-7000-8000-00000000000a', '01920000-0000-7000-8000-00000000000b'] as const;
const names = { identity: Buffer.alloc(32, 1), address: Buffer.alloc(32, 2) };
const nobody = { tenantId: null, subjectId: null, passwordHash: null, usable: false };

let database: TestDatabase;
let superuser: pg.Client;
let signIns: PostgresSignInDirectory;
let keys: PostgresApiKeyDirectory;
let made = 0;

async function addUser(tenantId: string, email: string, status = 'active'): Promise<string> {
  const id = `01920000-0000-7000-8000-${String(++made).padStart(12, '0')}`;
  await superuser.query(
    `WITH made AS (INSERT INTO subject (id, tenant_id, kind, status, display_name) VALUES ($1, $2, 'user', $4, $3))
     INSERT INTO user_account (id, tenant_id, email, password_hash) VALUES ($1, $2, $3, 'hash of ' || $3)`,
    [id, tenantId, email, status],
  );
  return id;
}

async function addKey(subjectId: string, prefix: string): Promise<Uint8Array> {
  const { secretHash } = generateApiKey();
  await superuser.query(
    'INSERT INTO api_key (id, tenant_id, subject_id, name, prefix, secret_hash) VALUES (gen_random_uuid(), $1, $2, $3, $3, $4)',
    [first, subjectId, prefix, Buffer.from(secretHash)],
  );
  return secretHash;
}

const find = async (email: string, organizationId: string | null = null) =>
  await signIns.find({ ...names, email, organizationId });

beforeAll(async () => {
  database = await cloneDatabase();
  superuser = await database.superuser();
  signIns = new PostgresSignInDirectory({ db: database.databases.auth });
  keys = new PostgresApiKeyDirectory({ db: database.databases.auth });
});
afterAll(async () => {
  await superuser.end();
  await database.close();
});

describe('ACC-11: a lookup that reads a neighbor gives out nothing of it', () => {
  it('of accounts: none, before the first and behind the last, by organization, and one address in two organizations', async () => {
    expect(await find('anybody@example.org')).toMatchObject(nobody);
    await superuser.query("INSERT INTO organization (id, name) VALUES ($1, 'First'), ($2, 'Second')", [first, second]);
    const one = await addUser(first, 'bb@example.org');
    const shared = [await addUser(first, 'cc@example.org'), await addUser(second, 'CC@example.org')];
    const last = await addUser(second, 'dd@example.org', 'suspended');
    for (const email of ['aa@example.org', 'bb@example.orh', 'c@example.org', 'zz@example.org', ''])
      expect(await find(email), email).toMatchObject(nobody);
    const of = (tenantId: string, subjectId: string, email: string, usable = true) => ({
      ...{ tenantId, subjectId, passwordHash: `hash of ${email}`, usable, isLocked: false },
    });
    expect(await find('BB@example.org')).toEqual(of(first, one, 'bb@example.org'));
    expect(await find('bb@example.org', first)).toEqual(of(first, one, 'bb@example.org'));
    expect(await find('bb@example.org', second)).toMatchObject(nobody);
    expect(await find('dd@example.org')).toEqual(of(second, last, 'dd@example.org', false));
    expect(await find('dd@example.org', first)).toMatchObject(nobody);
    expect(await find('cc@example.org')).toMatchObject(nobody);
    expect(await find('cc@example.org', first)).toEqual(of(first, shared[0] ?? '', 'cc@example.org'));
    expect(await find('cc@example.org', second)).toEqual(of(second, shared[1] ?? '', 'CC@example.org'));
  });

  it('of keys: none, before the first and behind the last', async () => {
    expect(await keys.find('mmmmmmmmmmmm')).toBeNull();
    const owner = await addUser(first, 'owner@example.org');
    const secretHash = await addKey(owner, 'mmmmmmmmmmmm');
    await addKey(owner, 'nnnnnnnnnnnn');
    expect(await keys.find('mmmmmmmmmmmm')).toMatchObject({ subjectId: owner, usable: true });
    expect(Buffer.from((await keys.find('mmmmmmmmmmmm'))?.secretHash ?? [])).toEqual(Buffer.from(secretHash));
    for (const prefix of ['aaaaaaaaaaaa', 'mmmmmmmmmmmn', 'zzzzzzzzzzzz']) {
      const found = await keys.find(prefix);
      expect(found, prefix).toMatchObject({ usable: false, secretHash: Buffer.alloc(32) });
      const ids = [found?.id, found?.tenantId, found?.subjectId];
      expect(new Set(ids), prefix).toEqual(new Set(['00000000-0000-0000-0000-000000000000']));
    }
  });

  it('of settings: the failures that lock are those of the account, not of the neighbor whose settings are read', async () => {
    await superuser.query(
      `INSERT INTO security_settings (tenant_id, document, updated_by)
       VALUES ($1, '{"lockout": {"failuresMax": 1, "lockSeconds": 60, "lockSecondsMax": 60}}', $1)`,
      [second],
    );
    const note = async (tenantId: string | null, subjectId: string | null) => {
      await superuser.query('DELETE FROM sign_in_failure');
      for (let attempt = 0; attempt < 2; attempt += 1)
        await signIns.note({ ...names, succeeded: false, tenantId, subjectId });
      return (await find('bb@example.org')).isLocked;
    };
    expect(await note(second, first)).toBe(true);
    expect(await note(first, first)).toBe(false);
    expect(await note(null, null)).toBe(false);
  });

  it('whatever is locked leaves a notice, and only those with somebody to tell are given', async () => {
    const dueAfterLock = async (tenantId: string | null, subjectId: string | null) => {
      await superuser.query('DELETE FROM sign_in_failure');
      for (let attempt = 0; attempt < 12; attempt += 1)
        await signIns.note({ ...names, succeeded: false, tenantId, subjectId });
      const { rows } = await superuser.query('SELECT notice_due FROM sign_in_failure WHERE key = $1', [names.identity]);
      expect(rows).toEqual([{ notice_due: true }]);
      return (await signIns.dueLockNotices()).map((notice) => notice.subjectId);
    };
    expect(await dueAfterLock(first, first)).toEqual([first]);
    expect(await dueAfterLock(null, null)).toEqual([]);
    const left = await superuser.query('SELECT FROM sign_in_failure WHERE notice_due');
    expect(left.rows).toEqual([]);
  });
});
