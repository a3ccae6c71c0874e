// Files of age v1, for people who have age and not this program (ENV-8).
import type { AgeIdentity, AgeRecipient, AgeSealTo } from '@quantumvault/age';
import type { ByteSource } from '@quantumvault/crypto';
import type { Cli } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { plural } from '../../terminal/format.ts';
import { linesOfFile, readSecretFile, wrongUse } from '../envelope/keys.ts';
import { type PassphraseOptions, passphraseOf } from '../envelope/options.ts';

interface AgeSealing extends PassphraseOptions {
  readonly recipient?: readonly string[];
  readonly recipientsFile?: readonly string[];
  readonly armor?: boolean;
}

interface AgeOpening extends PassphraseOptions {
  readonly identity?: readonly string[];
}

async function recipientsOf(cli: Cli, { recipient = [], recipientsFile = [] }: AgeSealing): Promise<AgeRecipient[]> {
  const { parseAgeRecipient } = await import('@quantumvault/age');
  const found: AgeRecipient[] = [];
  const add = (text: string, where: string): void => {
    try {
      found.push(parseAgeRecipient(text));
    } catch (error) {
      throw wrongUse(where, error);
    }
  };
  for (const [index, text] of recipient.entries()) add(text, `recipient ${index + 1}`);
  for (const file of recipientsFile) for (const { text, where } of await linesOfFile(cli, file)) add(text, where);
  return found;
}

export interface AgeSealer {
  seal(source: ByteSource): AsyncGenerator<Uint8Array, void>;
  readonly recipients: number;
  /** For whom, in words. */
  readonly whom: string;
}

/** Encrypts for the recipients or the passphrase of the options. Throws CLI_WRONG_USE. */
export async function ageSealer(cli: Cli, options: AgeSealing): Promise<AgeSealer> {
  const { sealAge } = await import('@quantumvault/age');
  const recipients = await recipientsOf(cli, options);
  const passphrase = await passphraseOf(cli, options, { isNew: true });
  if ((passphrase === undefined) === (recipients.length === 0)) {
    throw new CliError('CLI_WRONG_USE', 'Name recipients with -r or -R, or give a passphrase alone.');
  }
  if (recipients.some(({ isPostQuantum }) => !isPostQuantum)) {
    cli.output.note('qv: recipients of the form age1... without pq are not safe from quantum computers');
  }
  const to: AgeSealTo = passphrase === undefined ? { recipients } : { passphrase };
  return {
    seal: (source) => sealAge(source, { to, isArmored: options.armor === true }),
    recipients: recipients.length,
    whom: passphrase === undefined ? plural(recipients.length, 'recipient') : 'a passphrase',
  };
}

/** Opens with the identities or the passphrase of the options. Throws CLI_WRONG_USE. */
export async function ageOpener(
  cli: Cli,
  options: AgeOpening,
): Promise<(source: ByteSource) => AsyncGenerator<Uint8Array, void>> {
  const { openAge, parseAgeIdentityFile, passphraseIdentity } = await import('@quantumvault/age');
  const identities: AgeIdentity[] = [];
  for (const file of options.identity ?? []) {
    identities.push(...(await readSecretFile(cli, file, parseAgeIdentityFile)));
  }
  const passphrase = await passphraseOf(cli, options, { isNew: false });
  if (passphrase !== undefined) identities.push(passphraseIdentity(passphrase));
  if (identities.length === 0) throw new CliError('CLI_WRONG_USE', 'Name a key file with -i, or give a passphrase.');
  return (source) => openAge(source, { identities, form: 'any' });
}

/** A new key: the text of its file, which the caller erases, and the public recipient. */
export async function newAgeKey(suite: string | undefined, createdAt: string) {
  const { formatAgeIdentityFile, generateAgeKey } = await import('@quantumvault/age');
  if (suite !== undefined && suite !== 'x-wing' && suite !== 'x25519') {
    throw new CliError('CLI_WRONG_USE', 'A key of age has the suite x-wing, which is the default, or x25519.');
  }
  const key = generateAgeKey(suite === 'x25519' ? 'x25519' : 'hybrid');
  using _ = key.secretKey;
  const json = { format: 'age', recipient: key.recipient, suite: suite ?? 'x-wing' };
  return { bytes: formatAgeIdentityFile(key, createdAt), text: key.recipient, json };
}
