import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../errors.ts';
import { unpackedMax, withoutGzip } from './unpack.ts';
import type { Entry } from './vector-file.ts';

const filesMax = 20_000;

/** Every file below a folder, by name. Links are not followed. Throws CLI_FILE_UNREADABLE for too many of them. */
export function filesBelow(folder: string): readonly Entry[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  if (found.length > filesMax) throw new CliError('CLI_FILE_UNREADABLE', `${folder} has more than ${filesMax} files.`);
  return found.map((path) => ({ path: path.replaceAll('\\', '/'), read: () => readBounded(join(folder, path)) }));
}

function readBounded(file: string): Uint8Array {
  if (statSync(file).size > unpackedMax) throw new CliError('CLI_FILE_UNREADABLE', `${file} is too long.`);
  return withoutGzip(readFileSync(file), unpackedMax);
}
