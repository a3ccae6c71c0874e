import type { DeviceView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { collect, connect, needBody } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { formatInstant } from '../../terminal/format.ts';
import { printFields, printTable } from '../../terminal/table.ts';
import { parseCount, parseWhole } from '../option-values.ts';
import { addSecretOptions, keepSecret, type SecretOptions } from './secret-output.ts';

interface ListOptions extends JsonOption {
  readonly revoked?: boolean;
  readonly limit: number;
}

export function addDevices(program: Command, cli: Running): void {
  const devices = program
    .command('devices')
    .description('Enrolled devices: machines that prove themselves by a key of their own; qv grants gives them roles');
  addCommand(devices, 'list', 'List devices, oldest first', { isDefault: true })
    .option('--revoked', 'also those that are revoked')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: ListOptions) => listDevices(cli, options)));
  addSecretOptions(
    addCommand(devices, 'enroll-token <name>', 'Make a one-time token by which an agent becomes a device').option(
      '--hours <count>',
      'good for so long',
      parseWhole(1, 168),
      24,
    ),
  ).action(
    ending(cli, (name: string, options: SecretOptions & { readonly hours: number }) => makeToken(cli, name, options)),
  );
  addCommand(devices, 'cancel-token <id>', 'Cancel a token that no agent has used').action(
    ending(cli, (id: string, options: JsonOption) => cancelToken(cli, id, options)),
  );
  addCommand(devices, 'revoke <id>', 'Revoke a device with its tokens and grants, at once and for good').action(
    ending(cli, (id: string, options: JsonOption) => revokeDevice(cli, id, options)),
  );
}

const seenText = ({ lastSeenAt }: DeviceView): string => (lastSeenAt === null ? '-' : formatInstant(lastSeenAt));

async function listDevices(cli: Cli, { revoked, limit, json }: ListOptions): Promise<void> {
  const { client } = await connect(cli);
  const includeRevoked = revoked === true ? ('true' as const) : ('false' as const);
  const items = await collect(limit, (page) => client.listDevices({ query: { ...page, includeRevoked } }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No devices.');
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'NAME' }, { title: 'STATUS' }, { title: 'KEY' }, { title: 'SEEN' }, { title: 'MAC' }],
    items.map((device) => [
      device.id,
      device.name,
      device.status,
      device.algorithm,
      seenText(device),
      device.macAddresses.length === 0 ? '-' : device.macAddresses.join(', '),
    ]),
  );
}

async function makeToken(cli: Cli, name: string, options: SecretOptions & { readonly hours: number }): Promise<void> {
  const { client, routes, api } = await connect(cli);
  const given = { name, expiresInHours: options.hours };
  const body = api.createDeviceEnrollmentBody.parse(
    needBody(routes.createDeviceEnrollment, given, { name: '<name>', expiresInHours: '--hours' }),
  );
  await keepSecret(cli, options, {
    ask: async () => {
      const { token, ...made } = await client.createDeviceEnrollment({ body });
      return { ...made, secret: token };
    },
    print: ({ id, expiresAt }) =>
      printFields(cli.output, [
        ['token', id],
        ['for', name],
        ['until', formatInstant(expiresAt)],
      ]),
  });
}

async function cancelToken(cli: Cli, text: string, { json }: JsonOption): Promise<void> {
  const id = needId(text, 'a token');
  const { client } = await connect(cli);
  await client.cancelDeviceEnrollment({ params: { id } });
  if (json) return cli.output.json({ id, status: 'cancelled' });
  cli.output.line(`The token ${id} is cancelled.`);
}

async function revokeDevice(cli: Cli, text: string, { json }: JsonOption): Promise<void> {
  const id = needId(text, 'a device');
  const { client } = await connect(cli);
  await client.revokeDevice({ params: { id } });
  if (json) return cli.output.json({ id, status: 'revoked' });
  cli.output.line(`The device ${id} is revoked.`);
}
