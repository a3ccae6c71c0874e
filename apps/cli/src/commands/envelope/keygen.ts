import { resolve } from 'node:path';
import type { HpkeSuiteId } from '@quantumvault/crypto';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { needFreePath, writeOutputFile } from '../../local/output-file.ts';
import { profileOf } from './options.ts';

interface KeygenOptions extends JsonOption {
  readonly out: string;
  readonly force?: boolean;
  readonly profile?: string;
  readonly suite?: string;
}

/** Words of the command line for the suites; the registry's names are long. */
const suites = {
  'x-wing': 'HPKE-X-WING-HKDF-SHA256-AES-256-GCM',
  'ml-kem-1024': 'HPKE-ML-KEM-1024-HKDF-SHA384-AES-256-GCM',
  'mlkem1024-p384': 'HPKE-MLKEM1024-P384-HKDF-SHA384-AES-256-GCM',
} as const satisfies Readonly<Record<string, HpkeSuiteId>>;

export function addKeygen(program: Command, cli: Running): void {
  addCommand(program, 'keygen', 'Make a key for envelopes: the secret into a file, the public recipient is printed')
    .requiredOption('-o, --out <file>', 'file for the secret key (mode 0600)')
    .option('--force', 'replace the file')
    .option('--profile <profile>', 'standard (X-Wing) or cnsa-2.0 (ML-KEM-1024 alone)')
    .option('--suite <suite>', `in place of a profile: ${Object.keys(suites).join(', ')}`)
    .action(ending(cli, (options: KeygenOptions) => keygen(cli, options)));
}

async function suiteOf({ profile, suite }: KeygenOptions): Promise<HpkeSuiteId> {
  if (suite === undefined) {
    const { suiteOfProfile } = await import('@quantumvault/envelope');
    return suiteOfProfile(await profileOf(profile));
  }
  if (profile !== undefined) throw new CliError('CLI_WRONG_USE', 'Give --profile or --suite, not both.');
  for (const [word, id] of Object.entries(suites)) if (word === suite) return id;
  throw new CliError('CLI_WRONG_USE', `The suite is one of ${Object.keys(suites).join(', ')}.`);
}

async function keygen(cli: Cli, options: KeygenOptions): Promise<void> {
  const { out, force, json } = options;
  if (out === '-') throw new CliError('CLI_WRONG_USE', 'A secret key is never printed: give a file.');
  const file = resolve(cli.environment.folder, out);
  needFreePath(file, force === true);
  const { formatKeyFile, formatRecipient, generateKey } = await import('@quantumvault/envelope');
  const { recipient, secretKey } = generateKey(await suiteOf(options));
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
