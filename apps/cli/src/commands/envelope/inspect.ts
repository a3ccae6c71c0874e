import type { ByteSource } from '@quantumvault/crypto';
import type { EnvelopeHeader, EnvelopeSignature, RecipientInfo } from '@quantumvault/envelope';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { openByteInput, withRandomAccess } from '../../local/byte-files.ts';
import { formatBytes, formatInstant } from '../../terminal/format.ts';
import { type Cell, printFields, printTable } from '../../terminal/table.ts';
import { inspectCms } from '../bridge/cms.ts';
import { recognize } from '../bridge/formats.ts';
import { inspectAge } from '../bridge/inspect.ts';

export function addInspect(program: Command, cli: Running): void {
  addCommand(
    program,
    'inspect <file>',
    'Show what an encrypted file or a signature says of itself; needs no key and checks nothing',
  ).action(ending(cli, (file: string, options: JsonOption) => inspect(cli, file, options)));
}

async function inspect(cli: Cli, file: string, { json }: JsonOption): Promise<void> {
  const { readEnvelopeHeader } = await import('@quantumvault/envelope');
  const { format, input } = await recognize(openByteInput(cli, file));
  if (format === 'age') return inspectAge(cli, input, json === true);
  if (format === 'cms') return inspectCms(cli, input, json === true);
  const { chunks, size } = input;
  const { first, all } = await peek(chunks);
  if (isDetached(first)) return inspectSignature(cli, all, json === true);
  const header = await readEnvelopeHeader(all);
  const signature = header.core.signer === null ? undefined : await signatureOf(cli, file);
  // Of a signed envelope whose end cannot be read, nobody knows where the body ends.
  const isKnown = size !== undefined && (header.core.signer === null || signature !== undefined);
  const bodyBytes = isKnown ? size - header.headerBytes - (signature?.partBytes ?? 0) : null;
  const contentBytes = bodyBytes === null ? null : await contentLength(bodyBytes, header.core.segmentBytes);
  const algorithm = signature?.algorithm ?? null;
  if (json) return cli.output.json(asJson(header, { bodyBytes, contentBytes, signatureAlgorithm: algorithm }));
  printHeader(cli, header, { contentBytes, algorithm });
}

/** The first bytes of a stream, which stay in it. */
async function peek(chunks: ByteSource): Promise<{ first: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  const { done, value } = await iterator.next();
  const first: Uint8Array = done === true ? new Uint8Array(0) : value;
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield first;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { first, all: all() };
}

const isDetached = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'QVS1';

async function inspectSignature(cli: Cli, chunks: AsyncIterable<Uint8Array>, json: boolean): Promise<void> {
  const { detachedBytesMax, readDetachedSignature } = await import('@quantumvault/envelope');
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk.slice());
    length += chunk.length;
    if (length > detachedBytesMax) break; // It is refused for its length.
  }
  const found = readDetachedSignature(new Uint8Array(Buffer.concat(parts)));
  const { fingerprint, createdAt, tenant, length: contentBytes, ...facts } = found;
  const [signer, created] = [hex(fingerprint), new Date(createdAt).toISOString()];
  if (json) {
    const said = { ...facts, organization: tenant, createdAt: created, contentBytes, signer };
    return cli.output.json({ format: 'QVS1', authenticated: false, ...said });
  }
  printFields(cli.output, [
    ['format', 'QVS1, a detached signature'],
    ['algorithm', facts.algorithm],
    ['signed by', signer],
    ['organization', tenant],
    ['purpose', facts.purpose],
    ['context', `${Object.keys(facts.context).length}`],
    ...Object.entries(facts.context).map(([name, value]): [string, Cell] => [`  ${name}`, value]),
    ['created', formatInstant(created)],
    ['content', formatBytes(contentBytes)],
  ]);
  cli.output.note('Nothing of this was checked: anybody could have written it. Only qv verify checks it.');
}

/** What stands at the end of a signed file; undefined when it cannot be read, as from standard input. */
async function signatureOf(cli: Cli, file: string): Promise<EnvelopeSignature | undefined> {
  const { EnvelopeError, readEnvelopeSignature } = await import('@quantumvault/envelope');
  try {
    return await withRandomAccess(cli, file, readEnvelopeSignature);
  } catch (error) {
    if (error instanceof EnvelopeError) return undefined;
    throw error;
  }
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
  if (recipient.type === 'kek') {
    const { type, keyId, keyVersion } = recipient;
    return { type, keyId, keyVersion };
  }
  const { type, kdf, aead, memoryKib, passes, lanes } = recipient;
  return { type, kdf, aead, memoryKib, passes, lanes };
}

interface Ending {
  readonly bodyBytes: number | null;
  readonly contentBytes: number | null;
  readonly signatureAlgorithm: string | null;
}

function asJson(header: EnvelopeHeader, ending: Ending) {
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
    ...ending,
    recipients: recipients.map(recipientJson),
  };
}

function printHeader(
  cli: Cli,
  { core, recipients, headerBytes }: EnvelopeHeader,
  { contentBytes, algorithm }: { readonly contentBytes: number | null; readonly algorithm: string | null },
): void {
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
    ...(core.signer === null ? [] : [['signature', algorithm ?? 'unknown'] satisfies [string, Cell]]),
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
  if (recipient.type === 'kek') return ['kek', 'of its key backend', recipient.keyId, `${recipient.keyVersion}`];
  const { memoryKib, passes, kdf } = recipient;
  return ['passphrase', `${kdf}, ${formatBytes(memoryKib * 1024)}, ${passes} passes`, '-', '-'];
}
