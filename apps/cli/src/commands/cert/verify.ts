import type { PathPurpose, PathResult } from '@quantumvault/pki';
import { type Command, InvalidArgumentError } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { CliError, type ExitCode, exitCodes } from '../../errors.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { collect } from '../envelope/options.ts';
import { readAllOf } from './files.ts';
import { orWrongUse } from './options.ts';

interface VerifyOptions extends JsonOption {
  readonly trust: readonly string[];
  readonly chain?: readonly string[];
  readonly crl?: readonly string[];
  readonly requireCrl?: boolean;
  readonly host?: string;
  readonly purpose?: string;
  readonly at?: Date;
}

const purposes: Readonly<Record<string, PathPurpose>> = {
  server: 'serverAuth',
  client: 'clientAuth',
  'code-signing': 'codeSigning',
  email: 'emailProtection',
};

const examples = `
Examples:
  qv cert verify --trust root.crt --chain issuing.crt --purpose server --host www.example.org www.crt
  qv cert verify --trust root.crt --crl root.crl --require-crl issuing.crt`;

const parseInstant = (text: string): Date => {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) throw new InvalidArgumentError('It must be a date, as in 2027-01-31T12:00:00Z.');
  return instant;
};

export function addVerifyCertificate(cert: Command, cli: Running): void {
  addCommand(cert, 'verify <certificate>', 'Check a certificate and its chain; exit code 1 when it does not hold')
    .requiredOption('--trust <file>', 'certificates to trust; may be repeated', collect)
    .option('--chain <file>', 'certificates that may stand between; may be repeated', collect)
    .option('--crl <file>', 'revocation list; may be repeated', collect)
    .option('--require-crl', 'refuse what no valid list speaks about')
    .option('--host <name>', 'DNS name or IP address that it must stand for')
    .option('--purpose <purpose>', `what it must be good for: ${Object.keys(purposes).join(', ')}`)
    .option('--at <date>', 'instant to ask about; default: now', parseInstant)
    .addHelpText('after', examples)
    .action(ending(cli, (file: string, options: VerifyOptions) => verify(cli, file, options)));
}

async function verify(cli: Cli, file: string, options: VerifyOptions): Promise<ExitCode> {
  const { parseRevocationList, validatePath } = await import('@quantumvault/pki');
  const purpose = options.purpose === undefined ? undefined : purposes[options.purpose];
  if (options.purpose !== undefined && purpose === undefined) {
    throw new CliError('CLI_WRONG_USE', `The purpose is one of ${Object.keys(purposes).join(', ')}.`);
  }
  // What stands behind the first certificate of the file belongs to its chain, as servers send it.
  const [certificate, ...rest] = await readAllOf(cli, file, 'CERTIFICATE');
  if (certificate === undefined) return exitCodes.wrongUse;
  const all = async (
    names: readonly string[] = [],
    label: 'CERTIFICATE' | 'X509 CRL',
  ): Promise<readonly Uint8Array[]> => (await Promise.all(names.map((name) => readAllOf(cli, name, label)))).flat();
  const anchors = await all(options.trust, 'CERTIFICATE');
  const intermediates = [...rest, ...(await all(options.chain, 'CERTIFICATE'))];
  const ders = await all(options.crl, 'X509 CRL');
  const result = await orWrongUse(async () =>
    validatePath({
      ...{ certificate, anchors, intermediates, at: options.at ?? new Date(cli.clock.now()) },
      ...(purpose === undefined ? {} : { purpose }),
      ...(options.host === undefined ? {} : { host: options.host }),
      ...(ders.length === 0 && options.requireCrl !== true
        ? {}
        : {
            revocation: {
              lists: ders.map(parseRevocationList),
              mode: options.requireCrl === true ? 'required' : 'when-listed',
            },
          }),
    }),
  );
  await print(cli, result, options.json === true);
  return result.isValid ? exitCodes.done : exitCodes.negative;
}

async function print(cli: Cli, result: PathResult, json: boolean): Promise<void> {
  const { parseCertificate } = await import('@quantumvault/pki');
  if (!result.isValid) {
    const { problem, detail, subject } = result;
    if (json) return cli.output.json({ isValid: false, problem, detail, subject });
    return cli.output.line(
      `does not hold: ${problem}. ${safeText(detail)}${subject === null ? '' : ` (${safeText(subject)})`}`,
    );
  }
  const path = result.path.map((der) => parseCertificate(der).subject);
  const { isRevocationChecked } = result;
  if (json) return cli.output.json({ isValid: true, path, isRevocationChecked });
  cli.output.line(`holds${isRevocationChecked ? '' : '; whether it was revoked was not checked'}`);
  for (const [depth, subject] of path.entries())
    cli.output.line(`${'  '.repeat(depth)}  ${safeText(subject === '' ? '(no subject)' : subject)}`);
}
