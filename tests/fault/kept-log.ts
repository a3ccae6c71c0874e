import { cpSync, createReadStream, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileTileReader } from '@quantumvault/providers/storage/filesystem';
import { type ExportVerdict, parseCheckpoint, parseLogKeys, verifyExport } from '@quantumvault/tlog';
import type pg from 'pg';
import type { Installation } from '../harness/installation.ts';

/** What an outsider holds: keys and a checkpoint from before the fault. */
export interface OutsideCopy {
  readonly checkpoint: string;
  readonly keys: string;
}

export function takeCopy(installation: Installation): OutsideCopy {
  const folder = path.join(installation.dataDir, 'checkpoints');
  return {
    checkpoint: readFileSync(path.join(folder, 'latest'), 'utf8'),
    keys: readFileSync(path.join(folder, 'log.vkey'), 'utf8'),
  };
}

/** Waits until every event is a leaf and every leaf is under a checkpoint, in the database and outside. */
export async function logSettled(installation: Installation): Promise<void> {
  const client = await installation.sql();
  try {
    await settled(client, path.join(installation.dataDir, 'checkpoints', 'latest'));
  } finally {
    await client.end();
  }
}

async function settled(client: pg.Client, latest: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const { rows } = await client.query<{ pending: string; size: string; published: string }>(
      `SELECT (SELECT count(*) FROM audit_pending) AS pending, (SELECT size FROM audit_head) AS size,
              (SELECT coalesce(max(size), 0) FROM audit_checkpoint) AS published`,
    );
    const [row] = rows;
    const outside = existsSync(latest) ? parseCheckpoint(readFileSync(latest, 'utf8')).size : 0n;
    if (outside > 0n && row?.pending === '0' && row.size === row.published && BigInt(row.size) === outside) return;
    if (performance.now() > deadline)
      throw new Error(`the log does not settle: ${JSON.stringify({ ...row, outside: String(outside) })}`);
    await sleep(20);
  }
}

/** Exports the whole log with `qv audit export --all` and verifies it as an outsider, with a copy from before the fault. */
export async function verifyOutside(installation: Installation, before: OutsideCopy): Promise<ExportVerdict> {
  const file = path.join(installation.dataDir, 'fault-export.jsonl');
  const tiles = path.join(installation.dataDir, 'fault-tiles');
  const exported = await installation.qv('audit', 'export', '--all', '--force', '--out', file);
  if (exported.code !== 0) throw new Error(`qv audit export failed: ${exported.output}`);
  cpSync(path.join(installation.dataDir, 'checkpoints', 'tiles'), tiles, { recursive: true });
  try {
    return await verifyExport(createReadStream(file), {
      keys: parseLogKeys(before.keys),
      checkpoint: before.checkpoint,
      tiles: new FileTileReader(tiles),
    });
  } finally {
    rmSync(tiles, { recursive: true, force: true });
  }
}
