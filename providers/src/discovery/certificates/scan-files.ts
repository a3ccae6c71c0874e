import { constants, type Dirent } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CryptoFile, readCryptoFile } from '@quantumvault/inventory';

/** Real key files have kilobytes; a bundle of all public authorities has half a megabyte. */
export const fileScanLimits = { fileBytesMax: 16 * 1_048_576, depthMax: 64, filesMax: 1_000_000 } as const;

export type FileOutcome =
  | { readonly kind: 'read'; readonly path: string; readonly file: CryptoFile }
  /** Passed over, with the reason: nothing is left out in silence. */
  | { readonly kind: 'skipped'; readonly path: string; readonly reason: string };

/**
 * Reads files and folders for certificates and keys (INV-4). Links inside a folder are not followed: what they lead to is
 * looked at where it lies, and a link cannot lead out. Devices, sockets and pipes are not opened. Outcomes come in the
 * order of names, files without any cryptography included.
 */
export async function* scanFiles(paths: readonly string[], signal?: AbortSignal): AsyncGenerator<FileOutcome> {
  let files = 0;
  for (const path of paths) {
    for await (const outcome of walk(path, 0, signal)) {
      if (signal?.aborted === true) return;
      files += 1;
      if (files > fileScanLimits.filesMax) {
        yield {
          kind: 'skipped',
          path,
          reason: `more than ${fileScanLimits.filesMax} files; the rest was not looked at`,
        };
        return;
      }
      yield outcome;
    }
  }
}

async function* walk(path: string, depth: number, signal: AbortSignal | undefined): AsyncGenerator<FileOutcome> {
  if (signal?.aborted === true) return;
  let kind: Kind;
  try {
    kind = kindOf(await lstat(path));
  } catch (error) {
    yield skipped(path, error);
    return;
  }
  // A link that somebody names is meant; one that was met on the way is not followed.
  if (kind === 'link' && depth > 0) yield { kind: 'skipped', path, reason: 'a symbolic link' };
  else if (kind === 'other') yield { kind: 'skipped', path, reason: 'not a file' };
  else if (kind === 'folder' || (kind === 'link' && (await isFolder(path)))) yield* walkFolder(path, depth, signal);
  else yield await readFile(path, depth);
}

async function* walkFolder(path: string, depth: number, signal: AbortSignal | undefined): AsyncGenerator<FileOutcome> {
  if (depth === fileScanLimits.depthMax) {
    yield { kind: 'skipped', path, reason: `deeper than ${fileScanLimits.depthMax} folders` };
    return;
  }
  let entries: Dirent[];
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    yield skipped(path, error);
    return;
  }
  for (const { name } of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    yield* walk(join(path, name), depth + 1, signal);
  }
}

type Kind = 'file' | 'folder' | 'link' | 'other';

function kindOf(entry: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): Kind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

async function isFolder(path: string): Promise<boolean> {
  try {
    await readdir(path);
    return true;
  } catch {
    return false;
  }
}

async function readFile(path: string, depth: number): Promise<FileOutcome> {
  try {
    // Between the look and the opening it may have become a pipe, which would wait for a writer, or a link.
    const follows = depth === 0 ? 0 : constants.O_NOFOLLOW;
    await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | follows);
    const status = await handle.stat();
    const { size } = status;
    if (!status.isFile()) return { kind: 'skipped', path, reason: 'not a file' };
    if (size > fileScanLimits.fileBytesMax) {
      return { kind: 'skipped', path, reason: `larger than ${fileScanLimits.fileBytesMax / 1_048_576} MiB` };
    }
    // Not more than what was checked, should the file grow meanwhile.
    const bytes = new Uint8Array(size);
    let length = 0;
    while (length < size) {
      const { bytesRead } = await handle.read(bytes, length, size - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return { kind: 'read', path, file: readCryptoFile(bytes.subarray(0, length)) };
  } catch (error) {
    return skipped(path, error);
  }
}

function skipped(path: string, error: unknown): FileOutcome {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return { kind: 'skipped', path, reason: `cannot be read (${code})` };
}
