import { resolve } from 'node:path';
import type { HpkeSuiteId } from '@quantumvault/crypto';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { needFreePath, writeOutputFile } from '../../local/output-file.ts';
import { newAgeKey } from '../bridge/age.ts';
import { profileOf } from './options.ts';
import { hexOf } from './signers.ts';

interface KeygenOptions extends JsonOption {
  readonly out: string;
  readonly force?: boolean;
  readonly profile?: string;
  readonly suite?: string;
  readonly sign?: boolean;
  readonly algorithm?: string;
  readonly format?: string;
}

/** Words of the command line for the suites; the registry's names are long. */
const suites = {
  'x-wing': 'HPKE-X-WING-HKDF-SHA256-AES-256-GCM',
  'ml-kem-1024': 'HPKE-ML-KEM-1024-HKDF-SHA384-AES-256-GCM',
  'mlkem1024-p384': 'HPKE-MLKEM1024-P384-HKDF-SHA384-AES-256-GCM',
} as const satisfies Readonly<Record<string, HpkeSuiteId>>;

const examples = `
Examples:
  qv keygen -o my.key > me.pub
  qv keygen --sign -o my.sign.key > me.signer
  qv keygen --format age -o my.age.key > me.age`;

export function addKeygen(program: Command, cli: Running): void {
  addCommand(program, 'keygen', 'Make a key: the secret goes into a file, the public half is printed')
    .requiredOption('-o, --out <file>', 'file for the secret key (mode 0600)')
    .option('--force', 'replace the file')
    .option('--profile <profile>', 'standard (X-Wing) or cnsa-2.0 (ML-KEM-1024 alone)')
    .option('--suite <suite>', `in place of a profile: ${Object.keys(suites).join(', ')}`)
    .option('--sign', 'make a signing key instead; the public signer is printed')
    .option('--algorithm <name>', 'algorithm of the signing key, as qv crypto info lists it')
    .option(
      '--format <format>',
      'qv1, or age: a key for files of age, with the suite x-wing (needs age 1.3 or newer) or x25519',
      'qv1',
    )
    .addHelpText('after', examples)
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
  const { out, force } = options;
  if (out === '-') throw new CliError('CLI_WRONG_USE', 'A secret key is never printed: give a file.');
  const file = resolve(cli.environment.folder, out);
  needFreePath(file, force === true);
  const { bytes, text, json } = await newKey(cli, options);
  try {
    writeOutputFile(file, bytes, { force: force === true, mode: 0o600 });
  } finally {
    bytes.fill(0);
  }
  if (options.json) return cli.output.json({ ...json, file });
  cli.output.line(text);
}

interface NewKey {
  /** The secret file. */
  readonly bytes: Uint8Array;
  /** The public half. */
  readonly text: string;
  readonly json: Readonly<Record<string, string>>;
}

function newKey(cli: Cli, options: KeygenOptions): Promise<NewKey> {
  const { format, sign, algorithm, profile, suite } = options;
  if (format === 'qv1') return sign === true ? newSigner(cli, options) : newRecipient(cli, options);
  if (format !== 'age') throw new CliError('CLI_WRONG_USE', 'The format is qv1 or age.');
  if (sign !== undefined || algorithm !== undefined || profile !== undefined) {
    throw new CliError('CLI_WRONG_USE', 'A key of age opens files, and has no algorithm or profile: give --suite.');
  }
  return newAgeKey(suite, now(cli));
}

const now = (cli: Cli): string => new Date(cli.clock.now()).toISOString();

async function newRecipient(cli: Cli, options: KeygenOptions): Promise<NewKey> {
  if (options.algorithm !== undefined) {
    throw new CliError('CLI_WRONG_USE', 'The algorithm is one of a signing key: give --sign too, or --suite.');
  }
  const { formatKeyFile, formatRecipient, generateKey } = await import('@quantumvault/envelope');
  const { recipient, secretKey } = generateKey(await suiteOf(options));
  using _ = secretKey;
  const text = formatRecipient(recipient);
  const json = { recipient: text, suite: recipient.suite, keyId: recipient.keyId };
  return { bytes: formatKeyFile({ recipient, secretKey }, now(cli)), text, json };
}

async function newSigner(cli: Cli, { algorithm, suite, profile }: KeygenOptions): Promise<NewKey> {
  if (suite !== undefined || profile !== undefined) {
    throw new CliError('CLI_WRONG_USE', 'A signing key has no suite or profile: give --algorithm.');
  }
  const { formatSigner, formatSigningKeyFile, generateSigner, signingAlgorithmDefault } = await import(
    '@quantumvault/envelope'
  );
  const { signatureAlgorithms } = await import('@quantumvault/crypto');
  const name = algorithm ?? signingAlgorithmDefault;
  const known = signatureAlgorithms.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new CliError('CLI_WRONG_USE', `The algorithm is one of ${signatureAlgorithms.join(', ')}.`);
  }
  const { signer, privateKey } = await generateSigner(known);
  using _ = privateKey;
  const text = formatSigner(signer);
  const json = { signer: text, algorithm: known, fingerprint: hexOf(signer.fingerprint) };
  return { bytes: formatSigningKeyFile({ signer, privateKey }, now(cli)), text, json };
}
