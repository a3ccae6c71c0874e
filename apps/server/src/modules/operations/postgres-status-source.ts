import { sql } from 'kysely';
import type { Databases } from '../../platform/postgres/databases.ts';
import type { StatusSource } from './get-status.ts';
import { databaseBytes, residentBytes } from './process-memory.ts';
import { readRunFile } from './run-file.ts';

/** Reads the numbers with the roles that may see them: jobs as `qv_worker`, the log as `qv_sequencer`. */
export function postgresStatusSource(options: {
  databases: Databases;
  dataDir: string;
  chainValid: () => boolean | null;
  emergencies: StatusSource['emergencies'];
}): StatusSource {
  const { databases, dataDir, chainValid, emergencies } = options;
  return {
    databaseVersion: async () => {
      const result = await sql<{ server_version: string }>`SHOW server_version`.execute(databases.app);
      return result.rows[0]?.server_version ?? 'unknown';
    },
    audit: async () => {
      const result = await sql<{ size: bigint; pending: bigint; published: bigint | null }>`
        SELECT (SELECT size FROM audit_head) AS size, (SELECT count(*) FROM audit_pending) AS pending,
               (SELECT max(size) FROM audit_checkpoint) AS published`.execute(databases.sequencer);
      const row = result.rows[0];
      return {
        logSize: Number(row?.size ?? 0n),
        pending: Number(row?.pending ?? 0n),
        publishedSize: Number(row?.published ?? 0n),
        chainValid: chainValid(),
      };
    },
    jobs: async () => {
      const rows = await databases.worker
        .selectFrom('job')
        .select(['status', (build) => build.fn.count<bigint>('id').as('count')])
        .where('status', 'in', ['pending', 'running'])
        .groupBy('status')
        .execute();
      const countOf = (status: string) => Number(rows.find((row) => row.status === status)?.count ?? 0n);
      return { pending: countOf('pending'), running: countOf('running') };
    },
    emergencies,
    memory: () => {
      const { launcherPid, postgresPid } = readRunFile(dataDir);
      return {
        serverBytes: process.memoryUsage.rss(),
        launcherBytes: launcherPid === null ? null : residentBytes(launcherPid),
        databaseBytes: postgresPid === null ? null : databaseBytes(postgresPid),
      };
    },
  };
}
