import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Cli, JsonOption } from '../../cli.ts';
import { OutputFile } from '../../local/output-file.ts';

export interface SecretOptions extends JsonOption {
  readonly out?: string;
  readonly force?: boolean;
}

export const addSecretOptions = (command: Command): Command =>
  command
    .option('-o, --out <file>', 'write the secret into this file (mode 0600) and do not print it')
    .option('--force', 'replace the file');

/**
 * Asks for something whose secret is shown once, and puts the secret into a file or on standard output. The file is opened
 * first: a secret that could not be kept would be lost, and its credential would stay.
 */
export async function keepSecret<T extends { readonly secret: string }>(
  cli: Cli,
  { out, force, json }: SecretOptions,
  { ask, print }: { readonly ask: () => Promise<T>; readonly print: (made: T) => void },
): Promise<void> {
  if (out === undefined) {
    const made = await ask();
    if (json) return cli.output.json(made);
    print(made);
    cli.output.note('The secret is shown this once:');
    cli.output.line(made.secret);
    return;
  }
  const path = resolve(cli.environment.folder, out);
  const file = new OutputFile(path, { force: force === true, mode: 0o600 });
  let made: T;
  try {
    made = await ask();
  } catch (error) {
    file.discard();
    throw error;
  }
  file.write(new TextEncoder().encode(`${made.secret}\n`));
  file.finish();
  const { secret: _, ...shown } = made;
  if (json) return cli.output.json({ ...shown, file: path });
  print(made);
  cli.output.note(`The secret is in ${path}.`);
}
