import type { Command } from 'commander';
import { needId } from '../../connection/resolve.ts';
import { CliError } from '../../errors.ts';

export interface PlaceOptions {
  readonly environment?: string;
  readonly project?: string;
  readonly service?: string;
}

export const addPlaceOptions = (command: Command): Command =>
  command
    .option('--environment <id>', 'on this environment and everything in it')
    .option('--project <id>', 'on this project and its services')
    .option('--service <id>', 'on this service');

/** The place as the interface takes it; nothing for the organization. Throws CLI_WRONG_USE for more than one. */
export function placeOf({ environment, project, service }: PlaceOptions): { readonly place?: Record<string, string> } {
  const given = [
    ...(environment === undefined ? [] : [['environmentId', needId(environment, 'an environment')] as const]),
    ...(project === undefined ? [] : [['projectId', needId(project, 'a project')] as const]),
    ...(service === undefined ? [] : [['serviceId', needId(service, 'a service')] as const]),
  ];
  if (given.length > 1)
    throw new CliError('CLI_WRONG_USE', 'Give one of --environment, --project and --service: the lowest one.');
  return given.length === 0 ? {} : { place: Object.fromEntries(given) };
}
