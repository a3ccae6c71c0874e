import { CliError } from '../../errors.ts';
import { textField } from '../../local/json-file.ts';

/** What an agent keeps: its private key, and whose device it is. The file is of mode 0600 and leaves the machine never. */
export interface DeviceKeyFile {
  readonly url: string;
  readonly installationId: string;
  readonly organizationId: string;
  readonly deviceId: string;
  readonly algorithm: 'Ed25519' | 'ML-DSA-65';
  /** Base64url. */
  readonly privateKey: string;
}

export const deviceAlgorithmNames = ['Ed25519', 'ML-DSA-65'] as const;

/** Throws CLI_FILE_UNREADABLE, and quotes nothing of the file. */
export function deviceKeyFrom(file: string, object: Readonly<Record<string, unknown>> | undefined): DeviceKeyFile {
  if (object === undefined) throw new CliError('CLI_FILE_UNREADABLE', `There is no file ${file}.`);
  const field = (name: string): string => {
    const text = textField(object, name);
    if (text === undefined) throw new CliError('CLI_FILE_UNREADABLE', `${file} is no key of a device (${name}).`);
    return text;
  };
  const algorithm = deviceAlgorithmNames.find((name) => name === object.algorithm);
  if (algorithm === undefined) throw new CliError('CLI_FILE_UNREADABLE', `${file} is no key of a device (algorithm).`);
  return {
    url: field('url'),
    installationId: field('installationId'),
    organizationId: field('organizationId'),
    deviceId: field('deviceId'),
    algorithm,
    privateKey: field('privateKey'),
  };
}
