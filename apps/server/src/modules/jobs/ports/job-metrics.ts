/** QUA-10: what the worker counts. */
export interface JobMetrics {
  jobsCompleted(kind: string): void;
  jobsFailed(kind: string): void;
}
