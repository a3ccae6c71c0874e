import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { Installation } from '../../../tests/harness/installation.ts';

export type JobType = 'data-store' | 'tls-endpoint';

/**
 * The product as `npm start` runs it, with a PostgreSQL that waits for the disk at each commit, one server process with
 * workers and sequencer. Jobs are put into the table ready made and held back, then let go at once, so that what is
 * measured is their way from the claim to the durable event, and nothing of how they were asked for.
 */
export class JobServer {
  readonly #installation: Installation;
  readonly #sql: pg.Client;
  #count = 0;

  private constructor(installation: Installation, sql: pg.Client) {
    this.#installation = installation;
    this.#sql = sql;
  }

  static async open(environment: Readonly<Record<string, string>> = {}): Promise<JobServer> {
    const installation = await Installation.prepare({ QV_LOG_LEVEL: 'error', ...environment });
    try {
      await installation.start();
      const sql = await installation.sql();
      const { rows } = await sql.query(
        "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit",
      );
      if (rows[0]?.fsync !== 'on' || rows[0]?.commit !== 'on')
        throw new Error('the database of the bench does not wait for the disk');
      return new JobServer(installation, sql);
    } catch (error) {
      await installation.remove();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#sql.end();
    await this.#installation.remove();
  }

  /** `count` jobs of a type, each for an asset of its own: one asked for through the API, and copies of it. None is due yet. */
  async prepare(type: JobType, count: number): Promise<void> {
    const { client } = this.#installation;
    this.#count += 1;
    const asset = await client.createAsset({
      body: {
        name: `bench ${this.#count}`,
        type,
        endpoint: type === 'tls-endpoint' ? `bench-${this.#count}.example:443` : `postgres://bench-${this.#count}`,
        sensitivity: 'confidential',
        exposure: 'internal',
        dataLifetimeYears: 10,
        tags: [],
      },
    });
    const policy = (await client.listPolicies({ query: {} })).items.find(({ name }) => name === 'hybrid-default');
    if (policy === undefined) throw new Error('the built-in policy is missing');
    const { job } = await client.applyPolicy({
      params: { id: asset.id },
      body: { policyId: policy.id, simulate: false, priority: 0 },
    });
    if (job === null) throw new Error('no job was made');
    await this.#sql.query(
      `WITH made AS (
         INSERT INTO asset (id, tenant_id, environment_id, name, type, endpoint, sensitivity, exposure, data_lifetime_years,
                            encryption_profile, risk, risk_score)
         SELECT gen_random_uuid(), a.tenant_id, a.environment_id, a.name || ' ' || n, a.type, a.endpoint || '/' || n,
                a.sensitivity, a.exposure, a.data_lifetime_years, 'null', a.risk, a.risk_score
           FROM asset a, generate_series(1, $2::int) n WHERE a.id = $1
         RETURNING id)
       INSERT INTO job (id, tenant_id, kind, asset_id, policy_id, policy_version, input, requested_by, run_at)
       SELECT gen_random_uuid(), j.tenant_id, j.kind, made.id, j.policy_id, j.policy_version, j.input, j.requested_by, 'infinity'
         FROM job j, made WHERE j.id = $3`,
      [asset.id, count, job.id],
    );
    await this.#sql.query('ANALYZE job, asset');
    await this.#settled();
  }

  /** Lets the prepared jobs go. Resolves to the seconds until the last of them had ended, and until the log was published. */
  async run(): Promise<{ readonly jobs: number; readonly seconds: number; readonly publishedSeconds: number }> {
    const { rows: released } = await this.#sql.query<{ at: string; jobs: number }>(
      `WITH due AS (UPDATE job SET run_at = clock_timestamp() WHERE run_at = 'infinity' RETURNING 1)
       SELECT clock_timestamp()::text AS at, count(*)::int AS jobs FROM due`,
    );
    await this.#sql.query("SELECT pg_notify('qv_job', '')");
    const [begun] = released;
    await this.#settled();
    const { rows } = await this.#sql.query<{ done: number; seconds: number; published: number }>(
      `SELECT count(*)::int AS done, extract(epoch FROM max(finished_at) - $1::timestamptz)::float8 AS seconds,
              extract(epoch FROM clock_timestamp() - $1::timestamptz)::float8 AS published
         FROM job WHERE status = 'succeeded' AND finished_at > $1::timestamptz`,
      [begun?.at],
    );
    const [ended] = rows;
    if (begun === undefined || ended?.done !== begun.jobs)
      throw new Error(`${ended?.done} of ${begun?.jobs} jobs succeeded`);
    return { jobs: begun.jobs, seconds: ended.seconds, publishedSeconds: ended.published };
  }

  /** Until no job runs and everything that was recorded has its place in the published log. */
  async #settled(): Promise<void> {
    for (;;) {
      const { rows } = await this.#sql.query<{ open: boolean }>(
        `SELECT EXISTS (SELECT FROM job WHERE status = 'pending' AND run_at <= now()) OR EXISTS (SELECT FROM job WHERE status = 'running')
             OR EXISTS (SELECT FROM audit_pending)
             OR (SELECT size FROM audit_head) > coalesce((SELECT max(size) FROM audit_checkpoint), 0) AS open`,
      );
      if (rows[0]?.open === false) return;
      await sleep(20);
    }
  }

  /** Transactions per second that do nothing but insert a row and wait for the disk, on so many connections at once. */
  async bareCommits(count: number, connections: number): Promise<number> {
    await this.#sql.query('CREATE TABLE IF NOT EXISTS public.bench_row (id uuid PRIMARY KEY, content text)');
    const clients = await Promise.all(Array.from({ length: connections }, () => this.#installation.sql()));
    let left = count;
    const started = performance.now();
    await Promise.all(
      clients.map(async (client) => {
        while (left-- > 0)
          await client.query("INSERT INTO public.bench_row VALUES (gen_random_uuid(), repeat('x', 200))");
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    await Promise.all(clients.map((client) => client.end()));
    return count / seconds;
  }
}
