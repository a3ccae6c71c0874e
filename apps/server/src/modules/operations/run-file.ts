import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

// What the launcher leaves beside the data (tools/launcher/run-file.ts); only what the status needs is read.
const processSchema = z.object({ pid: z.number().int().positive() });
const runFileSchema = z.object({ launcher: processSchema.nullable(), postgres: processSchema.nullable() });

/** Process ids of the launcher and the embedded PostgreSQL; null for each that is not there. */
export function readRunFile(dataDir: string): { launcherPid: number | null; postgresPid: number | null } {
  try {
    const content = runFileSchema.parse(JSON.parse(readFileSync(path.join(dataDir, 'run.json'), 'utf8')));
    return { launcherPid: content.launcher?.pid ?? null, postgresPid: content.postgres?.pid ?? null };
  } catch {
    return { launcherPid: null, postgresPid: null };
  }
}
