import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import type { DeviceAssertionClaims } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { findAddress } from '../../connection/server-address.ts';
import { CliError } from '../../errors.ts';
import { readTextFile } from '../../local/input-file.ts';
import { readJsonObject } from '../../local/json-file.ts';
import { OutputFile } from '../../local/output-file.ts';
import { readSecret } from '../../sign-in/ask.ts';
import { printFields } from '../../terminal/table.ts';
import { type DeviceKeyFile, deviceAlgorithmNames, deviceKeyFrom } from './device-key-file.ts';

interface EnrollOptions extends JsonOption {
  readonly out: string;
  readonly force?: boolean;
  readonly tokenFile?: string;
  readonly algorithm: string;
}

interface TokenOptions extends JsonOption {
  readonly key: string;
}

const examples = `
Example:
  qv agent enroll --token-file token.txt --out device.key
  QV_API_KEY=$(qv agent token --key device.key) qv assets`;

export function addAgent(program: Command, cli: Running): void {
  const agent = program
    .command('agent')
    .description('This machine as a device: enrol it, and get tokens for it')
    .addHelpText('after', examples);
  addCommand(agent, 'enroll', 'Make a key on this machine and enrol it with a one-time token (qv devices enroll-token)')
    .requiredOption('-o, --out <file>', 'file for the device’s key (mode 0600)')
    .option('--force', 'replace the file')
    .option('--token-file <file>', 'file with the one-time token; without it you are asked')
    .option('--algorithm <name>', `${deviceAlgorithmNames.join(' or ')}`, 'Ed25519')
    .action(ending(cli, (options: EnrollOptions) => enroll(cli, options)));
  addCommand(agent, 'token', 'Print a token of five minutes for this device, which also reports its MAC addresses')
    .requiredOption('-k, --key <file>', 'the device’s key')
    .action(ending(cli, (options: TokenOptions) => printToken(cli, options)));
}

async function tokenOf(cli: Cli, file: string | undefined): Promise<string> {
  if (file !== undefined) return readTextFile(resolve(cli.environment.folder, file), 1_000).trim();
  return (await readSecret(cli, 'One-time token: ', 1_000)).trim();
}

async function enroll(cli: Cli, options: EnrollOptions): Promise<void> {
  const algorithm = deviceAlgorithmNames.find((name) => name === options.algorithm);
  if (algorithm === undefined)
    throw new CliError('CLI_WRONG_USE', `--algorithm is ${deviceAlgorithmNames.join(' or ')}.`);
  const url = findAddress(cli);
  const { createClient, enrollmentMessage } = await import('@quantumvault/api');
  const { generateSigningKey, importSigningKey, secretAccess } = await import('@quantumvault/crypto');
  const token = await tokenOf(cli, options.tokenFile);
  const path = resolve(cli.environment.folder, options.out);
  // Opened first: a key that could not be kept would leave a device that nobody is.
  const file = new OutputFile(path, { force: options.force === true, mode: 0o600 });
  const pair = generateSigningKey(algorithm);
  using privateKey = pair.privateKey;
  let kept: Uint8Array | null = null;
  let enrolled: Awaited<ReturnType<ReturnType<typeof createClient>['enrollDevice']>>;
  try {
    using key = importSigningKey({ algorithm, privateKey });
    const publicKey = Buffer.from(pair.publicKey).toString('base64url');
    const proof = await key.signAsync(enrollmentMessage({ token, algorithm, publicKey }));
    const client = createClient({ url, http: cli.http });
    const body = { token, algorithm, publicKey, proof: Buffer.from(proof).toString('base64url') };
    enrolled = await client.enrollDevice({ body });
    const content: DeviceKeyFile = {
      url,
      ...enrolled,
      algorithm,
      privateKey: privateKey.open(secretAccess, (bytes) => Buffer.from(bytes).toString('base64url')),
    };
    kept = new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    file.discard();
    throw error;
  }
  try {
    file.write(kept);
    file.finish();
  } finally {
    kept.fill(0);
  }
  if (options.json) return cli.output.json({ ...enrolled, algorithm, file: path });
  printFields(cli.output, [
    ['device', enrolled.deviceId],
    ['organization', enrolled.organizationId],
    ['key', `${algorithm}, in ${path}`],
  ]);
}

/** Addresses of the cards of this machine, each once; a loopback device has none. */
export function macAddressesOf(
  interfaces: NodeJS.Dict<readonly Pick<NetworkInterfaceInfo, 'mac' | 'internal'>[]>,
): readonly string[] {
  const found = Object.values(interfaces).flatMap((each) => each ?? []);
  const cards = found.filter(({ internal, mac }) => !internal && mac !== '00:00:00:00:00:00');
  return [...new Set(cards.map(({ mac }) => mac.toLowerCase()))].sort().slice(0, 32);
}

// Short enough that a stolen one is of no use, long enough for clocks that differ.
const assertionSeconds = 60;

async function printToken(cli: Cli, { key: file, json }: TokenOptions): Promise<void> {
  const path = resolve(cli.environment.folder, file);
  const device = deviceKeyFrom(file, readJsonObject(path));
  const { createClient, deviceAssertionType } = await import('@quantumvault/api');
  const { importSigningKey, randomBytes, SecretBytes, signJwt } = await import('@quantumvault/crypto');
  using privateKey = SecretBytes.take(new Uint8Array(Buffer.from(device.privateKey, 'base64url')));
  using key = importSigningKey({ algorithm: device.algorithm, privateKey });
  const iat = Math.floor(cli.clock.now() / 1000);
  const claims: DeviceAssertionClaims = {
    iss: device.deviceId,
    sub: device.deviceId,
    aud: device.installationId,
    iat,
    exp: iat + assertionSeconds,
    jti: Buffer.from(randomBytes(16)).toString('base64url'),
    mac_addresses: macAddressesOf(networkInterfaces()),
  };
  const assertion = await signJwt({ key, claims: { ...claims }, typ: deviceAssertionType });
  // The key's own server, whatever the surroundings name: an assertion is for that installation.
  const client = createClient({ url: device.url, http: cli.http });
  const token = await client.createDeviceToken({ body: { clientId: device.deviceId, assertion } });
  if (json) return cli.output.json(token);
  cli.output.line(token.accessToken);
}
