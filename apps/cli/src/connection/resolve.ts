import type { AssetView, PolicyView } from '@quantumvault/api';
import { CliError } from '../errors.ts';
import { safeText } from '../terminal/safe-text.ts';
import { type Connection, collect } from './connect.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// Names are looked up by walking the list; beyond this many an id is the better question.
const searchMax = 10_000;

/** An id as it is given on the command line. Throws CLI_WRONG_USE, so that no typing error becomes "not found". */
export function needId(text: string, what: string): string {
  const id = text.toLowerCase();
  if (!uuid.test(id)) throw new CliError('CLI_WRONG_USE', `"${safeText(text)}" is not the id of ${what}.`);
  return id;
}

function one<T>(found: readonly T[], what: string, given: string): T {
  const [only] = found;
  if (only === undefined) throw new CliError('CLI_NOT_FOUND', `There is no ${what} "${safeText(given)}".`);
  if (found.length > 1) {
    throw new CliError('CLI_WRONG_USE', `More than one ${what} answers to "${safeText(given)}"; give the id.`);
  }
  return only;
}

/** An asset by id, name or endpoint (`db.internal:5432`). */
export async function resolveAsset({ client }: Connection, given: string): Promise<AssetView> {
  if (uuid.test(given.toLowerCase())) return client.getAsset({ params: { id: given.toLowerCase() } });
  const all = await collect(searchMax, (page) => client.listAssets({ query: page }));
  return one(
    all.filter(({ name, endpoint }) => name === given || endpoint === given),
    'asset',
    given,
  );
}

/** A protection policy by id or name. */
export async function resolvePolicy({ client }: Connection, given: string): Promise<PolicyView> {
  if (uuid.test(given.toLowerCase())) return client.getPolicy({ params: { id: given.toLowerCase() } });
  const all = await collect(searchMax, (page) => client.listPolicies({ query: page }));
  return one(
    all.filter(({ name }) => name === given),
    'protection policy',
    given,
  );
}

const places = {
  environment: ({ client }: Connection) => ({
    get: (id: string) => client.getEnvironment({ params: { id } }),
    all: () => collect(searchMax, (page) => client.listEnvironments({ query: page })),
  }),
  project: ({ client }: Connection) => ({
    get: (id: string) => client.getProject({ params: { id } }),
    all: () => collect(searchMax, (page) => client.listProjects({ query: page })),
  }),
  service: ({ client }: Connection) => ({
    get: (id: string) => client.getService({ params: { id } }),
    all: () => collect(searchMax, (page) => client.listServices({ query: page })),
  }),
} as const;

interface PlaceView {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
}

/** An environment, project or service by id or name; the same name may stand in several places, then only an id will do. */
export async function resolvePlace(
  connection: Connection,
  kind: keyof typeof places,
  given: string,
): Promise<PlaceView> {
  const { get, all } = places[kind](connection);
  if (uuid.test(given.toLowerCase())) return get(given.toLowerCase());
  const found: readonly PlaceView[] = await all();
  return one(
    found.filter(({ name }) => name === given),
    kind,
    given,
  );
}
