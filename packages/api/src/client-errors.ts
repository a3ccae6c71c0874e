import type { Problem } from './schemas/primitives.ts';

// Apart from the client, so that a page which only tells failures apart does not load the whole contract.

/** The server answered and said no; `problem.code` is stable (docs/reference/errors.md). */
export class ApiProblemError extends Error {
  override readonly name = 'ApiProblemError';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

/** No answer: refused, timed out, cut off. */
export class ApiUnreachableError extends Error {
  override readonly name = 'ApiUnreachableError';
}
