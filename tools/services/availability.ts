/**
 * How a test learns which services the run has for it.
 *
 * The runner starts shared services once and describes them in `QUANTUMVAULT_TEST_SERVICES`; a test that needs one asks here and
 * skips with the given reason: `if (!postgres.available) ctx.skip(postgres.reason)`.
 */
export type Availability =
  | { readonly available: true; readonly url: string; readonly superuserUrl?: string }
  | { readonly available: false; readonly reason: string };

export type ServiceTable = Readonly<Record<string, Availability>>;

const variable = 'QUANTUMVAULT_TEST_SERVICES';

export function describeServices(table: ServiceTable): void {
  process.env[variable] = JSON.stringify(table);
}

export function serviceAvailability(name: string): Availability {
  const described = process.env[variable];
  if (described === undefined) {
    return { available: false, reason: `${name} was not started: use npm run test:integration` };
  }
  const table: ServiceTable = JSON.parse(described);
  return table[name] ?? { available: false, reason: `${name} is not a service of this run` };
}
