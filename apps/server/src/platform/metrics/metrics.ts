import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { TimeCrypto } from '../../kernel/time-crypto.ts';

/** QUA-10. Labels come from closed sets only: route patterns, status codes, registry ids. No tenant, no secret. */
export interface Metrics {
  readonly registry: Registry;
  apiRequest(facts: { endpoint: string; status: number; durationMs: number }): void;
  jobsCompleted(kind: string): void;
  jobsFailed(kind: string): void;
  auditChainValid(valid: boolean): void;
  keyTaken(facts: { readonly algorithm: string; readonly isHit: boolean }): void;
  readonly timeCrypto: TimeCrypto;
}

/** A gauge whose value is asked for when it is scraped. */
export type GaugeSource = () => Promise<number>;

export function createMetrics(sources: { jobsPending: GaugeSource }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'quantumvault_process_' });
  const registers = [registry];
  const jobsCompleted = new Counter({
    name: 'quantumvault_jobs_completed_total',
    help: 'Jobs that ended with success',
    labelNames: ['kind'],
    registers,
  });
  const jobsFailed = new Counter({
    name: 'quantumvault_jobs_failed_total',
    help: 'Jobs that ended with failure',
    labelNames: ['kind'],
    registers,
  });
  const requests = new Counter({
    name: 'quantumvault_api_requests_total',
    help: 'Requests by route pattern and status',
    labelNames: ['endpoint', 'status'],
    registers,
  });
  const requestTime = new Histogram({
    name: 'quantumvault_api_request_seconds',
    help: 'Time of requests by route pattern',
    labelNames: ['endpoint'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  const chainValid = new Gauge({
    name: 'quantumvault_audit_chain_valid',
    help: '1 when the last verification of the audit log held, else 0',
    registers,
  });
  const keysTaken = new Counter({
    name: 'quantumvault_key_pool_taken_total',
    help: 'Key pairs asked of the key pool; result hit: it was ready, miss: it was made then',
    labelNames: ['algorithm', 'result'],
    registers,
  });
  const crypto = new Histogram({
    name: 'quantumvault_crypto_operations_duration',
    help: 'Seconds of cryptographic operations',
    labelNames: ['backend', 'operation', 'algorithm'],
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5],
    registers,
  });
  new Gauge({
    name: 'quantumvault_jobs_pending',
    help: 'Jobs that wait for a worker',
    registers,
    async collect() {
      this.set(await sources.jobsPending());
    },
  });
  return {
    registry,
    apiRequest: ({ endpoint, status, durationMs }) => {
      requests.inc({ endpoint, status: String(status) });
      requestTime.observe({ endpoint }, durationMs / 1000);
    },
    jobsCompleted: (kind) => jobsCompleted.inc({ kind }),
    jobsFailed: (kind) => jobsFailed.inc({ kind }),
    auditChainValid: (valid) => chainValid.set(valid ? 1 : 0),
    keyTaken: ({ algorithm, isHit }) => keysTaken.inc({ algorithm, result: isHit ? 'hit' : 'miss' }),
    timeCrypto: (facts, work) => {
      const started = performance.now();
      try {
        return work();
      } finally {
        crypto.observe({ backend: 'software', ...facts }, (performance.now() - started) / 1000);
      }
    },
  };
}
