import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { openByteInput, openByteOutput, writeAll } from '../../local/byte-files.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { needOtherFile } from '../envelope/batch.ts';
import { refusedAsWrongUse } from '../envelope/keys.ts';
import { withProgress } from '../envelope/options.ts';
import { hexOf, signerOfFile } from '../envelope/signers.ts';
import { addSignedPlaceOptions, type SignedPlaceOptions, signatureNameOf, signedPlaceOf } from './place.ts';

interface SignOptions extends JsonOption, SignedPlaceOptions {
  readonly key: string;
  readonly out?: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  qv keygen --sign -o my.sign.key > me.signer
  qv sign -k my.sign.key --purpose release --context version=7 app.tar
  qv verify --signers-file me.signer --purpose release --context version=7 app.tar`;

export function addSign(program: Command, cli: Running): void {
  const command = addCommand(
    program,
    'sign [input]',
    'Sign a file or standard input; the signature is a file beside it',
  )
    .requiredOption('-k, --key <file>', 'file with the signing key (qv keygen --sign)')
    .option(
      '-o, --out <file>',
      'file for the signature; default: the name of the input and .qvsig; - for standard output',
    )
    .option('--force', 'replace the file');
  addSignedPlaceOptions(command)
    .addHelpText('after', examples)
    .action(ending(cli, (input: string | undefined, options: SignOptions) => sign(cli, input, options)));
}

async function sign(cli: Cli, input = '-', options: SignOptions): Promise<void> {
  const { key, json } = options;
  const out = options.out ?? signatureNameOf(input);
  if (out === '-' && json === true) {
    throw new CliError('CLI_WRONG_USE', '--json and -o - would both write to standard output.');
  }
  // With --force the document, or the key, would be lost to a signature.
  for (const read of [input, key]) needOtherFile(cli, { input: read, output: out });
  const { signContent } = await import('@quantumvault/envelope');
  const signer = await signerOfFile(cli, key);
  const place = await signedPlaceOf(options);
  const source = openByteInput(cli, input);
  const output = openByteOutput(cli, out, { force: options.force === true, mode: 0o644 });
  const { algorithm, fingerprint } = signer.signer;
  const createdAt = cli.clock.now();
  const bytes = await writeAll(
    output,
    // All that signing can refuse is what the person gave.
    refusedAsWrongUse(once(() => signContent(withProgress(cli, source), { ...place, createdAt, signer }))),
  );
  if (output.file === undefined) return;
  if (json) return cli.output.json({ file: output.file, bytes, algorithm, signer: hexOf(fingerprint), ...place });
  cli.output.line(`wrote ${safeText(output.file)}: ${algorithm}, signer ${hexOf(fingerprint)}`);
}

/** A stream of one chunk, made when it is asked for, so that a failure leaves no file. */
async function* once(make: () => Promise<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  yield await make();
}
