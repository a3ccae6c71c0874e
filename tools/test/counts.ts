/** What a run came to, and the one line that outside scripts read. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const closingLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** A run in which nothing was tried proves nothing, so it does not succeed. */
export const exitCodeOf = ({ passed, failed }: Counts): number => (failed > 0 || passed === 0 ? 1 : 0);
