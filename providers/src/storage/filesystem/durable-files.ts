import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { randomBytes } from '@quantumvault/crypto';
import { toHex } from '@quantumvault/tlog';

// Files that are whole or absent, also after kill -9 and after power loss: written aside, forced to disk, then given
// their name, then the folder that holds the name forced to disk. Nothing is ever written in place.

const folderMode = 0o700;
const fileMode = 0o600;

/** A file waiting for its name. */
export interface PendingFile {
  readonly temporary: string;
  readonly path: string;
}

/** Writes files below one folder durably. Temporary files lie in its `tmp`, on the same file system. */
export class DurableFiles {
  private readonly temporaryFolder: string;
  private readonly knownFolders = new Set<string>();
  private readonly root: string;

  private constructor(root: string) {
    this.root = root;
    this.temporaryFolder = join(root, 'tmp');
  }

  static async open(root: string): Promise<DurableFiles> {
    const files = new DurableFiles(root);
    await mkdir(root, { recursive: true, mode: folderMode });
    await mkdir(files.temporaryFolder, { recursive: true, mode: folderMode });
    await files.dropOrphans();
    return files;
  }

  /** Writes the bytes aside and forces them to disk; they have no name yet. */
  async prepare(path: string, bytes: Uint8Array): Promise<PendingFile> {
    const temporary = join(this.temporaryFolder, `${process.pid}-${toHex(randomBytes(8))}`);
    const handle = await open(temporary, 'wx', fileMode);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { temporary, path };
  }

  /** Gives prepared files their names, over whatever had them, and forces each folder to disk once. */
  async replace(files: readonly PendingFile[]): Promise<void> {
    const folders = new Set(files.map((file) => dirname(file.path)));
    await Promise.all(Array.from(folders, (folder) => this.ensureFolder(folder)));
    await Promise.all(files.map((file) => rename(file.temporary, file.path)));
    await Promise.all(Array.from(folders, syncFolder));
  }

  /** Gives a prepared file a name that nothing has. Of several callers exactly one gets true. */
  async claim(file: PendingFile): Promise<boolean> {
    await this.ensureFolder(dirname(file.path));
    try {
      // A hard link fails when the name exists: the one step that decides, with no lock that a killed process could hold.
      await link(file.temporary, file.path);
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    }
    await syncFolder(dirname(file.path));
    return true;
  }

  async discard(file: PendingFile): Promise<void> {
    await rm(file.temporary, { force: true });
  }

  /** Makes a folder and its parents below the root, and forces every new name to disk. */
  private async ensureFolder(folder: string): Promise<void> {
    if (this.knownFolders.has(folder) || folder === this.root) return;
    await this.ensureFolder(dirname(folder));
    await mkdir(folder, { mode: folderMode }).catch((error: unknown) => {
      if (!isCode(error, 'EEXIST')) throw error;
    });
    await syncFolder(dirname(folder));
    this.knownFolders.add(folder);
  }

  /** Removes what processes that no longer run have left in `tmp`. */
  private async dropOrphans(): Promise<void> {
    for (const name of await readdir(this.temporaryFolder)) {
      const owner = Number.parseInt(name, 10);
      if (owner !== process.pid && !isRunning(owner)) await rm(join(this.temporaryFolder, name), { force: true });
    }
  }

  /** Forgets a folder that was removed. */
  async removeFolder(folder: string): Promise<void> {
    this.knownFolders.delete(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The bytes of a file, or null when there is none. Reads at most `bytesMax`; a longer file is an error. */
export async function readIfThere(path: string, bytesMax: number): Promise<Uint8Array | null> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return null;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    if (size > bytesMax) throw new RangeError(`${basename(path)} is longer than ${bytesMax} bytes`);
    return new Uint8Array(await readFile(handle));
  } finally {
    await handle.close();
  }
}

/** The names in a folder, or none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

export async function removeIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isCode(error, 'ENOENT')) throw error;
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there; NTFS orders names by its journal
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isRunning(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}
