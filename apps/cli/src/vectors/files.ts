import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CliError } from '../errors.ts';

export interface VectorFile {
  /** Path below the folder that was named. */
  readonly path: string;
  /** First folder of the path, which says where the vectors come from; the file's own name at the top. */
  readonly source: string;
  /** Content, unpacked when the name ends with .gz. */
  read(): Uint8Array;
}

const limits = { files: 20_000, bytes: 256 * 1024 * 1024 } as const;

/** Every file below a folder, by name. Links are not followed. Throws CLI_FILE_UNREADABLE. */
export function vectorFiles(folder: string): readonly VectorFile[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  if (found.length > limits.files) throw new CliError('CLI_FILE_UNREADABLE', `${folder} has too many files.`);
  return found.map((path) => ({
    path: path.replaceAll('\\', '/'),
    source: path.split(/[\\/]/)[0] ?? path,
    read: () => readVectors(join(folder, path)),
  }));
}

function readVectors(file: string): Uint8Array {
  if (statSync(file).size > limits.bytes) throw new CliError('CLI_FILE_UNREADABLE', `${file} is too long.`);
  const bytes = readFileSync(file);
  return file.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: limits.bytes }) : bytes;
}

/** How many files a tar holds (POSIX.1-1988): headers of 512 bytes, each with the size of what follows. */
export function countTarMembers(bytes: Uint8Array): number {
  let count = 0;
  const text = new TextDecoder('latin1');
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0; ) {
    const size = Number.parseInt(text.decode(bytes.subarray(at + 124, at + 136)), 8);
    if (!Number.isSafeInteger(size) || size < 0) break;
    const kind = bytes[at + 156];
    if (kind === 0x30 || kind === 0) count += 1;
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return count;
}

/** How many files a zip holds: the entries of its central directory that are no folders. */
export function countZipMembers(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const signature = Buffer.from('PK\u0001\u0002', 'latin1');
  let count = 0;
  for (let at = buffer.indexOf(signature); at !== -1 && at + 46 <= buffer.length; ) {
    const nameEnd = at + 46 + buffer.readUInt16LE(at + 28);
    if (buffer[nameEnd - 1] !== 0x2f) count += 1;
    at = buffer.indexOf(signature, nameEnd);
  }
  return count;
}
