import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CliError, systemCode } from '../errors.ts';

export interface OutputFileOptions {
  /** Replace a file of that name. */
  readonly force: boolean;
  /** 0o600 for anything that not everybody may read. */
  readonly mode: 0o600 | 0o644;
}

/**
 * Refuses early, before any work is done whose result could then not be kept. A link is replaced by --force itself, and what
 * it leads to stays as it is: whoever could put the link there would otherwise choose what is overwritten.
 */
export function needFreePath(file: string, force: boolean): void {
  const stats = entryAt(file);
  if (stats === undefined) return;
  // A rename would put a file in the place of a device, a pipe or a folder, or of a link to one, whatever --force was meant for.
  const behind = stats.isSymbolicLink() ? statSync(file, { throwIfNoEntry: false }) : stats;
  if ((behind !== undefined && !behind.isFile()) || (stats.isSymbolicLink() && isOfSystem(dirname(file)))) {
    throw new CliError(
      'CLI_FILE_UNWRITABLE',
      `${file} is not a file. Standard output is written with the name -, and other streams with - and a redirection.`,
    );
  }
  if (!force) throw existing(file);
}

/** Undefined when nothing has this name, also because its folder is none. Throws CLI_FILE_UNWRITABLE. */
function entryAt(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOTDIR') return undefined;
    throw new CliError('CLI_FILE_UNWRITABLE', `${file} cannot be written (${code}).`);
  }
}

/** Where links such as /dev/stdout and /dev/fd/3 stand for streams, even when these are files at the moment. */
function isOfSystem(folder: string): boolean {
  try {
    return /^\/(?:dev|proc)(?:\/(?!shm\b)|$)/.test(realpathSync(folder));
  } catch {
    return false;
  }
}

/** Whether the folder is there that a file shall come into. Throws CLI_FILE_UNWRITABLE. */
export function needFolderOf(file: string): void {
  const folder = dirname(file);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new CliError('CLI_FILE_UNWRITABLE', `There is no folder ${folder}. Make it first.`);
}

const existing = (file: string): CliError =>
  new CliError('CLI_FILE_EXISTS', `${file} is already there. Choose another name, or replace it with --force.`);

/** What grows at this moment, for whoever ends the process. */
const unfinished = new Set<OutputFile>();

/** Removes what a process leaves that is stopped in the middle. */
export function discardUnfinishedFiles(): void {
  for (const file of unfinished) file.discard();
}

/**
 * A file that is complete or not there: it grows under another name and gets its own at the end. The mode is set when
 * the file is made, so that no moment exists in which others could open it.
 */
export class OutputFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #force: boolean;
  readonly #handle: number;
  #isOpen = true;

  constructor(path: string, { force, mode }: OutputFileOptions) {
    needFreePath(path, force);
    needFolderOf(path);
    this.#path = path;
    this.#temporary = `${path}.${randomUUID().slice(0, 8)}.part`;
    this.#force = force;
    try {
      this.#handle = openSync(this.#temporary, 'wx', mode);
    } catch (error) {
      throw new CliError('CLI_FILE_UNWRITABLE', `${path} cannot be written (${systemCode(error)}).`);
    }
    unfinished.add(this);
  }

  write(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#handle, bytes, at);
    } catch (error) {
      this.discard();
      throw new CliError('CLI_FILE_UNWRITABLE', `${this.#path} cannot be written (${systemCode(error)}).`);
    }
  }

  /** Gives the file its name. */
  finish(): void {
    try {
      fsyncSync(this.#handle);
      this.#close();
      if (this.#force) renameSync(this.#temporary, this.#path);
      else {
        // A rename would replace a file that came in the meantime; a link does not.
        linkSync(this.#temporary, this.#path);
        rmSync(this.#temporary);
      }
      unfinished.delete(this);
    } catch (error) {
      this.discard();
      if (systemCode(error) === 'EEXIST') throw existing(this.#path);
      throw new CliError('CLI_FILE_UNWRITABLE', `${this.#path} cannot be written (${systemCode(error)}).`);
    }
  }

  /** Leaves nothing behind. */
  discard(): void {
    unfinished.delete(this);
    this.#close();
    rmSync(this.#temporary, { force: true });
  }

  #close(): void {
    if (this.#isOpen) closeSync(this.#handle);
    this.#isOpen = false;
  }
}

/** Writes a small file at once. */
export function writeOutputFile(path: string, content: string | Uint8Array, options: OutputFileOptions): void {
  const file = new OutputFile(path, options);
  file.write(typeof content === 'string' ? new TextEncoder().encode(content) : content);
  file.finish();
}
