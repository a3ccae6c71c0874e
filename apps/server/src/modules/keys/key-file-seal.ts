import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { hkdfSha256, type Sealed, SecretBytes, seal, secretAccess, unsealSecret } from '@quantumvault/crypto';
import { writePrivateFile } from '../../platform/files/private-file.ts';
import { keyErrors } from './errors.ts';

const header = 'quantumvault-seal-key-1\n';
const keyLength = 32;
const fileLength = header.length + keyLength * 2 + 1;

/**
 * The key-file seal (RES-2): a file of 32 random bytes, mode 0600, from which the key that wraps the root key is
 * derived. Whoever holds this file and the database holds everything, so keep them apart.
 */
export function createSealKeyFile(file: string): void {
  const key = SecretBytes.random(keyLength);
  key.open(secretAccess, (bytes) => writePrivateFile(file, `${header}${Buffer.from(bytes).toString('hex')}\n`));
  key.dispose();
}

/** Reads the seal key; throws when the file is missing, readable by others or not of our format. Returns null when it does not exist. */
export function readSealKeyFile(file: string): SecretBytes | null {
  let handle: number;
  try {
    handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return null;
    throw keyErrors.KEYS_SEAL_KEY_MISSING({ cause: error });
  }
  const buffer = Buffer.alloc(fileLength + 1);
  try {
    const facts = fstatSync(handle);
    if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) throw keyErrors.KEYS_SEAL_KEY_EXPOSED();
    const length = readSync(handle, buffer, 0, buffer.length, 0);
    const text = buffer.subarray(0, length).toString('latin1');
    const match = /^quantumvault-seal-key-1\n([0-9a-f]{64})\n$/.exec(text);
    if (match?.[1] === undefined) throw keyErrors.KEYS_SEAL_KEY_INVALID();
    return SecretBytes.take(Buffer.from(match[1], 'hex'));
  } finally {
    buffer.fill(0);
    closeSync(handle);
  }
}

const sealContext = (installationId: string) => ({
  purpose: 'root-key-seal',
  tenant: 'platform',
  installation: installationId,
});

function wrappingKey(sealKey: SecretBytes, installationId: string): SecretBytes {
  return hkdfSha256({
    ikm: sealKey,
    salt: Buffer.from(installationId, 'utf8'),
    info: Buffer.from('quantumvault/seal/key-file/v1', 'utf8'),
    length: keyLength,
  });
}

export function sealRootKey(options: { rootKey: SecretBytes; sealKey: SecretBytes; installationId: string }): Sealed {
  using key = wrappingKey(options.sealKey, options.installationId);
  return options.rootKey.open(secretAccess, (plaintext) =>
    seal({ key, context: sealContext(options.installationId), plaintext }),
  );
}

export function unsealRootKey(options: {
  sealed: { suite: string; bytes: Uint8Array };
  sealKey: SecretBytes;
  installationId: string;
}): SecretBytes {
  using key = wrappingKey(options.sealKey, options.installationId);
  try {
    return unsealSecret({ key, context: sealContext(options.installationId), sealed: options.sealed });
  } catch (cause) {
    throw keyErrors.KEYS_UNSEAL_FAILED({ cause });
  }
}
