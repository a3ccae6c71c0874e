import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { connect } from '../connection/connect.ts';
import { resolveAsset } from '../connection/resolve.ts';
import { CliError } from '../errors.ts';
import { needFreePath, writeOutputFile } from '../local/output-file.ts';
import { safeText } from '../terminal/safe-text.ts';
import { printFields } from '../terminal/table.ts';

interface DataKeyOptions extends JsonOption {
  readonly artifact?: string;
  readonly unwrap?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

export function addDataKey(program: Command, cli: Running): void {
  addCommand(
    program,
    'data-key <asset>',
    'Show the wrapped data key of a protected data store, or unwrap it into a file',
  )
    .option('--artifact <id>', 'an earlier data key, by the artefact that holds it; default: the newest')
    .option('--unwrap', 'write the 32 bytes of the key to --out (mode 0600); the server records who asked')
    .option('--out <file>', 'file for the unwrapped key')
    .option('--force', 'replace the file')
    .action(ending(cli, (asset: string, options: DataKeyOptions) => dataKey(cli, asset, options)));
}

async function dataKey(cli: Cli, given: string, options: DataKeyOptions): Promise<void> {
  const { unwrap, out, force, json, artifact } = options;
  const query = artifact === undefined ? {} : { artifactId: artifact };
  if ((unwrap === true) !== (out !== undefined)) {
    throw new CliError('CLI_WRONG_USE', 'An unwrapped key is never printed: give --unwrap and --out FILE together.');
  }
  const file = out === undefined ? undefined : resolve(cli.environment.folder, out);
  if (file !== undefined) needFreePath(file, force === true);
  const connection = await connect(cli);
  const { id, name } = await resolveAsset(connection, given);
  if (file === undefined) {
    const wrapped = await connection.client.getDataKey({ params: { id }, query });
    if (json) return cli.output.json(wrapped);
    return printFields(cli.output, Object.entries(wrapped));
  }
  const { artifactId, algorithm, dataKey: base64 } = await connection.client.unwrapDataKey({ params: { id }, query });
  const bytes = Buffer.from(base64, 'base64');
  try {
    writeOutputFile(file, bytes, { force: force === true, mode: 0o600 });
  } finally {
    bytes.fill(0);
  }
  if (json) return cli.output.json({ artifactId, algorithm, file });
  cli.output.line(`wrote ${safeText(file)}: the ${algorithm} data key of ${safeText(name)}, artefact ${artifactId}`);
}
