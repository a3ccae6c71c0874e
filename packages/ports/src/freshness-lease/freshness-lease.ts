/**
 * How fresh this process's knowledge of revoked keys is (ENV-10). Whoever watches the database's notifications renews it;
 * whoever caches what a revocation would take away asks for it at each use. It has no way to wait: a dead link makes the
 * age grow, and that is all.
 */
export interface FreshnessLease {
  /**
   * Milliseconds since the database last confirmed that every revocation until then had arrived here; infinite when it
   * never did. It is measured by a monotonic clock.
   */
  ageMilliseconds(): number;

  /** Another number after each interruption: what was cached under an earlier one may have missed a revocation. */
  readonly generation: number;
}
