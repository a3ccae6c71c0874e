/**
 * TLS discovery over the network: the adapter that runs the probes of `@quantumvault/inventory` with Node's sockets.
 * `scanTls` is the way in. Give it a guard: `local` mode for a person's own machine, `server` mode with an allow list
 * for anything that scans on behalf of others.
 */
export { type GuardedTarget, type ResolveHost, resolveGuarded } from './address-guard.ts';
export type { ConnectionFailure, Preamble, PreambleStep } from './connection.ts';
export {
  ConnectionLimiter,
  type ConnectionLimits,
  type ConnectionRates,
  defaultConnectionLimits,
} from './connection-limiter.ts';
export { type TlsScanOptions, type TlsScanOutcome, tlsScanDefaults } from './scan-options.ts';
export { scanTls } from './scan-tls.ts';
