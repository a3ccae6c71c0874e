import { type RouteContract, routes } from '@quantumvault/api';

/** Routes outside the contract, each with the reason. Anything else that the router learns of stops the boot (attack case 2). */
export const uncontracted: Readonly<
  Record<string, { readonly auth: 'none' | 'key' | 'loopback-or-key'; readonly reason: string }>
> = {
  'GET /*': { auth: 'none', reason: 'files of the console; they hold no data' },
  'GET /api/openapi.json': { auth: 'none', reason: "the interface's own description" },
  'GET /.well-known/jwks.json': { auth: 'none', reason: 'public keys, for whoever verifies access tokens' },
  'GET /api/docs': { auth: 'none', reason: 'the same, for people' },
  'POST /graphql': { auth: 'key', reason: 'its fields are routes of the contract, each with its own authorisation' },
  'GET /metrics': { auth: 'loopback-or-key', reason: 'Prometheus; no tenant secret, from this host without a key' },
};

const byRoute = new Map<string, RouteContract>(
  (Object.values(routes) as RouteContract[]).map((contract) => [
    `${contract.method} ${contract.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    contract,
  ]),
);

export const contractOf = (method: string, url: string): RouteContract | null =>
  byRoute.get(`${method === 'HEAD' ? 'GET' : method} ${url}`) ?? null;

/** Called for every route that the router registers: a route that is neither in the contract nor listed above must not be served. */
export function assertRouteIsKnown(method: string, url: string): void {
  if (
    method === 'OPTIONS' ||
    contractOf(method, url) !== null ||
    uncontracted[`${method === 'HEAD' ? 'GET' : method} ${url}`] !== undefined
  )
    return;
  throw new Error(`the route ${method} ${url} is neither in the contract nor exempted`);
}
