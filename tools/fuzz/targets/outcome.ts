/** What a parser may do with any bytes: throw an error of its closed union, or give a value that keeps a promise. */

/** A broken promise: thrown by targets, and never an error that a parser may throw. */
export class PromiseBroken extends Error {
  override readonly name = 'PromiseBroken';
}

export function promise(holds: boolean, what: string): asserts holds {
  if (!holds) throw new PromiseBroken(what);
}

type ErrorClass = abstract new (...given: never[]) => Error;

/** Undefined for an error that the parser may throw; every other error passes. */
export function unlessRefused<T>(refusal: ErrorClass, parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof refusal) return undefined;
    throw error;
  }
}

/** The same for parsers that answer later. */
export async function unlessRefusedLater<T>(refusal: ErrorClass, parse: () => Promise<T>): Promise<T | undefined> {
  try {
    return await parse();
  } catch (error) {
    if (error instanceof refusal) return undefined;
    throw error;
  }
}

export const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Whether `part` is how `whole` begins. */
export const begins = (whole: Uint8Array, part: Uint8Array): boolean =>
  part.length <= whole.length && same(whole.subarray(0, part.length), part);

/** The input in chunks whose sizes it chooses itself, as a disk or a socket would cut it. */
export function* chunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + (((bytes[at] ?? 0) * 7 + at) % 251);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
