import { createClient, type Problem, problemSchema, type QuantumVaultClient } from '@quantumvault/api';
import type pg from 'pg';
import { generateApiKey } from '../../apps/server/src/modules/identity/index.ts';
import { addMember, type Member } from '../e2e/organizations.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';

/** Somebody with an account and a key, and the SDK in his hands. */
export interface Person extends Member {
  readonly client: QuantumVaultClient;
}

/** What the server said no with; fails the test when it said yes. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error && error.name === 'ApiProblemError' && 'problem' in error)
      return problemSchema.parse(error.problem);
    throw error;
  }
  throw new Error('the server did not refuse');
}

export interface Asked {
  readonly id: string;
  readonly planHash: string;
}

/** A real server with people in its organization, for the attacks on approvals. */
export class ApprovalWorld {
  readonly server: TestServer;
  /** As the cluster's administrator, whom no row-level security binds. */
  readonly sql: pg.Client;
  #count = 0;

  private constructor(server: TestServer, sql: pg.Client) {
    this.server = server;
    this.sql = sql;
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<ApprovalWorld> {
    const server = await startTestServer({ QV_RATE_LIMIT_PER_MINUTE: '1000000', ...settings });
    return new ApprovalWorld(server, await server.database.superuser());
  }

  async stop(): Promise<void> {
    await this.sql.end();
    await this.server.stop();
  }

  async person(name: string, email = `${name}@example.org`): Promise<Person> {
    const member = await addMember(this.server, this.server.signIn.organizationId, 'organization-admin', email);
    return { ...member, client: this.clientOf(member.apiKey) };
  }

  anonymous(): QuantumVaultClient {
    return createClient({ url: this.server.url, http: fetch });
  }

  /** A session of somebody without a second factor. */
  async signIn(email: string, password: string): Promise<{ accessToken: string; sessionId: string }> {
    const answer = await this.anonymous().signIn({ body: { email, password, transport: 'token' } });
    if (answer.status !== 'signed-in' || answer.accessToken === null)
      throw new Error(`not signed in: ${answer.status}`);
    return { accessToken: answer.accessToken, sessionId: answer.sessionId };
  }

  /** A service account of this person's with all rights of the organization, and the person's hands on its key. */
  async robotOf(owner: Person, name: string): Promise<Person> {
    const { id } = await owner.client.createServiceAccount({ body: { name } });
    await owner.client.createGrant({ body: { subjectId: id, role: 'organization-admin' } });
    const { secret } = await owner.client.createApiKey({ body: { serviceAccountId: id, name } });
    return { organizationId: owner.organizationId, userId: id, apiKey: secret, client: this.clientOf(secret) };
  }

  clientOf(apiKey: string): QuantumVaultClient {
    return createClient({ url: this.server.url, apiKey, http: fetch });
  }

  /** Another API key of the same account. */
  async secondKey({ organizationId, userId }: Person): Promise<string> {
    const { text, prefix, secretHash } = generateApiKey();
    await this.sql.query(
      `INSERT INTO api_key (id, tenant_id, subject_id, name, prefix, secret_hash)
       VALUES (gen_random_uuid(), $1, $2, 'second', $3, $4)`,
      [organizationId, userId, prefix, Buffer.from(secretHash)],
    );
    return text;
  }

  /** Puts an operation under approval without asking anybody: what is tested is what follows. */
  async demand(operation: string, quorum: number, more: { signatureRequired?: boolean } = {}): Promise<void> {
    await this.sql.query(
      `INSERT INTO approval_policy (tenant_id, operation, quorum, expires_in_seconds, signature_required, reason_required, updated_by)
       VALUES ($1, $2, $3, 3600, $4, false, $1)
       ON CONFLICT (tenant_id, operation) DO UPDATE SET quorum = $3, signature_required = $4`,
      [this.server.signIn.organizationId, operation, quorum, more.signatureRequired ?? false],
    );
  }

  async asset(client: QuantumVaultClient): Promise<string> {
    this.#count += 1;
    const { id } = await client.createAsset({
      body: {
        name: `asset ${this.#count}`,
        type: 'data-store',
        endpoint: `postgres://db-${this.#count}`,
        sensitivity: 'internal',
        exposure: 'internal',
        dataLifetimeYears: 1,
        tags: [],
      },
    });
    return id;
  }

  /** Asks for the archiving of an asset, which must be under approval. */
  async askToArchive(by: Person, assetId: string): Promise<Asked> {
    return askedOf(await problemOf(by.client.archiveAsset({ params: { id: assetId } })));
  }

  /** An asset of this person's, and the request to archive it. */
  async asked(by: Person): Promise<Asked & { readonly assetId: string }> {
    const assetId = await this.asset(by.client);
    return { assetId, ...(await this.askToArchive(by, assetId)) };
  }

  async isArchived(assetId: string): Promise<boolean> {
    const { rows } = await this.sql.query('SELECT 1 FROM asset WHERE id = $1 AND archived_at IS NOT NULL', [assetId]);
    return rows.length === 1;
  }

  async statusOf(id: string): Promise<string> {
    const { rows } = await this.sql.query<{ status: string }>('SELECT status FROM approval_request WHERE id = $1', [
      id,
    ]);
    return rows[0]?.status ?? 'none';
  }

  async count(action: string, resourceId: string): Promise<number> {
    const { rows } = await this.sql.query<{ count: string }>(
      'SELECT count(*) FROM audit_event WHERE action = $1 AND resource_id = $2',
      [action, resourceId],
    );
    return Number(rows[0]?.count);
  }

  /** What a superuser does who switches every trigger off. */
  async tamper(text: string, values: readonly unknown[]): Promise<void> {
    await this.sql.query('SET session_replication_role = replica');
    await this.sql.query(text, [...values]);
    await this.sql.query('SET session_replication_role = DEFAULT');
  }

  async setStatus(person: Person, status: 'active' | 'suspended' | 'offboarded'): Promise<void> {
    await this.sql.query('UPDATE subject SET status = $2 WHERE id = $1', [person.userId, status]);
  }
}

export function askedOf(problem: Problem): Asked {
  const { code, approvalId, planHash } = problem;
  if (code !== 'APPROVALS_REQUIRED' || approvalId === undefined || planHash === undefined)
    throw new Error(`no request for approval, but ${code}: ${problem.detail}`);
  return { id: approvalId, planHash };
}

export const approve = (by: Person, { id, planHash }: Asked) =>
  by.client.approveApproval({ params: { id }, body: { planHash } });
