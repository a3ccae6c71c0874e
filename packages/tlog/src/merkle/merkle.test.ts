import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TileMap } from '../../test/sample-log.ts';
import { decodeBase64 } from '../base64.ts';
import { concat } from '../bytes.ts';
import { parseCheckpoint } from '../checkpoint/checkpoint.ts';
import { TlogError } from '../errors.ts';
import { emptyRoot, hashLeaf, hashNode } from './hashing.ts';
import { proveConsistency, proveInclusion, type RangeHashes, verifyConsistency, verifyInclusion } from './proofs.ts';
import { decompose, SubtreeRun } from './subtrees.ts';
import { appendLeaves, emptyTree, loadTree, type TreeEdge, tilePath, treeRoot } from './tiles.ts';
import { TrustedTiles } from './trusted-tiles.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

function leavesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => hashLeaf(new TextEncoder().encode(`leaf ${at}`)));
}

/** RFC 9162 section 2.1.1 as it is written. */
function naiveRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [first] = hashes;
  if (first === undefined) return emptyRoot();
  if (hashes.length === 1) return first;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return hashNode(naiveRoot(hashes.slice(0, split)), naiveRoot(hashes.slice(split)));
}

class NaiveRanges implements RangeHashes {
  private readonly leaves: readonly Uint8Array[];
  constructor(leaves: readonly Uint8Array[]) {
    this.leaves = leaves;
  }
  range(start: bigint, end: bigint): Promise<Uint8Array> {
    return Promise.resolve(naiveRoot(this.leaves.slice(Number(start), Number(end))));
  }
}

interface InclusionCase {
  readonly name?: string;
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}
interface ConsistencyCase {
  readonly name?: string;
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

function accepts(one: InclusionCase | ConsistencyCase): boolean {
  const proof = (one.proof ?? []).map((hash) => decodeBase64(hash));
  if ('leafIdx' in one) {
    const [leafHash, treeRootOf] = [decodeBase64(one.leafHash), decodeBase64(one.root)];
    return verifyInclusion({
      index: BigInt(one.leafIdx),
      size: BigInt(one.treeSize),
      leafHash,
      root: treeRootOf,
      proof,
    });
  }
  const [root1, root2] = [decodeBase64(one.root1), decodeBase64(one.root2)];
  return verifyConsistency({ size1: BigInt(one.size1), size2: BigInt(one.size2), root1, root2, proof });
}

/** The published cases compare two equal texts that are no hashes; here a root has 32 bytes or is refused. */
function isStricterHere(one: InclusionCase | ConsistencyCase): boolean {
  return 'root1' in one && !one.wantErr && decodeBase64(one.root1).length !== 32;
}

describe('published proofs (transparency-dev/merkle)', () => {
  const file = join(root, 'tests/vectors/merkle/rfc6962-proofs.json');
  const cases: { readonly inclusion: InclusionCase[]; readonly consistency: ConsistencyCase[] } = JSON.parse(
    readFileSync(file, 'utf8'),
  );

  it.each(['inclusion', 'consistency'] as const)('AUD-4: %s proofs are accepted and refused as published', (kind) => {
    let good = 0;
    for (const one of cases[kind]) {
      if (isStricterHere(one)) continue;
      expect(accepts(one), one.name).toBe(!one.wantErr);
      if (!one.wantErr) good += 1;
    }
    expect(good).toBeGreaterThan(1);
    expect(cases[kind].length - good).toBeGreaterThan(20);
  });

  it('AUD-4: the further published cases agree too', (context) => {
    const archive = join(root, '../shared/corpora/merkle-proofs.tar.gz');
    if (!existsSync(archive)) return context.skip('../shared/corpora/merkle-proofs.tar.gz is not here');
    const folder = mkdtempSync(join(tmpdir(), 'qv-merkle-'));
    try {
      expect(spawnSync('tar', ['xzf', archive, '-C', folder]).status).toBe(0);
      let count = 0;
      for (const kind of ['inclusion', 'consistency']) {
        for (const name of readdirSync(join(folder, 'merkle-proofs', kind), { recursive: true, encoding: 'utf8' })) {
          if (!name.endsWith('.json')) continue;
          const one: InclusionCase | ConsistencyCase = JSON.parse(
            readFileSync(join(folder, 'merkle-proofs', kind, name), 'utf8'),
          );
          if (isStricterHere(one)) continue;
          expect(accepts(one), `${kind}/${name}`).toBe(!one.wantErr);
          count += 1;
        }
      }
      expect(count).toBeGreaterThan(90);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a log written by another implementation (transparency-dev/tessera)', () => {
  const file = join(root, 'tests/vectors/merkle/tessera-log.json');
  const log: { readonly entries: string[]; readonly checkpoints: string[]; readonly tile: string[] } = JSON.parse(
    readFileSync(file, 'utf8'),
  );

  it('AUD-4: has our roots, our tiles and our checkpoint form at every size', async () => {
    let edge = emptyTree;
    expect(log.checkpoints).toHaveLength(log.entries.length + 1);
    for (const [size, text] of log.checkpoints.entries()) {
      const checkpoint = parseCheckpoint(text);
      expect(checkpoint.size).toBe(BigInt(size));
      expect(checkpoint.root).toEqual(treeRoot(edge));
      const entry = log.entries[size];
      if (entry !== undefined) edge = appendLeaves(edge, [hashLeaf(decodeBase64(entry))]).edge;
    }
    expect(edge.partials[0]).toEqual(decodeBase64(log.tile[0] ?? ''));
  });
});

describe('proofs', () => {
  const sizes = fc.integer({ min: 1, max: 80 });

  it('AUD-4: inclusion proofs verify for every leaf, and for no other leaf, index, size or root', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, pick, other) => {
        const leaves = leavesOf(size);
        const index = pick % size;
        const proof = await proveInclusion(new NaiveRanges(leaves), BigInt(index), BigInt(size));
        const claim = {
          index: BigInt(index),
          size: BigInt(size),
          leafHash: leaves[index] ?? emptyRoot(),
          proof,
          root: naiveRoot(leaves),
        };
        expect(verifyInclusion(claim)).toBe(true);
        expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
        const elsewhere = other % size;
        if (elsewhere !== index) expect(verifyInclusion({ ...claim, index: BigInt(elsewhere) })).toBe(false);
        expect(verifyInclusion({ ...claim, leafHash: emptyRoot() })).toBe(false);
        expect(verifyInclusion({ ...claim, root: emptyRoot() })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...proof, emptyRoot()] })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(proof.length === 0);
      }),
    );
  });

  it('AUD-4a: consistency proofs verify for every pair of sizes and for no forked past', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size2, pick, change) => {
        const leaves = leavesOf(size2);
        const size1 = (pick % size2) + 1;
        const proof = await proveConsistency(new NaiveRanges(leaves), BigInt(size1), BigInt(size2));
        const claim = {
          size1: BigInt(size1),
          size2: BigInt(size2),
          proof,
          root1: naiveRoot(leaves.slice(0, size1)),
          root2: naiveRoot(leaves),
        };
        expect(verifyConsistency(claim)).toBe(true);
        const forked = leaves.slice(0, size1);
        forked[change % size1] = emptyRoot();
        expect(verifyConsistency({ ...claim, root1: naiveRoot(forked) })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [...proof, emptyRoot()] })).toBe(false);
      }),
    );
  });
});

describe('tiles', () => {
  it('AUD-4: paths are those of c2sp.org/tlog-tiles', () => {
    expect(tilePath({ level: 0, index: 1_234_067n, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 63, index: 0n, width: 1 })).toBe('tile/63/000.p/1');
    expect(tilePath({ level: 1, index: 1000n, width: 255 })).toBe('tile/1/x001/000.p/255');
    for (const wrong of [{ level: 64 }, { width: 0 }, { width: 257 }, { index: -1n }]) {
      expect(() => tilePath({ level: 0, index: 0n, width: 1, ...wrong })).toThrow(TlogError);
    }
  });

  it('AUD-4: a tree of 70,000 leaves has the tiles that the specification counts', () => {
    const { tiles } = appendLeaves(emptyTree, leavesOf(70_000));
    const count = (level: number, isFull: boolean) =>
      tiles.filter((tile) => tile.level === level && (tile.width === 256) === isFull);
    expect([count(0, true).length, count(1, true).length, count(2, true).length]).toEqual([273, 1, 0]);
    expect([0, 1, 2].map((level) => count(level, false).map((tile) => tile.width))).toEqual([[112], [17], [1]]);
  });

  it('AUD-4: growing in any steps gives the same tree, and the tiles of every size prove it', async () => {
    const steps = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (counts, pick) => {
        const leaves = leavesOf(counts.reduce((sum, count) => sum + count, 0));
        const tiles = new TileMap();
        let edge: TreeEdge = emptyTree;
        for (const count of counts) {
          const at = Number(edge.size);
          const grown = appendLeaves(edge, leaves.slice(at, at + count));
          tiles.put(grown.tiles);
          edge = grown.edge;
          expect(treeRoot(edge)).toEqual(naiveRoot(leaves.slice(0, at + count)));
          expect(await loadTree(tiles, edge.size)).toEqual(edge);
        }
        const trusted = await TrustedTiles.open(tiles, { size: edge.size, root: naiveRoot(leaves) });
        const index = BigInt(pick % leaves.length);
        expect(await trusted.subtree(0, Number(index))).toEqual(leaves[Number(index)]);
        expect(await proveInclusion(trusted, index, edge.size)).toEqual(
          await proveInclusion(new NaiveRanges(leaves), index, edge.size),
        );
        const older = index + 1n;
        expect(await proveConsistency(trusted, older, edge.size)).toEqual(
          await proveConsistency(new NaiveRanges(leaves), older, edge.size),
        );
        expect(await trusted.range(0n, older)).toEqual(naiveRoot(leaves.slice(0, Number(older))));
      }),
      { numRuns: 15 },
    );
  });

  it('AUD-6: a tile with one changed bit, another length or no file is refused', async () => {
    const leaves = leavesOf(66_000);
    const { tiles } = appendLeaves(emptyTree, leaves);
    const tree = { size: 66_000n, root: treeRoot(appendLeaves(emptyTree, leaves).edge) };
    for (const path of ['tile/0/007', 'tile/0/257.p/208', 'tile/1/000', 'tile/1/001.p/1', 'tile/2/000.p/1']) {
      const map = new TileMap();
      map.put(tiles);
      const honest = map.tiles.get(path);
      expect(honest, path).toBeDefined();
      const visit = async () => (await TrustedTiles.open(map, tree)).subtree(0, path === 'tile/0/007' ? 7 * 256 : 0);
      await expect(visit()).resolves.toHaveLength(32);
      for (const damage of [
        honest?.map((byte, at) => (at === 70 % honest.length ? byte ^ 1 : byte)),
        honest?.slice(32),
        undefined,
      ]) {
        if (damage === undefined) map.tiles.delete(path);
        else map.tiles.set(path, damage);
        await expect(visit()).rejects.toBeInstanceOf(TlogError);
      }
    }
  });
});

describe('subtrees', () => {
  it('a run gathers the maximal aligned subtrees of any range', () => {
    const leaves = leavesOf(70);
    fc.assert(
      fc.property(fc.nat(69), fc.nat(69), (one, two) => {
        const [start, end] = [Math.min(one, two), Math.max(one, two) + 1];
        const run = new SubtreeRun(start);
        for (let at = start; at < end; at += 1) run.append(leaves[at] ?? emptyRoot());
        const parts = decompose(start, end).map(({ level, index }) =>
          naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
        );
        expect(run.hashes()).toEqual(parts);
        expect(concat(...parts).length).toBe(parts.length * 32);
        if (start === 0) expect(run.root()).toEqual(naiveRoot(leaves.slice(0, end)));
      }),
    );
  });

  it('refuses a subtree that is not aligned', () => {
    const run = new SubtreeRun(1);
    expect(() => run.append(emptyRoot(), 1)).toThrow(TlogError);
  });
});
