// Certificates, requests and lists from files in PEM or DER, and what is made into files.
import { resolve } from 'node:path';
import type { Cli } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { OutputFile } from '../../local/output-file.ts';
import { formatInstant } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { readSmallFile } from '../envelope/options.ts';
import type { NewKey } from './keys.ts';
import type { OutFileOptions } from './options.ts';

export type CertLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL' | 'PUBLIC KEY';

const fileBytesMax = 24 * 1024 * 1024;

export interface Block {
  readonly label: string;
  readonly der: Uint8Array;
}

/** The blocks of a PEM file, or one block of DER whose label is not known. Throws CLI_WRONG_USE, CLI_FILE_UNREADABLE. */
export async function readBlocks(cli: Cli, name: string): Promise<readonly Block[]> {
  const { readPem } = await import('@quantumvault/pki');
  const bytes = await readSmallFile(cli, name, fileBytesMax);
  if (bytes[0] === 0x30) return [{ label: '', der: bytes }];
  return readPem(bytes).blocks.map(({ label, line, content }) => {
    if (typeof content === 'string') throw new CliError('CLI_WRONG_USE', `${name}, line ${line}: ${content}`);
    return { label: label.replace(/^NEW |^X509 (?=CERT)/, ''), der: content };
  });
}

/** All blocks of one kind in a file. Throws CLI_WRONG_USE when there is none. */
export async function readAllOf(cli: Cli, name: string, label: CertLabel): Promise<readonly Uint8Array[]> {
  const found = (await readBlocks(cli, name)).filter((block) => block.label === label || block.label === '');
  if (found.length === 0) throw new CliError('CLI_WRONG_USE', `${name} holds no ${label} in PEM or DER.`);
  return found.map(({ der }) => der);
}

/** The one block of a kind in a file. Throws CLI_WRONG_USE. */
export async function readOneOf(cli: Cli, name: string, label: CertLabel): Promise<Uint8Array> {
  const [first, second] = await readAllOf(cli, name, label);
  if (first === undefined || second !== undefined)
    throw new CliError('CLI_WRONG_USE', `${name} must hold one ${label}.`);
  return first;
}

/**
 * Writes PEM, or DER when that was asked for, and says what was written. The file of a new key gets its name together with
 * it, when both are complete: first the key, which nobody can make again.
 */
export async function writeBlock(
  cli: Cli,
  { label, der }: { readonly label: CertLabel; readonly der: Uint8Array },
  options: OutFileOptions,
  key?: NewKey,
): Promise<string | null> {
  const { writePem } = await import('@quantumvault/pki');
  const content = options.der === true ? der : new TextEncoder().encode(writePem(label, der));
  // To discard a file that has its name does nothing.
  using kept = new DisposableStack();
  const keyFile = await key?.stage();
  kept.defer(() => keyFile?.discard());
  if (options.out === '-') {
    keyFile?.finish();
    await cli.standard.write(content);
    return null;
  }
  const path = resolve(cli.environment.folder, options.out);
  const file = new OutputFile(path, { force: options.force === true, mode: 0o644 });
  kept.defer(() => file.discard());
  file.write(content);
  keyFile?.finish();
  file.finish();
  return path;
}

/** Writes a certificate that was issued, and says which one it is. */
export async function writeCertificate(
  cli: Cli,
  der: Uint8Array,
  options: OutFileOptions & { readonly keyOut?: string; readonly leftOut?: readonly string[] },
  key?: NewKey,
): Promise<void> {
  const { parseCertificate } = await import('@quantumvault/pki');
  const file = await writeBlock(cli, { label: 'CERTIFICATE', der }, options, key);
  const { subject, serialNumber, notAfter } = parseCertificate(der);
  const { keyOut, leftOut = [] } = options;
  if (leftOut.length > 0) cli.output.note(`qv: asked for and left out: ${safeText(leftOut.join(', '))}`);
  if (file === null) return;
  if (options.json === true) {
    return cli.output.json({ file, keyFile: keyOut ?? null, subject, serialNumber, notAfter, leftOut });
  }
  const where = keyOut === undefined ? '' : `, its key in ${safeText(keyOut)}`;
  cli.output.line(
    `wrote ${safeText(file)}: ${safeText(subject === '' ? '(no subject)' : subject)}, serial ${serialNumber}, until ${formatInstant(notAfter)}${where}`,
  );
}
