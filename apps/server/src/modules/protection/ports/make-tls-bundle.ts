import type { TlsBundle, TlsPlan } from '../domain/tls-bundle.ts';

/** Makes key, request and certificate of a TLS endpoint; `now` begins its validity. */
export type MakeTlsBundle = (plan: TlsPlan, now: Date) => Promise<TlsBundle>;
