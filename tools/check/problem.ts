/** Something a check found wrong, in words that say what to do. */
export interface Problem {
  readonly file: string;
  readonly message: string;
}
