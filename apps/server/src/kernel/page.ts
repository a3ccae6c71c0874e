import { kernelErrors } from './errors.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Keyset pagination: the cursor holds the sort key of the last item, so that a page costs the same however deep it is. */
export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');
}

/** Reads a cursor of exactly the given kinds; throws `REQUEST_CURSOR_INVALID` for anything else. */
export function decodeCursor(cursor: string, kinds: readonly ('uuid' | 'number')[]): (string | number)[] {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw kernelErrors.REQUEST_CURSOR_INVALID();
  }
  if (!Array.isArray(parts) || parts.length !== kinds.length) throw kernelErrors.REQUEST_CURSOR_INVALID();
  return parts.map((part: unknown, index) => {
    if (kinds[index] === 'number' && typeof part === 'number' && Number.isFinite(part)) return part;
    if (kinds[index] === 'uuid' && typeof part === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part))
      return part;
    throw kernelErrors.REQUEST_CURSOR_INVALID();
  });
}

/** Cuts the extra row that a listing reads to learn whether there is a next page. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  keyOf: (item: T) => readonly (string | number)[],
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
