import { constants, type FileHandle, open } from 'node:fs/promises';
import type { BreachedPasswords } from './password-records.ts';

/*
 * Passwords that others have stolen. Two sources: the common passwords that come with the strength estimator, and a file of
 * the operator: SHA-1 hashes in hexadecimal, sorted, one on a line, whatever stands behind the hash ignored, as Have I Been
 * Pwned gives them out. The file is searched by bisection, some 35 reads of a list of a billion; nothing is loaded.
 */

const hashLength = 40;
/** Longer than any line that such a file has. */
const lineMax = 128;
// SHA-1 is the name of a line here and protects nothing; the runtime's own, because packages/crypto rightly has none.
async function hashOf(password: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-1', Buffer.from(password, 'utf8'));
  return Buffer.from(digest).toString('hex').toUpperCase();
}

/** The line that begins at or after `offset`; null behind the last one. */
async function lineFrom(file: FileHandle, offset: number): Promise<{ start: number; entry: string } | null> {
  // One byte more at the front: a line begins at `offset` exactly when a line feed stands before it.
  const from = Math.max(0, offset - 1);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(lineMax * 2), 0, lineMax * 2, from);
  const text = buffer.toString('latin1', 0, bytesRead);
  const at = offset === 0 ? 0 : text.indexOf('\n') + 1;
  const entry = text.slice(at, at + hashLength).toUpperCase();
  if ((offset !== 0 && at === 0) || entry.length === 0) return null;
  if (!/^[0-9A-F]{40}$/.test(entry)) throw new Error('the file of breached passwords has a line that is no SHA-1 hash');
  return { start: from + at, entry };
}

/** Whether a sorted file of hashes has `wanted`. Between `low` and `high` begins every line that may still be it. */
export async function fileHasHash(path: string, wanted: string): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY);
  try {
    let [low, high] = [0, (await file.stat()).size];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const line = await lineFrom(file, middle);
      if (line === null || line.start >= high) {
        high = middle;
        continue;
      }
      if (line.entry === wanted) return true;
      if (line.entry < wanted) low = line.start + 1;
      else high = middle;
    }
    return false;
  } finally {
    await file.close();
  }
}

/** Throws when the operator's file cannot be searched: better at the start than at somebody's sign-in. */
export async function assertBreachedFile(path: string): Promise<void> {
  await fileHasHash(path, 'F'.repeat(hashLength));
}

/** The common passwords and the operator's file, if there is one. */
export class BreachedPasswordLists implements BreachedPasswords {
  readonly #file: string | null;
  readonly #common: () => Promise<ReadonlySet<string>>;
  constructor(options: { file: string | null; common: () => Promise<ReadonlySet<string>> }) {
    this.#file = options.file;
    this.#common = options.common;
  }

  /** Throws when the operator's file cannot be read: nobody must believe that it was asked. */
  async has(password: string): Promise<boolean> {
    // Another case of a common password is the same guess.
    if ((await this.#common()).has(password.toLowerCase())) return true;
    return this.#file !== null && (await fileHasHash(this.#file, await hashOf(password)));
  }
}
