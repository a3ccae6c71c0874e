// Private keys of certificates: PKCS#8 in PEM (RFC 5958), which all other tools read. With a passphrase the file is a QV1
// envelope: the encryption of PKCS#8 that the runtime writes has 2,048 rounds of PBKDF2 and AES-CBC, which is less than a
// passphrase needs (CRY-1, CRY-5). Encrypted PKCS#8 of others is not read for the same reason: convert it once.

import { resolve } from 'node:path';
import type { SecretBytes, SignatureAlgorithm } from '@quantumvault/crypto';
import type { Authority } from '@quantumvault/pki';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { OutputFile } from '../../local/output-file.ts';
import { warnOfOpenFile } from '../envelope/keys.ts';
import { type PassphraseOptions, passphraseOf, placeOf, readSmallFile } from '../envelope/options.ts';
import { orWrongUse } from './options.ts';
import { needNoKeyFile } from './output-safety.ts';

export interface NewKeyOptions extends PassphraseOptions {
  readonly algorithm?: string;
  readonly keyOut?: string;
}

/** A key ready to sign; dispose of it when done. */
export interface HeldKey extends Disposable {
  readonly signer: Authority['signer'];
}

export interface NewKey extends HeldKey {
  /** Writes the key file, all but its name: whoever calls it finishes or discards it. */
  stage(): Promise<OutputFile>;
}

/** RFC 9881, verified by OpenSSL 3.5 and everything built on it. Composites are still a draft in certificates. */
const defaultAlgorithm: SignatureAlgorithm = 'ML-DSA-65';
/** Words for what people call by other names than the registry does. */
const words: Readonly<Record<string, readonly [SignatureAlgorithm, number?]>> = {
  p256: ['ECDSA-P256-SHA256'],
  p384: ['ECDSA-P384-SHA384'],
  p521: ['ECDSA-P521-SHA512'],
  'rsa-2048': ['RSA-PSS-SHA256', 2048],
  'rsa-3072': ['RSA-PSS-SHA256', 3072],
  'rsa-4096': ['RSA-PSS-SHA256', 4096],
};

const keyFileBytesMax = 262_144;
const envelopeMagic = 'QV1\0';

export function addNewKeyOptions(command: Command): Command {
  return command
    .option(
      '--algorithm <name>',
      `of the new key: ML-DSA-44, -65, -87, an SLH-DSA or composite set, Ed25519, ${Object.keys(words).join(', ')}`,
      defaultAlgorithm,
    )
    .option('--passphrase', 'encrypt the key file with a passphrase that is asked for, or open one')
    .option('--passphrase-file <file>', 'the passphrase is the first line of this file');
}

/** Throws CLI_WRONG_USE. */
async function algorithmNamed(word: string): Promise<readonly [SignatureAlgorithm, number?]> {
  const { findAlgorithm, signatureAlgorithms } = await import('@quantumvault/crypto');
  const plain = words[word.toLowerCase()];
  if (plain !== undefined) return plain;
  const id = findAlgorithm(word)?.id ?? '';
  const found = signatureAlgorithms.find((name) => name === id);
  if (found === undefined) throw new CliError('CLI_WRONG_USE', `${word} is no signature algorithm that is offered.`);
  return [found];
}

/**
 * Makes a key. Its file is written by `stage`, when what it was made for is there: a refused certificate leaves no key
 * behind that stands in the way of the next try. Throws CLI_WRONG_USE and CLI_FILE_EXISTS.
 */
export async function makeKey(cli: Cli, options: NewKeyOptions & { readonly keyOut: string }): Promise<NewKey> {
  const file = resolve(cli.environment.folder, options.keyOut);
  if (options.keyOut === '-') throw new CliError('CLI_WRONG_USE', 'A private key is never printed: give a file.');
  needNoKeyFile(file);
  const [algorithm, modulusBits] = await algorithmNamed(options.algorithm ?? defaultAlgorithm);
  using kept = new DisposableStack();
  const passphrase = kept.adopt(await passphraseOf(cli, options, { isNew: true }), (secret) => secret?.dispose());
  const { generateSigningKeyAsync, privateKeyPkcs8 } = await import('@quantumvault/crypto');
  const size = modulusBits === undefined ? {} : { modulusBits };
  const pair = await orWrongUse(() => generateSigningKeyAsync(algorithm, size));
  using secret = pair.privateKey;
  const pkcs8 = kept.use(privateKeyPkcs8(algorithm, secret));
  const { signer } = kept.use(await hold(algorithm, secret));
  const all = kept.move();
  return {
    signer,
    stage: async () => {
      const pem = await toPem(pkcs8);
      try {
        const content = passphrase === undefined ? pem : await sealed(cli, pem, passphrase);
        const output = new OutputFile(file, { force: false, mode: 0o600 });
        output.write(content);
        return output;
      } finally {
        pem.fill(0);
      }
    },
    [Symbol.dispose]: () => all.dispose(),
  };
}

export interface KeyReading extends PassphraseOptions {
  /** How the options for the passphrase of this key begin, as people write them. */
  readonly option: '--passphrase' | '--ca-passphrase';
}

/** Reads the key in a file. Throws CLI_WRONG_USE and CLI_FILE_UNREADABLE. */
export async function readKey(cli: Cli, name: string, options: KeyReading): Promise<HeldKey> {
  const bytes = await readSmallFile(cli, name, keyFileBytesMax);
  warnOfOpenFile(cli, name);
  const isSealed = new TextDecoder('latin1').decode(bytes.subarray(0, 4)) === envelopeMagic;
  const plain = isSealed ? await opened(cli, bytes, { name, options }) : bytes;
  try {
    const { readPem } = await import('@quantumvault/pki');
    const { readPrivateKeyPkcs8, SecretBytes } = await import('@quantumvault/crypto');
    const [block, second] = readPem(plain).blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'));
    if (block === undefined || second !== undefined) throw unusable(name, 'It must hold one private key in PEM.');
    if (block.label !== 'PRIVATE KEY')
      throw unusable(name, `${block.label} is not read; convert it to PKCS#8 (PRIVATE KEY).`);
    if (typeof block.content === 'string') throw unusable(name, block.content);
    using der = SecretBytes.take(block.content);
    return await orWrongUse(async () => {
      const { algorithm, privateKey } = readPrivateKeyPkcs8(der);
      using secret = privateKey;
      return await hold(algorithm, secret);
    });
  } finally {
    plain.fill(0);
    bytes.fill(0);
  }
}

const unusable = (name: string, reason: string): CliError => new CliError('CLI_WRONG_USE', `${name}: ${reason}`);

async function hold(algorithm: SignatureAlgorithm, privateKey: SecretBytes): Promise<HeldKey> {
  const { importSigningKey } = await import('@quantumvault/crypto');
  const { signerOfKey } = await import('@quantumvault/pki');
  const key = importSigningKey({ algorithm, privateKey });
  return { signer: signerOfKey(key), [Symbol.dispose]: () => key.dispose() };
}

const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const lineCharacters = 64;

/** As bytes that the caller erases: a string of a private key could not be. */
async function toPem(pkcs8: SecretBytes): Promise<Uint8Array> {
  const { secretAccess } = await import('@quantumvault/crypto');
  return pkcs8.open(secretAccess, (der) => {
    const text: number[] = [];
    const put = (...bytes: number[]): void => {
      for (const byte of bytes) {
        if (text.length % (lineCharacters + 1) === lineCharacters) text.push(0x0a);
        text.push(byte);
      }
    };
    for (let at = 0; at < der.length; at += 3) {
      const [first = 0, second, third] = der.subarray(at, at + 3);
      const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
      const digit = (shift: number): number => alphabet[(bits >> shift) & 63] ?? 0;
      put(digit(18), digit(12), second === undefined ? 0x3d : digit(6), third === undefined ? 0x3d : digit(0));
    }
    const mark = (word: string): Uint8Array => new TextEncoder().encode(`-----${word} PRIVATE KEY-----\n`);
    const [begin, end] = [mark('BEGIN'), mark('END')];
    const pem = new Uint8Array(begin.length + text.length + 1 + end.length);
    pem.set(begin);
    pem.set(text, begin.length);
    pem[begin.length + text.length] = 0x0a;
    pem.set(end, begin.length + text.length + 1);
    text.fill(0);
    return pem;
  });
}

async function sealed(cli: Cli, pem: Uint8Array, passphrase: SecretBytes): Promise<Uint8Array> {
  const { sealEnvelope, segmentBytesDefault } = await import('@quantumvault/envelope');
  const place = await placeOf({ purpose: 'key-encryption' });
  const facts = { ...place, contentType: 'application/x-pem-file', createdAt: cli.clock.now() };
  const how = {
    to: { passphrase, level: 'maximum' },
    facts,
    segmentBytes: segmentBytesDefault,
    profile: 'standard',
  } as const;
  const parts: Uint8Array[] = [];
  for await (const part of sealEnvelope([pem.slice()], { ...how, signer: undefined })) parts.push(part.slice());
  return new Uint8Array(Buffer.concat(parts));
}

async function opened(
  cli: Cli,
  bytes: Uint8Array,
  { name, options }: { readonly name: string; readonly options: KeyReading },
): Promise<Uint8Array> {
  const passphrase = await passphraseOf(cli, options, { isNew: false });
  const { option } = options;
  if (passphrase === undefined) throw unusable(name, `It is encrypted; add ${option} or ${option}-file.`);
  using secret = passphrase;
  const { openEnvelope } = await import('@quantumvault/envelope');
  const expected = await placeOf({ purpose: 'key-encryption' });
  const how = {
    keys: [{ type: 'passphrase', passphrase: secret }],
    expected,
    profile: 'standard',
    signature: 'unchecked',
  } as const;
  const plain = new Uint8Array(keyFileBytesMax);
  let length = 0;
  for await (const part of openEnvelope([bytes.slice()], how)) {
    if (length + part.length > plain.length) throw unusable(name, 'It is too long for a key file.');
    plain.set(part, length);
    length += part.length;
    part.fill(0);
  }
  return plain.subarray(0, length);
}
