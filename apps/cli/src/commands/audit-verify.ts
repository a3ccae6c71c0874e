import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ExportVerdict, TileReader } from '@quantumvault/tlog';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { CliError, type ExitCode, exitCodes } from '../errors.ts';
import { needFolder, readChunks, readTextFile } from '../local/input-file.ts';
import { safeText } from '../terminal/safe-text.ts';

interface VerifyOptions extends JsonOption {
  readonly checkpoint?: string;
  readonly tiles?: string;
  readonly key?: string;
  readonly range?: boolean;
}

export function addAuditVerify(audit: Command, cli: Running): void {
  addCommand(audit, 'verify <file>', 'Check an export offline; exit code 1 when it is not valid')
    .option('--key <file>', 'pinned public keys of the log (log.vkey); without them nothing is believed')
    .option('--checkpoint <file>', 'a checkpoint kept outside: shows a log that was cut or rolled back')
    .option('--tiles <folder>', 'tiles kept outside: name the exact first bad leaf')
    .option('--range', 'accept a part of the log')
    .action(ending(cli, (file: string, options: VerifyOptions) => verify(cli, file, options)));
}

/** AUD-6: needs no server and no account, only the files that an outsider kept. */
async function verify(cli: Cli, file: string, options: VerifyOptions): Promise<ExitCode> {
  const path = (given: string): string => resolve(cli.environment.folder, given);
  // Every file is opened before the long work begins, so that a misspelt name is said at once.
  const source = readChunks(path(file));
  const checkpoint = options.checkpoint === undefined ? undefined : readTextFile(path(options.checkpoint));
  const keyText = options.key === undefined ? undefined : readTextFile(path(options.key));
  if (options.tiles !== undefined) needFolder(path(options.tiles));
  const { parseLogKeys, verifyExport } = await import('@quantumvault/tlog');
  const tiles = options.tiles === undefined ? undefined : await openTiles(path(options.tiles));
  const verdict = await verifyExport(source, {
    keys: keyText === undefined ? [] : readKeys(parseLogKeys, keyText, options.key ?? ''),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(tiles === undefined ? {} : { tiles }),
    allowRange: options.range === true,
  });
  const { valid, events, firstBadLeaf, firstBadRange, reason } = verdict;
  if (options.json) cli.output.json({ valid, events, firstBadLeaf, firstBadRange, reason });
  else print(cli, verdict);
  return valid ? exitCodes.done : exitCodes.negative;
}

/** Keys that cannot be read are a mistake of whoever named the file, not a property of the export. */
export function readKeys<T>(parse: (text: string) => T, text: string, file: string): T {
  try {
    return parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError('CLI_FILE_UNREADABLE', `${safeText(file)} does not hold keys of a log: ${reason}.`);
  }
}

/** The folder of tiles, or the checkpoints folder that holds it. */
async function openTiles(folder: string): Promise<TileReader> {
  const [{ FileTileReader }, { DirectTiles }] = await Promise.all([
    import('@quantumvault/providers/storage/filesystem'),
    import('../local/tile-files.ts'),
  ]);
  const inside = join(folder, 'tiles');
  const tiles = existsSync(inside) ? inside : folder;
  return new DirectTiles(tiles, new FileTileReader(tiles));
}

const meanings: Readonly<Record<NonNullable<ExportVerdict['reason']>, string>> = {
  NO_TRUST_ANCHOR: 'no public key was given (--key log.vkey), so nothing can be believed',
  CHECKPOINT_SIGNATURE_INVALID: 'a checkpoint is not signed by both trusted keys',
  CHECKPOINT_FORK: 'two signed checkpoints tell two histories',
  CONSISTENCY_UNPROVED: 'the outside checkpoint cannot be related to the export without tiles (--tiles)',
  TILES_INVALID: 'the tiles do not make the trusted root',
  EXPORT_MALFORMED: 'the file is not an export, or a line of it has no meaning',
  LEAF_MISMATCH: 'an event is not the one that was logged',
  LEAF_MALFORMED: 'bytes that are no audit leaf',
  LEAF_MISSING: 'a logged event is not there',
  LEAF_UNEXPECTED: 'an event that was never logged here',
  ORDER: 'events are not in the order of the log',
  TAIL_MISSING: 'the end of the log is cut off',
  ROOT_MISMATCH: 'the events do not make the signed root; with --tiles the exact one is named',
  DIGEST_MISMATCH: 'the digest in a leaf is not that of its event',
  TENANT_CHAIN_BROKEN: 'the chain of an organization is broken',
  VIEW_MISMATCH: 'the readable view does not say what the leaf says',
};

function print({ output }: Cli, verdict: ExportVerdict): void {
  const { valid, events, firstBadLeaf, firstBadRange, reason, scope, tenant, treeSize } = verdict;
  const whose =
    scope === 'tenant' ? `organization ${tenant ?? '-'}` : scope === 'all' ? 'the whole installation' : undefined;
  if (whose !== undefined) output.line(safeText(`${events} events of ${whose}, log of ${treeSize ?? '-'} leaves`));
  if (valid) output.line(output.paint('VALID', 'green'));
  if (reason !== null) output.line(`${output.paint('NOT VALID', 'red')}: ${reason}, ${meanings[reason]}`);
  if (firstBadLeaf !== null) output.line(`first bad leaf: ${firstBadLeaf}`);
  if (reason === 'TAIL_MISSING' && firstBadLeaf === treeSize) {
    output.line(
      'The checkpoint knows a longer log than the one this export was made from. If the checkpoint is merely the',
    );
    output.line('newer of the two, export again; if it was kept before the export, the log was rolled back.');
  }
  if (firstBadRange !== null) output.line(`the first bad leaf is from ${firstBadRange[0]} to ${firstBadRange[1] - 1}`);
}
