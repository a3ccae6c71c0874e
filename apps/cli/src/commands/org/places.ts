import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { type Connection, collect, connect, needBody } from '../../connection/connect.ts';
import { resolvePlace } from '../../connection/resolve.ts';
import { CliError } from '../../errors.ts';
import { formatInstant } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { printFields, printTable } from '../../terminal/table.ts';
import { parseCount } from '../option-values.ts';

interface Place {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly type?: string;
  readonly environmentId?: string;
  readonly projectId?: string;
}

type Page = Promise<{ readonly items: readonly Place[]; readonly nextCursor: string | null }>;

interface ListOptions extends JsonOption {
  readonly limit: number;
}

interface DeleteOptions {
  readonly yes?: boolean;
}

/** Throws CLI_WRONG_USE: nothing is deleted by a command that was completed too soon. */
function needYes(yes: boolean | undefined, what: string): void {
  if (yes !== true) throw new CliError('CLI_WRONG_USE', `This deletes ${what}; say --yes if that is meant.`);
}

function answer(cli: Cli, place: Place, json: boolean | undefined): void {
  if (json) {
    cli.output.json(place);
    return;
  }
  printFields(cli.output, [
    ['id', place.id],
    ['name', place.name],
    ...(place.type === undefined ? [] : ([['type', place.type]] as const)),
    ...(place.environmentId === undefined ? [] : ([['environment', place.environmentId]] as const)),
    ...(place.projectId === undefined ? [] : ([['project', place.projectId]] as const)),
    ['created', formatInstant(place.createdAt)],
  ]);
}

async function list(
  cli: Cli,
  plural: string,
  options: ListOptions,
  page: (connection: Connection) => (query: { limit: number; cursor?: string }) => Page,
): Promise<void> {
  const items = await collect(options.limit, page(await connect(cli)));
  if (options.json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line(`No ${plural}.`);
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: plural === 'environments' ? 'TYPE' : 'STANDS IN' }, { title: 'NAME' }],
    items.map(({ id, type, projectId, environmentId, name }) => [id, type ?? projectId ?? environmentId ?? '-', name]),
  );
}

const optionNames = { name: '<name>', type: '--type', environmentId: '--environment', projectId: '--project' };
const limited = (command: Command): Command => command.option('--limit <count>', 'at most this many', parseCount, 50);

export function addEnvironments(program: Command, cli: Running): void {
  const environments = program.command('environments').description('Environments of the organization');
  limited(addCommand(environments, 'list', 'List environments, oldest first', { isDefault: true })).action(
    ending(cli, (options: ListOptions) =>
      list(
        cli,
        'environments',
        options,
        ({ client }) =>
          (query) =>
            client.listEnvironments({ query }),
      ),
    ),
  );
  addCommand(environments, 'create <name>', 'Create an environment')
    .requiredOption('--type <type>', 'production, staging, development or local')
    .action(
      ending(cli, async (name: string, { type, json }: JsonOption & { type: string }) => {
        const { client, routes, api } = await connect(cli);
        const draft = needBody(routes.createEnvironment, { name, type }, optionNames);
        answer(cli, await client.createEnvironment({ body: api.createEnvironmentBody.parse(draft) }), json);
      }),
    );
  addCommand(environments, 'rename <environment> <name>', 'Rename an environment').action(
    ending(cli, async (text: string, name: string, { json }: JsonOption) => {
      const connection = await connect(cli);
      const { client, options, routes, api } = connection;
      const body = api.changeEnvironmentBody.parse(needBody(routes.changeEnvironment, { name }, optionNames));
      const { id } = await resolvePlace(connection, 'environment', text);
      const { etag } = await api.callRoute(options, routes.getEnvironment, { params: { id } });
      answer(cli, await client.changeEnvironment({ params: { id }, body }, matching(etag)), json);
    }),
  );
  addCommand(environments, 'delete <environment>', 'Delete an environment in which nothing stands')
    .option('--yes', 'delete it without being asked again')
    .action(
      ending(cli, async (text: string, { yes }: DeleteOptions) => {
        const connection = await connect(cli);
        const { id, name } = await resolvePlace(connection, 'environment', text);
        needYes(yes, `the environment ${safeText(name)} (${id})`);
        await connection.client.deleteEnvironment({ params: { id } });
        cli.output.line(`The environment ${safeText(name)} (${id}) is deleted.`);
      }),
    );
  addCommand(environments, 'show <environment>', 'Show one').action(
    ending(cli, async (text: string, { json }: JsonOption) =>
      answer(cli, await resolvePlace(await connect(cli), 'environment', text), json),
    ),
  );
}

const matching = (etag: string | null): { ifMatch?: string } => (etag === null ? {} : { ifMatch: etag });

export function addProjects(program: Command, cli: Running): void {
  const projects = program.command('projects').description('Projects: what stands in an environment');
  limited(addCommand(projects, 'list', 'List projects, oldest first', { isDefault: true }))
    .option('--environment <name or id>', 'only those of this environment')
    .action(
      ending(cli, async ({ environment, ...options }: ListOptions & { environment?: string }) => {
        const within =
          environment === undefined
            ? {}
            : { environmentId: (await resolvePlace(await connect(cli), 'environment', environment)).id };
        return list(
          cli,
          'projects',
          options,
          ({ client }) =>
            (query) =>
              client.listProjects({ query: { ...query, ...within } }),
        );
      }),
    );
  addCommand(projects, 'create <name>', 'Create a project in an environment')
    .requiredOption('--environment <name or id>', 'in which environment it stands')
    .action(
      ending(cli, async (name: string, { environment, json }: JsonOption & { environment: string }) => {
        const connection = await connect(cli);
        const { client, routes, api } = connection;
        const environmentId = (await resolvePlace(connection, 'environment', environment)).id;
        const draft = needBody(routes.createProject, { name, environmentId }, optionNames);
        answer(cli, await client.createProject({ body: api.createProjectBody.parse(draft) }), json);
      }),
    );
  addCommand(projects, 'rename <project> <name>', 'Rename a project').action(
    ending(cli, async (text: string, name: string, { json }: JsonOption) => {
      const connection = await connect(cli);
      const { client, options, routes, api } = connection;
      const body = api.renameBody.parse(needBody(routes.renameProject, { name }, optionNames));
      const { id } = await resolvePlace(connection, 'project', text);
      const { etag } = await api.callRoute(options, routes.getProject, { params: { id } });
      answer(cli, await client.renameProject({ params: { id }, body }, matching(etag)), json);
    }),
  );
  addCommand(projects, 'delete <project>', 'Delete a project in which nothing stands')
    .option('--yes', 'delete it without being asked again')
    .action(
      ending(cli, async (text: string, { yes }: DeleteOptions) => {
        const connection = await connect(cli);
        const { id, name } = await resolvePlace(connection, 'project', text);
        needYes(yes, `the project ${safeText(name)} (${id})`);
        await connection.client.deleteProject({ params: { id } });
        cli.output.line(`The project ${safeText(name)} (${id}) is deleted.`);
      }),
    );
  addCommand(projects, 'show <project>', 'Show one').action(
    ending(cli, async (text: string, { json }: JsonOption) =>
      answer(cli, await resolvePlace(await connect(cli), 'project', text), json),
    ),
  );
}

export function addServices(program: Command, cli: Running): void {
  const services = program.command('services').description('Services: what stands in a project');
  limited(addCommand(services, 'list', 'List services, oldest first', { isDefault: true }))
    .option('--project <name or id>', 'only those of this project')
    .action(
      ending(cli, async ({ project, ...options }: ListOptions & { project?: string }) => {
        const within =
          project === undefined ? {} : { projectId: (await resolvePlace(await connect(cli), 'project', project)).id };
        return list(
          cli,
          'services',
          options,
          ({ client }) =>
            (query) =>
              client.listServices({ query: { ...query, ...within } }),
        );
      }),
    );
  addCommand(services, 'create <name>', 'Create a service in a project')
    .requiredOption('--project <name or id>', 'in which project it stands')
    .action(
      ending(cli, async (name: string, { project, json }: JsonOption & { project: string }) => {
        const connection = await connect(cli);
        const { client, routes, api } = connection;
        const projectId = (await resolvePlace(connection, 'project', project)).id;
        const draft = needBody(routes.createService, { name, projectId }, optionNames);
        answer(cli, await client.createService({ body: api.createServiceBody.parse(draft) }), json);
      }),
    );
  addCommand(services, 'rename <service> <name>', 'Rename a service').action(
    ending(cli, async (text: string, name: string, { json }: JsonOption) => {
      const connection = await connect(cli);
      const { client, options, routes, api } = connection;
      const body = api.renameBody.parse(needBody(routes.renameService, { name }, optionNames));
      const { id } = await resolvePlace(connection, 'service', text);
      const { etag } = await api.callRoute(options, routes.getService, { params: { id } });
      answer(cli, await client.renameService({ params: { id }, body }, matching(etag)), json);
    }),
  );
  addCommand(services, 'delete <service>', 'Delete a service')
    .option('--yes', 'delete it without being asked again')
    .action(
      ending(cli, async (text: string, { yes }: DeleteOptions) => {
        const connection = await connect(cli);
        const { id, name } = await resolvePlace(connection, 'service', text);
        needYes(yes, `the service ${safeText(name)} (${id})`);
        await connection.client.deleteService({ params: { id } });
        cli.output.line(`The service ${safeText(name)} (${id}) is deleted.`);
      }),
    );
  addCommand(services, 'show <service>', 'Show one').action(
    ending(cli, async (text: string, { json }: JsonOption) =>
      answer(cli, await resolvePlace(await connect(cli), 'service', text), json),
    ),
  );
}
