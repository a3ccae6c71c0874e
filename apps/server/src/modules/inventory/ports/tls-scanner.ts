import type { ScanProfile, ScanTarget, TlsScanResult } from '@quantumvault/inventory';

export type TlsOutcome =
  | { readonly kind: 'scanned'; readonly target: ScanTarget; readonly result: TlsScanResult }
  /** INV-7: this server may not touch that address; nothing was sent. */
  | { readonly kind: 'refused'; readonly target: ScanTarget }
  | { readonly kind: 'cancelled'; readonly target: ScanTarget };

/**
 * Scans TLS endpoints from this server, within its guards, and keeps no outcome: each is handed over as it ends. Rejects
 * for what its targets throw alone, never for what an endpoint does.
 */
export interface TlsScanner {
  scan(
    targets: AsyncIterable<ScanTarget>,
    options: {
      readonly profile: ScanProfile;
      /** `public`: the networks that the operator opened are closed to this scan. */
      readonly reach: 'opened' | 'public';
      readonly signal: AbortSignal;
      readonly onOutcome: (outcome: TlsOutcome) => void;
    },
  ): Promise<void>;
}
