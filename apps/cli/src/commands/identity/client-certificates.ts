import { resolve } from 'node:path';
import type { ClientCertificateView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { collect, connect, needBody } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { readTextFile } from '../../local/input-file.ts';
import { formatInstant } from '../../terminal/format.ts';
import { printFields, printTable } from '../../terminal/table.ts';
import { parseCount } from '../option-values.ts';

interface ListOptions extends JsonOption {
  readonly subject?: string;
  readonly limit: number;
}

interface BindOptions extends JsonOption {
  readonly names?: boolean;
}

export function addClientCertificates(program: Command, cli: Running): void {
  const certificates = program
    .command('client-certificates')
    .description('Certificates of TLS clients that stand for service accounts and devices');
  addCommand(certificates, 'list', 'List them, newest first', { isDefault: true })
    .option('--subject <id>', 'of this service account or device')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: ListOptions) => listCertificates(cli, options)));
  addCommand(certificates, 'bind <subject> <file>', 'Let a certificate (PEM) stand for a service account or a device')
    .option('--names', 'and every other certificate with the same issuer and subject, so that it may be renewed')
    .action(
      ending(cli, (subject: string, file: string, options: BindOptions) => bind(cli, { subject, file, ...options })),
    );
  addCommand(certificates, 'unbind <id>', 'Let a certificate stand for nobody, from the next request on').action(
    ending(cli, (id: string, options: JsonOption) => unbind(cli, id, options)),
  );
}

async function listCertificates(cli: Cli, { subject, limit, json }: ListOptions): Promise<void> {
  const { client } = await connect(cli);
  const filter = subject === undefined ? {} : { subjectId: needId(subject, 'a subject') };
  const items = await collect(limit, (page) => client.listClientCertificates({ query: { ...page, ...filter } }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No client certificates.');
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'SUBJECT' }, { title: 'BY' }, { title: 'ENDS' }, { title: 'NAME' }],
    items.map(({ id, subjectId, match, notAfter, subjectName }) => [
      id,
      subjectId,
      match,
      formatInstant(notAfter),
      subjectName,
    ]),
  );
}

function printCertificate(cli: Cli, bound: ClientCertificateView): void {
  printFields(cli.output, [
    ['client certificate', bound.id],
    ['stands for', bound.subjectId],
    ['by', bound.match === 'names' ? 'its issuer and subject' : 'itself alone'],
    ['subject', bound.subjectName],
    ['issuer', bound.issuerName],
    ['ends', formatInstant(bound.notAfter)],
  ]);
}

async function bind(
  cli: Cli,
  { subject, file, names, json }: BindOptions & { readonly subject: string; readonly file: string },
): Promise<void> {
  const certificate = readTextFile(resolve(cli.environment.folder, file), 64_000);
  const given = {
    subjectId: needId(subject, 'a subject'),
    match: names === true ? ('names' as const) : ('certificate' as const),
    certificate,
  };
  const { client, routes } = await connect(cli);
  const body = needBody(routes.bindClientCertificate, given, { certificate: '<file>' });
  const bound = await client.bindClientCertificate({ body });
  if (json) return cli.output.json(bound);
  printCertificate(cli, bound);
}

async function unbind(cli: Cli, text: string, { json }: JsonOption): Promise<void> {
  const id = needId(text, 'a client certificate');
  const { client } = await connect(cli);
  await client.unbindClientCertificate({ params: { id } });
  if (json) return cli.output.json({ id, status: 'unbound' });
  cli.output.line(`The client certificate ${id} stands for nobody.`);
}
