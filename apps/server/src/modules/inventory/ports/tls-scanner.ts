import type { ScanTarget, TlsScanResult } from '@quantumvault/inventory';

export type TlsOutcome =
  | { readonly kind: 'scanned'; readonly target: ScanTarget; readonly result: TlsScanResult }
  /** INV-7: this server may not touch that address; nothing was sent. */
  | { readonly kind: 'refused'; readonly target: ScanTarget }
  | { readonly kind: 'cancelled'; readonly target: ScanTarget };

/** Scans TLS endpoints from this server, within its guards. Never rejects for what an endpoint does. */
export interface TlsScanner {
  scan(
    targets: readonly ScanTarget[],
    options: { readonly signal: AbortSignal; readonly onOutcome: () => void },
  ): Promise<readonly TlsOutcome[]>;
}
