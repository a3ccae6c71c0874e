import type { EnvelopeHeader, RecipientInfo } from '@quantumvault/envelope';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { openByteInput } from '../../local/byte-files.ts';
import { formatBytes, formatInstant } from '../../terminal/format.ts';
import { type Cell, printFields, printTable } from '../../terminal/table.ts';

export function addInspect(program: Command, cli: Running): void {
  addCommand(
    program,
    'inspect <file>',
    'Show what an encrypted file says of itself; needs no key and checks nothing',
  ).action(ending(cli, (file: string, options: JsonOption) => inspect(cli, file, options)));
}

async function inspect(cli: Cli, file: string, { json }: JsonOption): Promise<void> {
  const { readEnvelopeHeader } = await import('@quantumvault/envelope');
  const { chunks, size } = openByteInput(cli, file);
  const header = await readEnvelopeHeader(chunks);
  const bodyBytes = size === undefined ? null : size - header.headerBytes;
  const contentBytes = bodyBytes === null ? null : await contentLength(bodyBytes, header.core.segmentBytes);
  if (json) return cli.output.json(asJson(header, { bodyBytes, contentBytes }));
  printHeader(cli, header, contentBytes);
}

/** Length of the content of a body of this length, when it is whole; null when no whole body has it. */
async function contentLength(bodyBytes: number, segmentBytes: number): Promise<number | null> {
  const { floeSizes } = await import('@quantumvault/crypto');
  const bytes = bodyBytes - floeSizes.header;
  const segments = Math.ceil(bytes / segmentBytes);
  const content = bytes - segments * floeSizes.segmentOverhead;
  return segments >= 1 && content >= 0 ? content : null;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function recipientJson(recipient: RecipientInfo): Readonly<Record<string, unknown>> {
  if (recipient.type === 'unknown') return { type: recipient.name, known: false };
  if (recipient.type === 'hpke') {
    const { type, suite, keyId, keyVersion } = recipient;
    return { type, suite, keyId, keyVersion };
  }
  const { type, kdf, aead, memoryKib, passes, lanes } = recipient;
  return { type, kdf, aead, memoryKib, passes, lanes };
}

function asJson(header: EnvelopeHeader, sizes: { bodyBytes: number | null; contentBytes: number | null }) {
  const { core, coreHash, headerBytes, recipients } = header;
  const { objectId, createdAt, tenant, signer, ...facts } = core;
  return {
    format: 'QV1',
    /** Nothing was checked: anybody could have written this. */
    authenticated: false,
    ...facts,
    organization: tenant,
    objectId: hex(objectId),
    createdAt: new Date(createdAt).toISOString(),
    coreHash: hex(coreHash),
    signed: signer !== null,
    signer: signer === null ? null : hex(signer),
    headerBytes,
    ...sizes,
    recipients: recipients.map(recipientJson),
  };
}

function printHeader(cli: Cli, { core, recipients, headerBytes }: EnvelopeHeader, contentBytes: number | null): void {
  const context = Object.entries(core.context).map(([name, value]): [string, Cell] => [`  ${name}`, value]);
  printFields(cli.output, [
    ['format', 'QV1'],
    ['suite', core.suite],
    ['object', hex(core.objectId)],
    ['content type', core.contentType],
    ['organization', core.tenant],
    ['purpose', core.purpose],
    ['context', context.length === 0 ? 'none' : `${context.length}`],
    ...context,
    ['created', formatInstant(new Date(core.createdAt).toISOString())],
    ['signed by', core.signer === null ? 'nobody' : hex(core.signer)],
    ['segments of', formatBytes(core.segmentBytes)],
    ['header', formatBytes(headerBytes)],
    ['content', contentBytes === null ? 'unknown' : formatBytes(contentBytes)],
  ]);
  printTable(
    cli.output,
    [{ title: 'RECIPIENT' }, { title: 'SUITE' }, { title: 'KEY' }, { title: 'VERSION' }],
    recipients.map(recipientRow),
  );
  cli.output.note('Nothing of this was checked: anybody could have written it. Only decrypting checks it.');
}

function recipientRow(recipient: RecipientInfo): string[] {
  if (recipient.type === 'unknown') return [recipient.name, 'not known here', '-', '-'];
  if (recipient.type === 'hpke') return ['hpke', recipient.suite, recipient.keyId, `${recipient.keyVersion}`];
  const { memoryKib, passes, kdf } = recipient;
  return ['passphrase', `${kdf}, ${formatBytes(memoryKib * 1024)}, ${passes} passes`, '-', '-'];
}
