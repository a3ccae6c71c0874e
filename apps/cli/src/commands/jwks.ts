import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { connect } from '../connection/connect.ts';
import { resolveAsset } from '../connection/resolve.ts';
import { needFreePath, writeOutputFile } from '../local/output-file.ts';
import { formatInstant } from '../terminal/format.ts';
import { safeText } from '../terminal/safe-text.ts';
import { printTable } from '../terminal/table.ts';

interface JwksOptions extends JsonOption {
  readonly out?: string;
  readonly force?: boolean;
}

export function addJwks(program: Command, cli: Running): void {
  addCommand(program, 'jwks <asset>', 'Show the public signing keys of a protected API or token issuer (JWK Set)')
    .option('--out <file>', 'write the JWK Set, to be published as it is')
    .option('--force', 'replace the file')
    .action(ending(cli, (asset: string, options: JwksOptions) => jwks(cli, asset, options)));
}

async function jwks(cli: Cli, given: string, { json, out, force }: JwksOptions): Promise<void> {
  const file = out === undefined ? undefined : resolve(cli.environment.folder, out);
  if (file !== undefined) needFreePath(file, force === true);
  const connection = await connect(cli);
  const { id } = await resolveAsset(connection, given);
  const set = await connection.client.getJwks({ params: { id } });
  if (file !== undefined) {
    writeOutputFile(file, `${JSON.stringify(set, null, 2)}\n`, { force: force === true, mode: 0o644 });
  }
  if (json) return cli.output.json(set);
  printTable(
    cli.output,
    [{ title: 'KID' }, { title: 'ALG' }, { title: 'SINCE' }, { title: 'UNTIL' }],
    set.keys.map(({ kid, alg }) => {
      const lifetime = set.lifetimes.find((entry) => entry.kid === kid);
      const until = lifetime?.retiresAt ?? null;
      return [kid, alg, formatInstant(lifetime?.notBefore ?? ''), until === null ? 'signs' : formatInstant(until)];
    }),
  );
  if (file !== undefined) cli.output.line(`wrote ${safeText(file)}`);
}
