import { decodeEvent } from '@quantumvault/tlog';
import type pg from 'pg';

/** All refusals before authentication that the log or its counters know, at one moment: a minute that ends moves them. */
export async function countedRefusals(sql: Pick<pg.Client, 'query'>): Promise<number> {
  const { rows } = await sql.query<{ open: number; closed: Uint8Array[] }>(
    `SELECT (SELECT coalesce(sum(refusals), 0)::int FROM auth_refusal_count) AS open,
            ARRAY(SELECT event FROM audit_event WHERE action = 'auth.refused') AS closed`,
  );
  const closed = (rows[0]?.closed ?? []).map((event) => Number(decodeEvent(event).details.refusals));
  return closed.reduce((sum, count) => sum + count, rows[0]?.open ?? 0);
}
