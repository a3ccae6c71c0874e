import type { Reach } from '@quantumvault/access';
import { type RawBuilder, sql } from 'kysely';

/**
 * The rows that a reach shows, by the columns that hold the way down to each (environment, project, service; null where
 * there is none). Null: all rows, and no condition that a plan would have to carry.
 */
export function reachCondition(path: readonly RawBuilder<unknown>[], reach: Reach | null): RawBuilder<boolean> | null {
  if (reach === null) return null;
  const columns = sql`ARRAY[${sql.join(path)}]::uuid[]`;
  const meets = (ids: readonly string[]) => sql`${columns} && ${[...ids]}::uuid[]`;
  return reach.everywhere
    ? sql<boolean>`NOT (${meets(reach.denied)})`
    : sql<boolean>`(${meets(reach.allowed)}) AND NOT (${meets(reach.denied)})`;
}
