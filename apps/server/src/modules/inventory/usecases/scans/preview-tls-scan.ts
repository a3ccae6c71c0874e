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
import type { ApprovalGate } from '../../../../kernel/approvals.ts';
import type { Authorize } from '../../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../../kernel/unit-of-work.ts';
import { placeOfNew } from '../../domain/place-of-new.ts';
import type { IsInternalScan } from '../../internal-scan.ts';

export interface PreviewTlsScanQuery {
  readonly targets: readonly string[];
  readonly ports: readonly number[];
  readonly profile: ScanProfile;
  readonly environmentId?: string | undefined;
  readonly internal: boolean;
}

export interface PreviewTlsScanOptions {
  readonly authorize: Authorize;
  readonly uow: Pick<UnitOfWork, 'read'>;
  readonly approvals: Pick<ApprovalGate, 'isDemanded'>;
  readonly isInternalScan: IsInternalScan;
  readonly guard: ScanGuard;
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
  readonly #options: PreviewTlsScanOptions;
  constructor(options: PreviewTlsScanOptions) {
    this.#authorize = options.authorize;
    this.#options = options;
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
    const { uow, approvals, isInternalScan, guard } = this.#options;
    let named = 0;
    const asked: string[] = [];
    for (const [name, { host }] of targets) {
      const isName = parseAddress(host) === undefined;
      const decision = isName ? decideHostName(host) : decideAddress(host, guard);
      if (!decision.isAllowed) {
        refused.push({ target: name, code: decision.refusal.code });
        continue;
      }
      if (isName) named += 1;
      asked.push(name);
    }
    const isInternal = isInternalScan({ targets: asked, internal: query.internal });
    const isGated = await uow.read(actor.tenantId, (tx) => approvals.isDemanded(tx, 'scan.internal'));
    return {
      targets: asked,
      named,
      refused,
      unreadable,
      needsApproval: isGated && isInternal,
      publicOnly: isGated && !isInternal,
      connections: asked.length * connectionsPerTarget[query.profile],
    };
  }

  /** A network is expanded only within what the operator opened by name, public ones included. */
  #read(text: string, ports: readonly number[]): Iterable<ScanTarget> {
    const isNetwork = /^[0-9a-fA-F.:]+\/\d{1,3}$/.test(text.trim());
    if (!isNetwork) return withPorts(text, ports);
    const limits = { allow: this.#options.guard.allow, addressesMax: targetsMax };
    return atPorts(expandNetwork(parseCidr(text), limits), ports);
  }
}
