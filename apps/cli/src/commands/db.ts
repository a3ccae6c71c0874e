import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { readSetting } from '../environment.ts';
import { CliError } from '../errors.ts';
import { dataFolder } from '../local/data-folder.ts';
import { readJsonObject, textField } from '../local/json-file.ts';
import { readRunFile } from '../local/run-file.ts';

const roles = ['qv_app', 'qv_auth', 'qv_worker', 'qv_audit', 'qv_sequencer', 'qv_owner', 'bootstrap'] as const;
type RoleName = (typeof roles)[number];

interface UrlOptions extends JsonOption {
  readonly role: RoleName;
}

export function addDatabase(program: Command, cli: Running): void {
  const database = program.command('db').description('The database of this machine’s installation');
  addCommand(
    database,
    'url',
    'Print the URL of a database role, password included; only for the owner of the data folder',
  )
    .addOption(
      new Option('--role <name>', 'database role; bootstrap is the superuser of the embedded database')
        .choices(roles)
        .makeOptionMandatory(),
    )
    .addHelpText('after', '\nUse it without showing it:  psql "$(npx qv db url --role qv_audit)"')
    .action(ending(cli, async (options: UrlOptions) => printUrl(cli, options)));
}

function printUrl(cli: Cli, { role, json }: UrlOptions): void {
  const folder = dataFolder(cli.environment);
  const login = readLogin(folder, role);
  const address = readAddress(cli, folder);
  const path = `/${encodeURIComponent(address.database)}`;
  const query = new Map(address.query);
  // The tables live in a schema of their own; people and tests need not know it.
  query.set('options', '-c search_path=qv,pg_temp');
  const text = [...query].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const user = `${encodeURIComponent(login.role)}:${encodeURIComponent(login.password)}`;
  const url = `postgres://${user}@${address.authority}${path}?${text}`;
  if (json) cli.output.json({ role: login.role, url });
  else cli.output.line(url);
}

function readLogin(folder: string, role: RoleName): { readonly role: string; readonly password: string } {
  const missing = (file: string): CliError =>
    new CliError(
      'CLI_NOT_FOUND',
      `${join(folder, file)} has no password for ${role}. Was the server ever started here?`,
    );
  if (role === 'bootstrap') {
    const record = readJsonObject(join(folder, 'postgres.json'));
    const name = record === undefined ? undefined : textField(record, 'role');
    const password = record === undefined ? undefined : textField(record, 'password');
    if (name === undefined || password === undefined) throw missing('postgres.json');
    return { role: name, password };
  }
  const file = role === 'qv_owner' ? 'database-owner.json' : 'database-roles.json';
  const passwords = readJsonObject(join(folder, file));
  const password = passwords === undefined ? undefined : textField(passwords, role);
  if (password === undefined) throw missing(file);
  return { role, password };
}

interface DatabaseAddress {
  /** `host:port`, or empty for a socket. */
  readonly authority: string;
  readonly database: string;
  readonly query: readonly (readonly [string, string])[];
}

function readAddress(cli: Cli, folder: string): DatabaseAddress {
  const outside = readSetting(cli.environment, 'DATABASE_URL');
  if (outside !== undefined) return outsideAddress(outside);
  const run = readRunFile(folder);
  if (run?.postgres?.isAlive) {
    const { socketDir, port, database } = run.postgres;
    return {
      authority: '',
      database,
      query: [
        ['host', socketDir],
        ['port', String(port)],
      ],
    };
  }
  if (run !== undefined && run.postgres === null) {
    throw new CliError(
      'CLI_NOT_CONFIGURED',
      'This installation uses a database outside: set DATABASE_URL as for the server.',
    );
  }
  throw new CliError('CLI_NOT_RUNNING', `The embedded database of ${folder} does not run. Start it with npm start.`);
}

/** Host, port, database and TLS settings of DATABASE_URL; its own user and password are left behind. */
function outsideAddress(text: string): DatabaseAddress {
  // libpq's form for sockets, user@/database, is no WHATWG URL: it needs a host to be parsed.
  const match = /^postgres(?:ql)?:\/\/(?:[^@/?]*@)?([^/?@]*)\/([^?]*)(?:\?(.*))?$/.exec(text);
  const database = match?.[2];
  if (match === null || database === undefined || database === '') {
    throw new CliError('CLI_WRONG_USE', 'DATABASE_URL must look like postgres://user:password@host/database.');
  }
  const query = [...new URLSearchParams(match[3] ?? '')].filter(([name]) => !['user', 'password'].includes(name));
  return { authority: match[1] ?? '', database: decodeURIComponent(database), query };
}
