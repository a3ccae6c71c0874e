import type { Json } from './json.ts';
import type { Tally } from './tally.ts';
import type { VectorFile } from './vector-file.ts';

/**
 * What a source says of a file: `vectors` are run; a `part` belongs to a file beside it, which runs it (the plaintext of a
 * ciphertext, the secret of an encapsulation), so it is no case of its own.
 */
export type Recognition = 'vectors' | 'part';

/**
 * One publisher or kind of vectors. To add one: write a file in sources/ that exports a `VectorSource`, and name it in the
 * list of run.ts. Recognize by content first and by names only where content says nothing, because the folders that are
 * run are laid out like ours but need not be named like ours. Call only what the packages export.
 */
export interface VectorSource {
  /** The folder of the shared vectors, for the column `source`; undefined when the path says more. */
  readonly source: string | undefined;
  recognize(file: VectorFile): Recognition | undefined;
  /** Counts each case once, as passed, failed or skipped with its reason. */
  run(file: VectorFile, tally: Tally): Promise<void>;
}

/**
 * One case of Wycheproof or ACVP: whether the answer is the published one. A CryptoError (or {@link Refused}) means that
 * the input was refused, which is right for a case that must be; throw {@link Skip} with the reason for what is not offered.
 */
export type CaseRunner = (test: Json, group: Json) => boolean | Promise<boolean>;

/**
 * The runner of a set, by its algorithm, mode or schema; undefined when the set is about something else. To add algorithms
 * of Wycheproof or ACVP: write a finder for each in cases/, and name them in the lists of wycheproof.ts and acvp.ts.
 */
export type RunnerFinder = (suite: Json) => CaseRunner | undefined;

/** A signature or a tag that was checked and found wrong. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** For runners that verify: a no is a refusal, not a wrong answer, which differs where a case may go either way. */
export function accepted(isGenuine: boolean): true {
  if (!isGenuine) throw new Refused('not genuine');
  return true;
}
