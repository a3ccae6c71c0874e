import type { UpgradeProtocol } from './upgrade.ts';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What the recorded packets of one connection show of its TLS or DTLS. Nothing is decrypted. */
export interface ObservedConnection {
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly transport: 'tcp' | 'udp';
  /** The protocol that turned into TLS; null when the connection began with TLS. */
  readonly upgradedFrom: UpgradeProtocol | null;
  /** ISO 8601 UTC of the first packet seen. */
  readonly firstSeen: string | null;
  /** `TLSv1.2`, `DTLSv1.0`, `TLSv1.3-draft19`, or a number; null when no server answered with a version. */
  readonly version: string | null;
  /** IANA names; null where nothing was agreed or another mechanism is in use (RSA key transport has no group). */
  readonly suite: string | null;
  readonly group: string | null;
  /** Size of the prime of a finite-field exchange up to TLS 1.2. */
  readonly dhePrimeBits: number | null;
  readonly serverName: string | null;
  /** The protocol that the server chose. */
  readonly alpn: string | null;
  readonly offered: OfferedHello | null;
  /** DER, as sent. TLS 1.3 sends them encrypted, so there are none. */
  readonly serverCertificates: readonly Uint8Array[];
  readonly clientCertificates: readonly Uint8Array[];
  /** Continued from an earlier session or a shared key, so no certificate was sent. */
  readonly isResumed: boolean;
  /** Both sides sent protected messages after the handshake in clear; whether they were accepted cannot be seen. */
  readonly isEstablished: boolean;
  readonly lastAlert: ObservedAlert | null;
  /** False when packets of the handshake are missing from the capture. */
  readonly isComplete: boolean;
  /** What could not be read, in the order it was met. */
  readonly problems: readonly string[];
}

/** What the client was ready to use. Names of unregistered numbers (GREASE among them) are hexadecimal. */
export interface OfferedHello {
  readonly versions: readonly string[];
  readonly suites: readonly string[];
  readonly groups: readonly string[];
  readonly alpn: readonly string[];
}

export interface ObservedAlert {
  readonly from: 'client' | 'server' | 'unknown';
  readonly level: 'warning' | 'fatal';
  readonly name: string;
}
