import { generateSigningKey, importSigningKey } from '@quantumvault/crypto';
import {
  type AuditEvent,
  appendLeaves,
  type CheckpointSigners,
  type ExportRow,
  emptyTree,
  encodeEvent,
  encodeLeaf,
  formatUuid,
  headDetails,
  type LogKey,
  leafHash,
  logKeysOf,
  type NoteSigner,
  signCheckpoint,
  type Tile,
  type TileId,
  type TileReader,
  type TreeEdge,
  TrustedTiles,
  tenantHeadAction,
  tilePath,
  treeRoot,
  writeExport,
} from '../src/index.ts';

// A small honest log, as the server would write it, for the tests to attack.

export const origin = 'quantumvault/00000000-0000-7000-8000-0000000000ff';
/** Seconds since 1970. */
export const logStart = 1_780_000_000n;

/** A UUID that shows its number. */
export function uuidOf(number: number): string {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(12, number);
  bytes[6] = 0x70;
  bytes[8] = 0x80;
  return formatUuid(bytes);
}

export const tenants = [uuidOf(1), uuidOf(2), uuidOf(3)] as const;

export function sampleEvent(number: number, tenant: string, changes: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: uuidOf(1000 + number),
    tenant,
    time: logStart * 1_000_000n + BigInt(number) * 1000n,
    actor: { kind: 'user', id: uuidOf(7) },
    session: number % 2 === 0 ? uuidOf(8) : null,
    source: { subjectKey: uuidOf(9), suite: 'AES-256-GCM', bytes: new Uint8Array(40).fill(number) },
    action: 'asset.created',
    resource: { type: 'asset', id: uuidOf(5000 + number) },
    outcome: 'success',
    reason: null,
    requestId: `req-${number}`,
    riskScore: number % 101,
    details: { attempt: number, name: 'Zürich 🔑', kept: true },
    ...changes,
  };
}

/** Signers with fresh keys, as the server holds them. */
export function newSigners(): CheckpointSigners {
  return { ed25519: newSigner('Ed25519'), mlDsa44: newSigner('ML-DSA-44') };
}

function newSigner(algorithm: 'Ed25519' | 'ML-DSA-44'): NoteSigner {
  const { privateKey } = generateSigningKey(algorithm);
  const key = importSigningKey({ algorithm, privateKey });
  return { publicKey: key.publicKey, sign: (message) => key.sign(message) };
}

export class TileMap implements TileReader {
  readonly tiles = new Map<string, Uint8Array>();

  put(tiles: readonly Tile[]): void {
    for (const tile of tiles) this.tiles.set(tilePath(tile), tile.hashes);
  }

  readTile(tile: TileId): Promise<Uint8Array | null> {
    return Promise.resolve(this.tiles.get(tilePath(tile)) ?? null);
  }
}

/** Rows, tiles and checkpoints of one installation. */
export class SampleLog {
  readonly signers: CheckpointSigners;
  readonly keys: readonly LogKey[];
  readonly leaves: Uint8Array[] = [];
  readonly tenantOf: string[] = [];
  readonly tiles = new TileMap();
  readonly checkpoints: { readonly size: number; readonly text: string }[] = [];
  edge: TreeEdge = emptyTree;
  private readonly heads = new Map<string, { tenantSequence: number; leafHash: Uint8Array }>();

  constructor(signers: CheckpointSigners = newSigners()) {
    this.signers = signers;
    this.keys = logKeysOf(origin, signers);
  }

  /** Another installation of the same keys and the same past: what a thief of the keys, or a restored backup, has. */
  clone(): SampleLog {
    const copy = new SampleLog(this.signers);
    copy.leaves.push(...this.leaves);
    copy.tenantOf.push(...this.tenantOf);
    for (const [path, hashes] of this.tiles.tiles) copy.tiles.tiles.set(path, hashes);
    copy.checkpoints.push(...this.checkpoints);
    copy.edge = this.edge;
    for (const [tenant, head] of this.heads) copy.heads.set(tenant, head);
    return copy;
  }

  append(tenant: string, changes: Partial<AuditEvent> = {}): void {
    const number = this.leaves.length;
    const before = this.heads.get(tenant);
    const tenantSequence = (before?.tenantSequence ?? 0) + 1;
    const event = encodeEvent(sampleEvent(number, tenant, changes));
    const link = before === undefined ? {} : { previousTenantLeaf: before.leafHash };
    const leaf = encodeLeaf({ tenant, tenantSequence, event, ...link });
    const hash = leafHash(leaf);
    const grown = appendLeaves(this.edge, [hash]);
    this.edge = grown.edge;
    this.tiles.put(grown.tiles);
    this.leaves.push(leaf);
    this.tenantOf.push(tenant);
    this.heads.set(tenant, { tenantSequence, leafHash: hash });
  }

  appendHead(tenant: string): void {
    const before = this.heads.get(tenant);
    if (before !== undefined) this.append(tenant, { action: tenantHeadAction, details: { ...headDetails(before) } });
  }

  async publish(timestamp: bigint = logStart + 10n): Promise<string> {
    const head = { origin, size: this.edge.size, root: treeRoot(this.edge) };
    const text = await signCheckpoint(head, timestamp, this.signers);
    this.checkpoints.push({ size: this.leaves.length, text });
    return text;
  }

  get latest(): string {
    return this.checkpoints.at(-1)?.text ?? '';
  }

  /** The table as the server reads it, for one tenant or for all. */
  rows(tenant: string | 'all' = 'all'): ExportRow[] {
    return this.leaves.map((leaf, at) =>
      tenant === 'all' || this.tenantOf[at] === tenant
        ? { index: BigInt(at), leaf }
        : { index: BigInt(at), leafHash: leafHash(leaf) },
    );
  }

  async export(
    tenant: string | 'all' = 'all',
    changes: { rows?: ExportRow[]; hasTiles?: boolean } = {},
  ): Promise<string> {
    const checkpoint = this.checkpoints.at(-1);
    if (checkpoint === undefined) throw new Error('publish first');
    const request = { tenant, checkpoint: checkpoint.text, treeSize: BigInt(checkpoint.size) };
    const rows = changes.rows ?? this.rows(tenant);
    return collect(writeExport({ ...request, rows, ...(changes.hasTiles ? { tiles: await this.trusted() } : {}) }));
  }

  trusted(): Promise<TrustedTiles> {
    return TrustedTiles.open(this.tiles, { size: this.edge.size, root: treeRoot(this.edge) });
  }
}

/** `count` events over three tenants, then a head for each, then a checkpoint. */
export async function sampleLog(count: number): Promise<SampleLog> {
  const log = new SampleLog();
  for (let number = 0; number < count; number += 1) log.append(tenants[(number * 7) % 3] ?? tenants[0]);
  for (const tenant of tenants) log.appendHead(tenant);
  await log.publish();
  return log;
}

export async function collect(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) text += line;
  return text;
}
