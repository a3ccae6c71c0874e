import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatLogKeys } from '@quantumvault/tlog';
import { type SampleLog, sampleLog } from '../../../packages/tlog/test/sample-log.ts';

/** Writes a log into a folder as an outsider keeps it: the export, and what the checkpoint store holds. */
export async function keepLog(folder: string, events: number): Promise<SampleLog> {
  const log = await sampleLog(events);
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  write('log.jsonl', await log.export('all'));
  write('checkpoints/latest', log.latest);
  write('checkpoints/log.vkey', formatLogKeys(log.keys));
  for (const [path, hashes] of log.tiles.tiles) write(`checkpoints/tiles/${path}`, hashes);
  return log;
}
