/*
 * What `qv crypto bench` measures, behind an import of its own: `@quantumvault/crypto/bench`. Programs that only use the
 * algorithms need none of it.
 */
import { asymmetricGroups } from './bench/asymmetric-groups.ts';
import type { BenchGroup } from './bench/case.ts';
import { passwordGroups } from './bench/password-groups.ts';
import { symmetricGroups } from './bench/symmetric-groups.ts';

export type { BenchCase, BenchGroup } from './bench/case.ts';

/** One group for each algorithm that this package performs for its users. */
export const benchGroups: readonly BenchGroup[] = Object.freeze([
  ...symmetricGroups,
  ...passwordGroups,
  ...asymmetricGroups,
]);
