import { leafHash, sameBytes, TlogError, type TrustedTiles, tileWidth } from '@quantumvault/tlog';
import { leafOfRow } from '../domain/leaf-of-row.ts';
import type { WholeLogReader } from '../ports/log-reader.ts';
import { LogDamage } from './log-damage.ts';

/**
 * Compares leaves `start` to `end` (exclusive) of the database with the outside tiles (AUD-7): each must be there once,
 * and be the leaf whose hash was published. Throws `LogDamage` with the first index that is not.
 */
export async function compareLeaves(options: {
  readonly reader: WholeLogReader;
  readonly tiles: TrustedTiles;
  readonly start: bigint;
  readonly end: bigint;
}): Promise<void> {
  const width = BigInt(tileWidth);
  for (let at = options.start; at < options.end; ) {
    const tile = at / width;
    const end = (tile + 1n) * width < options.end ? (tile + 1n) * width : options.end;
    const hashes = await publishedHashes(options.tiles, Number(tile));
    const rows = await options.reader.leavesBetween(at, end);
    for (let index = at; index < end; index += 1n) {
      const row = rows[Number(index - at)];
      const leaf = row === undefined || row.logIndex !== index ? null : leafOfRow(row);
      const offset = Number(index % width) * 32;
      const published = hashes.subarray(offset, offset + 32);
      const isPublished = leaf !== null && sameBytes(leafHash(leaf), published);
      if (!isPublished || row === undefined || !sameBytes(row.leafHash, published))
        throw new LogDamage(
          'DATABASE_FORKED',
          `The database's leaf ${index} is not the one that was published: edited, moved or gone.`,
          { logIndex: index },
        );
    }
    at = end;
  }
}

async function publishedHashes(tiles: TrustedTiles, index: number): Promise<Uint8Array> {
  try {
    return await tiles.tile(0, index);
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw new LogDamage('OUTSIDE_NOT_OURS', `Outside tile ${index} is gone or does not make its root.`, { cause });
  }
}
