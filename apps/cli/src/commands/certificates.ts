import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { connect, needBody } from '../connection/connect.ts';
import { resolveAsset } from '../connection/resolve.ts';
import { CliError, systemCode } from '../errors.ts';
import { formatInstant } from '../terminal/format.ts';
import { safeText } from '../terminal/safe-text.ts';

export function addCertificates(program: Command, cli: Running): void {
  const certificates = program.command('certificates').description('Certificates of protected assets');
  addCommand(
    certificates,
    'import <asset> <file>',
    'Take in the chain (PEM) that an authority issued for the request of a TLS endpoint or certificate',
  ).action(
    ending(cli, (asset: string, file: string, options: JsonOption) => importCertificate(cli, asset, file, options)),
  );
}

async function importCertificate(cli: Cli, given: string, file: string, { json }: JsonOption): Promise<void> {
  const path = resolve(cli.environment.folder, file);
  let chainPem: string;
  try {
    chainPem = readFileSync(path, 'latin1');
  } catch (error) {
    throw new CliError('CLI_FILE_UNREADABLE', `${path} cannot be read (${systemCode(error)}).`);
  }
  // The server refuses it as well; here the key has not left this machine yet.
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(chainPem)) {
    throw new CliError('CLI_FILE_UNREADABLE', `${path} holds a private key and was not sent; give certificates alone.`);
  }
  const connection = await connect(cli);
  const asset = await resolveAsset(connection, given);
  const body = needBody(connection.routes.importIssuedCertificate, { chainPem }, { chainPem: file });
  const issued = await connection.client.importIssuedCertificate({ params: { id: asset.id }, body });
  if (json) return cli.output.json(issued);
  cli.output.line(
    `${safeText(asset.name)} has its certificate, valid until ${formatInstant(issued.notAfter)}. Serve it, then scan again to prove it.`,
  );
}
