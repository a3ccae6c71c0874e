import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { openByteInput } from '../../local/byte-files.ts';
import { formatInstant } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { readSmallFile, withProgress } from '../envelope/options.ts';
import { addSignerOptions, hexOf, type SignerOptions, signersOf } from '../envelope/signers.ts';
import { addSignedPlaceOptions, type SignedPlaceOptions, signatureNameOf, signedPlaceOf } from './place.ts';

interface VerifyOptions extends JsonOption, SignedPlaceOptions, SignerOptions {
  readonly signature?: string;
}

export function addVerify(program: Command, cli: Running): void {
  const command = addCommand(program, 'verify [input]', 'Verify the signature of a file or standard input').option(
    '-s, --signature <file>',
    'file with the signature; default: the name of the input and .qvsig',
  );
  addSignedPlaceOptions(addSignerOptions(command)).action(
    ending(cli, (input: string | undefined, options: VerifyOptions) => verify(cli, input, options)),
  );
}

async function verify(cli: Cli, input = '-', options: VerifyOptions): Promise<void> {
  const file = options.signature ?? signatureNameOf(input);
  if (file === '-' && input === '-') {
    throw new CliError('CLI_WRONG_USE', 'The signature and the content cannot both be standard input.');
  }
  const { detachedBytesMax, verifyContent } = await import('@quantumvault/envelope');
  const signers = await signersOf(cli, options);
  if (signers.length === 0)
    throw new CliError('CLI_WRONG_USE', 'Say who must have signed with --signer or --signers-file.');
  const expected = await signedPlaceOf(options);
  const signature = await readSmallFile(cli, file, detachedBytesMax);
  const source = openByteInput(cli, input);
  const found = await verifyContent(withProgress(cli, source), { signature, signers, expected });
  const { algorithm, createdAt, length } = found;
  const [signer, created] = [hexOf(found.fingerprint), new Date(createdAt).toISOString()];
  if (options.json) return cli.output.json({ valid: true, signer, algorithm, created, bytes: length, ...expected });
  // The time is the signer's word.
  cli.output.line(`good signature of ${signer} (${algorithm}), which says ${formatInstant(created)}`);
  cli.output.line(`${input === '-' ? 'standard input' : safeText(input)}: ${length} bytes`);
}
