import type { TlsScanPreview } from '@quantumvault/api';
import {
  atPorts,
  decideAddress,
  decideHostName,
  expandNetwork,
  formatScanTarget,
  InventoryError,
  parseCidr,
  type ScanGuard,
  type ScanProfile,
  type ScanTarget,
  withPorts,
} from '@quantumvault/inventory';
import { parseAddress } from '@quantumvault/pki';
import type { Actor } from '../../../../kernel/actor.ts';
import type { Authorize } from '../../../../kernel/authorize.ts';
import { placeOfNew } from '../../domain/place-of-new.ts';

export interface PreviewTlsScanQuery {
  readonly targets: readonly string[];
  readonly ports: readonly number[];
  readonly profile: ScanProfile;
  readonly environmentId?: string | undefined;
}

/** As many as one scan takes (`discoverTlsBody`). */
const targetsMax = 4_096;
/** Of a server with many groups and suites, as docs/design/tls-scanner.md counted them; a plain one takes fewer. */
const connectionsPerTarget: Readonly<Record<ScanProfile, number>> = { quick: 2, full: 63 };

/**
 * What a scan would ask and of whom (INV-7), decided from the text alone: no name is resolved and nobody is asked, so that
 * looking costs nothing and tells no one. The scan itself decides again, about the addresses that it finds then.
 */
export class PreviewTlsScan {
  readonly #authorize: Authorize;
  readonly #guard: ScanGuard;
  constructor(options: { authorize: Authorize; guard: ScanGuard }) {
    this.#authorize = options.authorize;
    this.#guard = options.guard;
  }

  async execute(actor: Actor, query: PreviewTlsScanQuery): Promise<TlsScanPreview> {
    await this.#authorize(actor, 'asset.scan', placeOfNew(actor, query.environmentId));
    const targets = new Map<string, ScanTarget>();
    const refused: TlsScanPreview['refused'] = [];
    const unreadable: TlsScanPreview['unreadable'] = [];
    for (const text of query.targets) {
      try {
        for (const target of this.#read(text, query.ports)) {
          const name = formatScanTarget(target);
          if (targets.has(name)) continue;
          if (targets.size === targetsMax)
            throw new InventoryError('INVENTORY_LIMIT_EXCEEDED', `A scan has at most ${targetsMax} targets.`);
          targets.set(name, target);
        }
      } catch (error) {
        if (!(error instanceof InventoryError)) throw error;
        unreadable.push({ target: text, reason: error.message });
      }
    }
    let named = 0;
    const asked: string[] = [];
    for (const [name, { host }] of targets) {
      const isName = parseAddress(host) === undefined;
      const decision = isName ? decideHostName(host) : decideAddress(host, this.#guard);
      if (!decision.isAllowed) {
        refused.push({ target: name, code: decision.refusal.code });
        continue;
      }
      if (isName) named += 1;
      asked.push(name);
    }
    return {
      targets: asked,
      named,
      refused,
      unreadable,
      connections: asked.length * connectionsPerTarget[query.profile],
    };
  }

  /** A network is expanded only within what the operator opened by name, public ones included. */
  #read(text: string, ports: readonly number[]): Iterable<ScanTarget> {
    const isNetwork = /^[0-9a-fA-F.:]+\/\d{1,3}$/.test(text.trim());
    if (!isNetwork) return withPorts(text, ports);
    const limits = { allow: this.#guard.allow, addressesMax: targetsMax };
    return atPorts(expandNetwork(parseCidr(text), limits), ports);
  }
}
