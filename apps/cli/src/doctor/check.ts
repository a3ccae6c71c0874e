/** One thing that the doctor looked at. */
export interface Check {
  readonly name: string;
  readonly result: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do; null when all is well. */
  readonly remedy: string | null;
}

export const ok = (name: string, message: string): Check => ({ name, result: 'ok', message, remedy: null });
export const warn = (name: string, message: string, remedy: string): Check => ({
  name,
  result: 'warn',
  message,
  remedy,
});
export const fail = (name: string, message: string, remedy: string): Check => ({
  name,
  result: 'fail',
  message,
  remedy,
});
