// Messages of CMS that were encrypted to a post-quantum key: opened, and shown (ENV-8).
import type { CmsKey, CmsMessage, CmsRecipient } from '@quantumvault/cms';
import type { ByteSource } from '@quantumvault/crypto';
import type { Cli } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import type { ByteInput } from '../../local/byte-files.ts';
import { formatBytes } from '../../terminal/format.ts';
import { printFields, printTable } from '../../terminal/table.ts';
import { readSecretFile } from '../envelope/keys.ts';
import type { PassphraseOptions } from '../envelope/options.ts';

interface CmsOpening extends PassphraseOptions {
  readonly identity?: readonly string[];
}

/** The whole message, from DER or PEM: its tag comes last, and nothing may come out before it was checked. */
async function readMessage(source: ByteSource): Promise<Uint8Array> {
  const { CmsError, cmsLimits, cmsFromPem } = await import('@quantumvault/cms');
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > cmsLimits.messageBytes) {
      throw new CmsError('CMS_LIMIT', `a message of CMS has at most ${cmsLimits.messageBytes} bytes`);
    }
    // A source may use its memory again.
    parts.push(new Uint8Array(chunk));
  }
  const bytes = new Uint8Array(Buffer.concat(parts));
  return bytes[0] === 0x30 ? bytes : cmsFromPem(bytes);
}

/** Opens with the private keys of the options. Throws CLI_WRONG_USE, and the opener too, for what is no such key. */
export async function cmsOpener(
  cli: Cli,
  { identity = [], passphrase, passphraseFile }: CmsOpening,
): Promise<(source: ByteSource) => AsyncGenerator<Uint8Array, void>> {
  if (passphrase === true || passphraseFile !== undefined) {
    throw new CliError('CLI_WRONG_USE', 'A message of CMS is opened with a private key, not with a passphrase.');
  }
  const { openCms, parseCms, parseCmsKeyFile } = await import('@quantumvault/cms');
  if (identity.length === 0)
    throw new CliError('CLI_WRONG_USE', 'Name a file with a private key (PKCS#8, PEM or DER) with -i.');
  return async function* open(source) {
    const message = await readMessage(source);
    // Before the keys: of a kind of message that is never opened, the key is not to blame.
    parseCms(message);
    const keys: CmsKey[] = [];
    for (const file of identity) keys.push(...(await readSecretFile(cli, file, parseCmsKeyFile)));
    yield openCms(message, { keys });
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The name of an algorithm, or its object identifier when it is not known here. */
async function namer(): Promise<(oid: string) => string> {
  const { findAlgorithm } = await import('@quantumvault/crypto');
  return (oid) => findAlgorithm(oid)?.id ?? oid;
}

function recipientJson(recipient: CmsRecipient, nameOf: (oid: string) => string): Readonly<Record<string, unknown>> {
  if (recipient.type === 'other') return { type: recipient.name, known: false };
  const { kem, recipientId } = recipient;
  const keyIdentifier = 'keyIdentifier' in recipientId ? hex(recipientId.keyIdentifier) : null;
  return { type: 'kem', known: true, kem: nameOf(kem), keyIdentifier };
}

/** Shows the recipients of a message. */
export async function inspectCms(cli: Cli, { chunks, size }: ByteInput, json: boolean): Promise<void> {
  const { parseCms } = await import('@quantumvault/cms');
  const message: CmsMessage = parseCms(await readMessage(chunks));
  const nameOf = await namer();
  const fileBytes = size ?? null;
  const recipients = message.recipients.map((one) => recipientJson(one, nameOf));
  const contentBytes = message.ciphertext.length;
  const { contentType } = message;
  const encryption = nameOf(message.encryption);
  if (json) {
    const said = { type: 'AuthEnvelopedData', contentType, encryption, contentBytes, fileBytes, recipients };
    return cli.output.json({ format: 'CMS', authenticated: false, ...said });
  }
  printFields(cli.output, [
    ['format', 'CMS, AuthEnvelopedData'],
    ['content type', contentType],
    ['encryption', encryption],
    ['content', formatBytes(contentBytes)],
  ]);
  printTable(
    cli.output,
    [{ title: 'RECIPIENT' }, { title: 'KEM' }, { title: 'KEY' }],
    message.recipients.map((one) => {
      if (one.type === 'other') return [one.name, 'not opened here', '-'];
      const { recipientId } = one;
      return ['kem', nameOf(one.kem), 'keyIdentifier' in recipientId ? hex(recipientId.keyIdentifier) : 'by issuer'];
    }),
  );
  cli.output.note('Nothing of this was checked: anybody could have written it. Only decrypting checks it.');
}
