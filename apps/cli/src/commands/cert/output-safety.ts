// What a command of certificates may write to. A private key that is overwritten is lost for good, and with that of an
// authority everything below it, so a file is looked at before anything takes its place.
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Cli } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { needFreePath } from '../../local/output-file.ts';
import { type Block, readBlocks } from './files.ts';
import type { OutFileOptions } from './options.ts';

/** Files by the option that names them; `-` is none, and neither is an option that was not given. */
export type NamedFiles = Readonly<Record<string, string | undefined>>;

export interface Outputs extends OutFileOptions {
  readonly keyOut?: string;
}

/**
 * Before anything is made: whether the output may be written. Refused are two answers on standard output, a file that the
 * command reads or writes under another option, and one that is there, but for what `--force` may replace.
 * Throws CLI_WRONG_USE, CLI_FILE_EXISTS, CLI_FILE_UNWRITABLE.
 */
export async function needSafeOutputs(cli: Cli, { out, keyOut, force, json }: Outputs, inputs: NamedFiles) {
  const written: NamedFiles = { '--out': out, '--key-out': keyOut };
  needDistinctFiles(cli, written, inputs);
  if (out === '-') {
    if (json === true) throw new CliError('CLI_WRONG_USE', '--json and -o - would both write to standard output.');
    return;
  }
  const file = resolve(cli.environment.folder, out);
  needFreePath(file, force === true);
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) await needReplaceable(cli, file);
}

/** A private key is never replaced: whoever wants to lose one removes it. Throws CLI_FILE_EXISTS. */
export function needNoKeyFile(file: string): void {
  try {
    needFreePath(file, false);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'CLI_FILE_EXISTS') throw error;
    const message = `${file} is already there, and --force replaces no private key. Choose another name, or remove it yourself.`;
    throw new CliError('CLI_FILE_EXISTS', message);
  }
}

/** What is written is no other file of the command. Two that are only read may be one. */
function needDistinctFiles(cli: Cli, written: NamedFiles, read: NamedFiles): void {
  const seen = new Map<string, string>();
  const claim = (files: NamedFiles, isWritten: boolean): void => {
    for (const [option, name] of Object.entries(files)) {
      if (name === undefined || name === '-') continue;
      for (const identity of identitiesOf(resolve(cli.environment.folder, name))) {
        const other = seen.get(identity);
        if (other !== undefined && other !== option) {
          throw new CliError('CLI_WRONG_USE', `${other} and ${option} are the same file, ${name}.`);
        }
        if (isWritten) seen.set(identity, option);
      }
    }
  };
  claim(written, true);
  claim(read, false);
}

/** The path with the links of its folder followed, and the file itself when it is there, whatever name it has here. */
function identitiesOf(file: string): readonly string[] {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  const node = stats === undefined ? [] : [`${stats.dev}:${stats.ino}`];
  return [join(realFolder(dirname(file)), basename(file)), ...node];
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    // A folder that is not there holds no file; writing says so.
    return folder;
  }
}

const replaceable: readonly string[] = ['CERTIFICATE', 'CERTIFICATE REQUEST', 'X509 CRL'];

/** `--force` replaces what this tool can make again: certificates, requests and lists. */
async function needReplaceable(cli: Cli, file: string): Promise<void> {
  if (statSync(file).size === 0) return;
  const blocks = await readBlocks(cli, file).catch((error: unknown) => {
    if (error instanceof CliError) return [];
    throw error;
  });
  const known = await Promise.all(blocks.map(isReplaceable));
  if (known.length > 0 && known.every(Boolean)) return;
  const message = `${file} holds something else than certificates, requests and lists, and --force replaces no other file.`;
  throw new CliError('CLI_FILE_EXISTS', `${message} Choose another name, or remove it yourself.`);
}

async function isReplaceable({ label, der }: Block): Promise<boolean> {
  if (label !== '') return replaceable.includes(label);
  const { parseCertificate, parseRequest, parseRevocationList } = await import('@quantumvault/pki');
  return [parseCertificate, parseRequest, parseRevocationList].some((parse) => {
    try {
      return parse(der) !== undefined;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'PkiError') throw error;
      return false;
    }
  });
}
