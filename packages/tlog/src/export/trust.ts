import { sameBytes } from '../bytes.ts';
import { parseCheckpoint, type TreeHead, verifyCheckpoint } from '../checkpoint/checkpoint.ts';
import type { LogKey } from '../checkpoint/log-keys.ts';
import { type TileReader } from '../merkle/tiles.ts';
import { TrustedTiles } from '../merkle/trusted-tiles.ts';
import type { VerdictReason } from './findings.ts';

/** What an export is measured against. */
export interface Trust {
  /** Set when nothing may be believed; the anchors then only help to say where something is wrong. */
  readonly failure: VerdictReason | null;
  /** The checkpoint inside the export, if it is signed. */
  readonly embedded: (TreeHead & { readonly timestamp: bigint | null }) | null;
  /** The checkpoint held outside, if one was given and is signed. */
  readonly outside: TreeHead | null;
  /** Tiles proved against the largest of the two checkpoints that they reach. */
  readonly tiles: TrustedTiles | null;
  /** What is wrong with the anchors themselves. */
  readonly problems: readonly VerdictReason[];
}

export interface TrustInput {
  readonly embedded: string;
  readonly outside: string | undefined;
  readonly reader: TileReader | undefined;
  readonly keys: readonly LogKey[];
}

/** Decides what may be believed: keys first, then checkpoints signed by them, then tiles that make their roots. */
export async function establishTrust(input: TrustInput): Promise<Trust> {
  const problems: VerdictReason[] = [];
  const embedded = readHead(input.embedded, input.keys);
  const outside = input.outside === undefined ? null : readHead(input.outside, input.keys);
  let failure: VerdictReason | null = null;
  if (input.keys.length === 0) failure = 'NO_TRUST_ANCHOR';
  else if (input.outside === undefined ? embedded === null : outside === null) failure = 'CHECKPOINT_SIGNATURE_INVALID';
  else if (embedded === null) problems.push('CHECKPOINT_SIGNATURE_INVALID');
  if (embedded !== null && outside !== null && isFork(embedded, outside)) problems.push('CHECKPOINT_FORK');
  const tiles = input.reader === undefined ? null : await openTiles(input.reader, [embedded, outside]);
  if (input.reader !== undefined && tiles === null && (embedded ?? outside) !== null) problems.push('TILES_INVALID');
  return { failure, embedded, outside, tiles, problems };
}

function isFork(embedded: TreeHead, outside: TreeHead): boolean {
  if (embedded.origin !== outside.origin) return true;
  return embedded.size === outside.size && !sameBytes(embedded.root, outside.root);
}

/** A checkpoint signed by the keys, or, when there are no keys, one that can at least be read; else null. */
function readHead(text: string, keys: readonly LogKey[]): Trust['embedded'] {
  try {
    return keys.length === 0 ? { ...parseCheckpoint(text), timestamp: null } : verifyCheckpoint(text, keys);
  } catch {
    return null;
  }
}

/** The outside checkpoint may be older or newer than the tiles on disk: the largest that they make is taken. */
async function openTiles(reader: TileReader, heads: readonly (TreeHead | null)[]): Promise<TrustedTiles | null> {
  const known = heads.filter((head) => head !== null).sort((left, right) => Number(right.size - left.size));
  for (const head of known) {
    try {
      return await TrustedTiles.open(reader, head);
    } catch {
      // Tried with the next smaller one: a folder copied with its checkpoint does not reach further than that.
    }
  }
  return null;
}
