/** What a cryptographic operation is reported as (QUA-10): names from closed sets, registry ids for algorithms. */
export interface CryptoFacts {
  readonly operation: 'wrap' | 'unwrap' | 'encapsulate' | 'decapsulate' | 'sign';
  readonly algorithm: string;
}

/** Runs a cryptographic operation and reports how long it took, failed ones included. */
export type TimeCrypto = <T>(facts: CryptoFacts, work: () => T) => T;

/** Where nobody measures: tests and tools. */
export const untimed: TimeCrypto = (_facts, work) => work();
