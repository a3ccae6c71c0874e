import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { needFreePath, writeOutputFile } from '../../local/output-file.ts';

interface KeygenOptions extends JsonOption {
  readonly out: string;
  readonly force?: boolean;
}

export function addKeygen(program: Command, cli: Running): void {
  addCommand(program, 'keygen', 'Make a key for envelopes: the secret into a file, the public recipient is printed')
    .requiredOption('-o, --out <file>', 'file for the secret key (mode 0600)')
    .option('--force', 'replace the file')
    .action(ending(cli, (options: KeygenOptions) => keygen(cli, options)));
}

async function keygen(cli: Cli, { out, force, json }: KeygenOptions): Promise<void> {
  if (out === '-') throw new CliError('CLI_WRONG_USE', 'A secret key is never printed: give a file.');
  const file = resolve(cli.environment.folder, out);
  needFreePath(file, force === true);
  const { formatKeyFile, formatRecipient, generateKey } = await import('@quantumvault/envelope');
  const { recipient, secretKey } = generateKey();
  using _ = secretKey;
  const bytes = formatKeyFile({ recipient, secretKey }, new Date(cli.clock.now()).toISOString());
  try {
    writeOutputFile(file, bytes, { force: force === true, mode: 0o600 });
  } finally {
    bytes.fill(0);
  }
  const text = formatRecipient(recipient);
  if (json) return cli.output.json({ recipient: text, suite: recipient.suite, keyId: recipient.keyId, file });
  cli.output.line(text);
}
