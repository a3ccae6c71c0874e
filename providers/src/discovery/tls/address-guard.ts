import { lookup } from 'node:dns/promises';
import { decideAddress, decideHostName, type GuardRefusal, type ScanGuard } from '@quantumvault/inventory';
import { parseAddress } from '@quantumvault/pki';

/** Resolves a name to addresses in the order to try them; the system resolver unless a test brings its own. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

export type GuardedTarget =
  /** Connect to these addresses and to no name: a second resolution could answer differently (rebinding). */
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'refused'; readonly refusal: GuardRefusal }
  | { readonly kind: 'unresolved'; readonly detail: string };

/** More addresses than this are a resolver's mistake or a way to make one target cost many connections. */
const addressesMax = 8;

/**
 * Resolves a host once and checks each address it has (INV-7). One forbidden address refuses the target: a name that
 * points both outside and inside is the shape of a rebinding attack, and no honest endpoint needs it.
 */
export async function resolveGuarded(
  host: string,
  guard: ScanGuard,
  resolve: ResolveHost = resolveBySystem,
): Promise<GuardedTarget> {
  const named = decideHostName(host);
  if (!named.isAllowed) return { kind: 'refused', refusal: named.refusal };
  let addresses: readonly string[];
  try {
    addresses = parseAddress(host) === undefined ? await resolve(host) : [host];
  } catch (error) {
    return { kind: 'unresolved', detail: errorCode(error) };
  }
  if (addresses.length === 0) return { kind: 'unresolved', detail: 'the name has no address' };
  for (const address of addresses) {
    const decision = decideAddress(address, guard);
    if (!decision.isAllowed) return { kind: 'refused', refusal: decision.refusal };
  }
  return { kind: 'addresses', addresses: addresses.slice(0, addressesMax) };
}

async function resolveBySystem(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
}

/** The code of a system error, or its class; never its message, which can quote what a server sent. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}
