import { formatScanTarget } from '../address/scan-target.ts';
import { InventoryError } from '../errors.ts';
import type { ScanTarget } from '../scan/scan-state.ts';

/** Targets of one scan. */
export const scanTargetsMax = 65_536;

export const tooManyTargets = (): InventoryError =>
  new InventoryError('INVENTORY_LIMIT_EXCEEDED', `A scan has at most ${scanTargetsMax} targets.`);

/** The identity of a target: one spelling of where it is and of the name that is asked for there. */
export function targetKey(target: ScanTarget): string {
  const { serverName } = target;
  return serverName === undefined ? formatScanTarget(target) : `${formatScanTarget(target)} ${serverName}`;
}

/** Targets of several sources as one, each once, made as they are asked for. Throws `INVENTORY_LIMIT_EXCEEDED`. */
export function* gatherTargets(
  sources: Iterable<Iterable<ScanTarget>>,
  targetsMax = scanTargetsMax,
): Generator<ScanTarget, undefined> {
  const seen = new Set<string>();
  for (const source of sources) {
    for (const target of source) {
      const key = targetKey(target);
      if (seen.has(key)) continue;
      if (seen.size === targetsMax) throw tooManyTargets();
      seen.add(key);
      yield target;
    }
  }
  return undefined;
}

/** Each address at each port, as targets. */
export function* atPorts(addresses: Iterable<string>, ports: readonly number[]): Generator<ScanTarget, undefined> {
  for (const host of addresses) for (const port of ports) yield { host, port };
  return undefined;
}
