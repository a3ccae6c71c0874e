import { describe, expect, it } from 'vitest';
import { collect, logStart, SampleLog, sampleEvent, sampleLog, TileMap, tenants } from '../../test/sample-log.ts';
import { encodeBase64 } from '../base64.ts';
import { encodeEvent } from '../event/event.ts';
import { decodeLeaf, encodeLeaf, leafHash } from '../event/leaf.ts';
import { type ExportVerdict, type VerifyOptions, verifyExport } from './verify-export.ts';
import type { ExportRow } from './write-export.ts';
import { writeExport } from './write-export.ts';

type Scope = 'all' | 'tenant';
const log = await sampleLog(600);
const size = log.leaves.length;
const own = tenants[0];

function scopeOf(scope: Scope): string {
  return scope === 'all' ? 'all' : own;
}

/** Index of the n-th leaf that the scope shows. */
function shown(scope: Scope, n: number): number {
  return log.tenantOf.flatMap((tenant, at) => (scope === 'all' || tenant === own ? [at] : []))[n] ?? 0;
}

const outside = (): VerifyOptions => ({ keys: log.keys, checkpoint: log.latest, tiles: log.tiles });
const pinned = (): VerifyOptions => ({ keys: log.keys });

/** The server reads the tiles too when it exports, unless its own store is gone. */
async function verdictOf(input: {
  readonly scope: Scope;
  readonly rows: ExportRow[];
  readonly options: VerifyOptions;
  readonly hasTiles: boolean;
}): Promise<ExportVerdict> {
  const { scope, rows, options, hasTiles } = input;
  return verifyExport(await log.export(scopeOf(scope), { rows, hasTiles }), options);
}

/** A leaf of the same tenant and place with another event, made with all of today's code. */
function forged(at: number): Uint8Array {
  const leaf = decodeLeaf(log.leaves[at] ?? new Uint8Array(0));
  const tenant = log.tenantOf[at] ?? own;
  const event = encodeEvent(sampleEvent(at, tenant, { outcome: 'refused' }));
  const link = leaf.tenantSequence === 1 ? {} : { previousTenantLeaf: leaf.previousTenantLeaf };
  return encodeLeaf({ tenant, tenantSequence: leaf.tenantSequence, event, ...link });
}

/** A whole second history from leaf `from` on, consistent in itself. */
function rewritten(from: number): SampleLog {
  const copy = new SampleLog(log.signers);
  for (const [at, tenant] of log.tenantOf.entries()) {
    if (at >= size - 3) copy.appendHead(tenant);
    else copy.append(tenant, at === from ? { outcome: 'refused' } : {});
  }
  return copy;
}

function swap<T>(items: T[], left: number, right: number): T[] {
  const copy = [...items];
  [copy[left], copy[right]] = [copy[right] as T, copy[left] as T];
  return copy;
}

interface Attack {
  readonly name: string;
  rows(scope: Scope): ExportRow[];
  firstBad(scope: Scope): number;
}

// What a database superuser does to the table (AUD-6), as the rows that the honest server then reads.
const attacks: readonly Attack[] = [
  {
    name: 'edit of one event',
    rows: (scope) =>
      log
        .rows(scopeOf(scope))
        .map((row, at) => ('leaf' in row && at === shown(scope, 70) ? { ...row, leaf: forged(at) } : row)),
    firstBad: (scope) => shown(scope, 70),
  },
  {
    name: 'edit of one byte',
    rows: (scope) =>
      log.rows(scopeOf(scope)).map((row, at) => {
        if (!('leaf' in row) || at !== shown(scope, 99)) return row;
        const leaf = row.leaf.slice();
        leaf[leaf.length - 20] = (leaf[leaf.length - 20] ?? 0) ^ 1;
        return { ...row, leaf };
      }),
    firstBad: (scope) => shown(scope, 99),
  },
  {
    name: 'delete, leaving the hole',
    rows: (scope) => log.rows(scopeOf(scope)).filter((_, at) => at !== shown(scope, 50)),
    firstBad: (scope) => shown(scope, 50),
  },
  {
    name: 'delete of several in a row of the same tenant',
    rows: (scope) =>
      log.rows(scopeOf(scope)).filter((_, at) => ![shown(scope, 50), shown(scope, 51), shown(scope, 52)].includes(at)),
    firstBad: (scope) => shown(scope, 50),
  },
  {
    name: 'delete, with all that follows renumbered',
    rows: (scope) =>
      log
        .rows(scopeOf(scope))
        .filter((_, at) => at !== shown(scope, 50))
        .map((row, at) => ({ ...row, index: BigInt(at) })),
    firstBad: (scope) => shown(scope, 50),
  },
  {
    name: 'insert of a forged event, with all that follows renumbered',
    rows: (scope) => {
      const rows = log.rows(scopeOf(scope));
      rows.splice(shown(scope, 33), 0, { index: 0n, leaf: forged(shown(scope, 33)) });
      return rows.slice(0, size).map((row, at) => ({ ...row, index: BigInt(at) }));
    },
    firstBad: (scope) => shown(scope, 33),
  },
  {
    name: 'insert beyond the end',
    rows: (scope) => [...log.rows(scopeOf(scope)), { index: BigInt(size), leaf: forged(shown(scope, 3)) }],
    firstBad: () => size,
  },
  {
    name: 'insert of a second row with a taken index',
    rows: (scope) => {
      const rows = log.rows(scopeOf(scope));
      const at = shown(scope, 20);
      rows.splice(at + 1, 0, { index: BigInt(at), leaf: forged(at) });
      return rows;
    },
    firstBad: (scope) => shown(scope, 20),
  },
  {
    name: 'reorder: the contents of two rows exchanged',
    rows: (scope) => {
      const rows = log.rows(scopeOf(scope));
      return swap(rows, shown(scope, 40), shown(scope, 60)).map((row, at) => ({ ...row, index: BigInt(at) }));
    },
    firstBad: (scope) => shown(scope, 40),
  },
  {
    name: 'reorder: two rows delivered in the wrong order',
    rows: (scope) => swap(log.rows(scopeOf(scope)), shown(scope, 40), shown(scope, 60)),
    firstBad: (scope) => shown(scope, 40),
  },
  {
    name: 'truncation of the tail',
    rows: (scope) => log.rows(scopeOf(scope)).slice(0, 511),
    firstBad: () => 511,
  },
  {
    name: 'an empty table',
    rows: () => [],
    firstBad: () => 0,
  },
  {
    name: 'a full rewrite from one event on',
    rows: (scope) => rewritten(shown(scope, 70)).rows(scopeOf(scope)),
    firstBad: (scope) => shown(scope, 70),
  },
  {
    name: 'a full rewrite from the first own event on',
    rows: (scope) => rewritten(shown(scope, 0)).rows(scopeOf(scope)),
    firstBad: (scope) => shown(scope, 0),
  },
];

describe.each(['all', 'tenant'] as const)('verifyExport of scope %s', (scope) => {
  it('AUD-6: passes the untouched log, with tiles, with the checkpoint alone and with the key alone', async () => {
    const text = await log.export(scopeOf(scope));
    const events = log.rows(scopeOf(scope)).filter((row) => 'leaf' in row).length;
    for (const options of [outside(), { keys: log.keys, checkpoint: log.latest }, pinned()]) {
      const verdict = await verifyExport(text, options);
      expect(verdict).toMatchObject({ valid: true, events, reason: null, firstBadLeaf: null, firstBadRange: null });
    }
  });

  it('AUD-6: without a trusted key the answer is NO_TRUST_ANCHOR, whatever the bytes say', async () => {
    const text = await log.export(scopeOf(scope));
    const verdict = await verifyExport(text, { checkpoint: log.latest, tiles: log.tiles });
    expect(verdict).toMatchObject({ valid: false, reason: 'NO_TRUST_ANCHOR', firstBadLeaf: null });
    const rows = attacks[0]?.rows(scope) ?? [];
    const damaged = await verifyExport(await log.export(scopeOf(scope), { rows }), { tiles: log.tiles });
    expect(damaged).toMatchObject({ valid: false, reason: 'NO_TRUST_ANCHOR', firstBadLeaf: shown(scope, 70) });
  });

  it.each(attacks.map((attack) => [attack.name, attack] as const))(
    'AUD-6: %s is found and the first bad leaf named exactly, with checkpoint, tiles and key',
    async (_name, attack) => {
      const verdict = await verdictOf({ scope, rows: attack.rows(scope), options: outside(), hasTiles: true });
      expect(verdict).toMatchObject({ valid: false, firstBadLeaf: attack.firstBad(scope), firstBadRange: null });
    },
  );

  it.each(attacks.map((attack) => [attack.name, attack] as const))(
    'AUD-6: %s is found without tiles, and the range that is named holds the first bad leaf',
    async (_name, attack) => {
      for (const options of [pinned(), { keys: log.keys, checkpoint: log.latest }]) {
        const verdict = await verdictOf({ scope, rows: attack.rows(scope), options, hasTiles: false });
        expect(verdict.valid).toBe(false);
        const bad = attack.firstBad(scope);
        const [start, end] = verdict.firstBadRange ?? [verdict.firstBadLeaf ?? -1, (verdict.firstBadLeaf ?? -1) + 1];
        // A forged leaf may break the chain at the leaf before or after it: the range holds one of the two.
        expect(start).toBeLessThanOrEqual(bad);
        expect(end).toBeGreaterThan(bad);
      }
    },
  );

  it("AUD-7: yesterday's tables, with yesterday's checkpoint, are a cut tail against today's checkpoint", async () => {
    const yesterday = log.clone();
    const today = log.clone();
    for (let at = 0; at < 5; at += 1) today.append(own);
    today.appendHead(own);
    await today.publish(logStart + 60n);
    const text = await yesterday.export(scopeOf(scope));
    const options = { keys: log.keys, checkpoint: today.latest };
    const expected = { valid: false, reason: 'TAIL_MISSING', firstBadLeaf: size };
    expect(await verifyExport(text, { ...options, tiles: today.tiles })).toMatchObject(expected);
    expect(await verifyExport(text, options)).toMatchObject(expected);
    // With nothing kept outside it is a past that once was true: the documented bound of a key alone.
    expect(await verifyExport(text, pinned())).toMatchObject({ valid: true });
  });

  it('AUD-6: an export newer than the outside checkpoint is proved to have grown from it', async () => {
    const today = log.clone();
    for (let at = 0; at < 300; at += 1) today.append(own);
    today.appendHead(own);
    await today.publish(logStart + 60n);
    const text = await today.export(scopeOf(scope));
    for (const tiles of [today.tiles, log.tiles]) {
      const verdict = await verifyExport(text, { keys: log.keys, checkpoint: log.latest, tiles });
      expect(verdict).toMatchObject({ valid: true, treeSize: size + 301 });
    }
  });

  it('AUD-7a: a fork signed with stolen keys is refused by the checkpoint kept outside', async () => {
    const fork = rewritten(shown(scope, 70));
    for (let at = 0; at < 300; at += 1) fork.append(own);
    fork.appendHead(own);
    await fork.publish();
    const text = await fork.export(scopeOf(scope));
    const exact = await verifyExport(text, outside());
    expect(exact).toMatchObject({ valid: false, firstBadLeaf: shown(scope, 70), reason: 'LEAF_MISMATCH' });
    const forged = await verifyExport(text, { keys: log.keys, checkpoint: log.latest, tiles: fork.tiles });
    expect(forged).toMatchObject({ valid: false, reason: 'CHECKPOINT_FORK' });
    const blind = await verifyExport(text, { keys: log.keys, checkpoint: log.latest });
    expect(blind.valid).toBe(false);
    expect(['CHECKPOINT_FORK', 'CONSISTENCY_UNPROVED']).toContain(blind.reason);
  });

  it('tampered tiles are not believed', async () => {
    for (const path of ['tile/0/000', 'tile/0/002.p/91', 'tile/1/000.p/2']) {
      const tiles = new TileMap();
      for (const [name, hashes] of log.tiles.tiles) tiles.tiles.set(name, hashes.slice());
      const hashes = tiles.tiles.get(path);
      expect(hashes, path).toBeDefined();
      if (hashes !== undefined) hashes[40] = (hashes[40] ?? 0) ^ 4;
      const verdict = await verifyExport(await log.export(scopeOf(scope)), { ...outside(), tiles });
      expect(verdict).toMatchObject({ valid: false, reason: 'TILES_INVALID', firstBadLeaf: null });
      tiles.tiles.delete(path);
      expect((await verifyExport(await log.export(scopeOf(scope)), { ...outside(), tiles })).reason).toBe(
        'TILES_INVALID',
      );
    }
  });

  it('names the leaf whose readable view was changed', async () => {
    const at = shown(scope, 12);
    const text = await log.export(scopeOf(scope));
    const lines = text
      .split('\n')
      .map((line) => (line.startsWith(`{"index":${at},`) ? line.replace('success', 'refused') : line));
    const verdict = await verifyExport(lines.join('\n'), outside());
    expect(verdict).toMatchObject({ valid: false, reason: 'VIEW_MISMATCH', firstBadLeaf: at });
  });

  it('exports rows that are no leaves as they are, and the verifier names the first', async () => {
    const at = shown(scope, 12);
    for (const junk of [new Uint8Array(0), Uint8Array.of(1, 2, 3), new Uint8Array(20_000).fill(7)]) {
      const rows = log
        .rows(scopeOf(scope))
        .map((row, index) => ('leaf' in row && index === at ? { ...row, leaf: junk } : row));
      const text = await log.export(scopeOf(scope), { rows });
      expect(text).toContain(`{"index":${at},"leaf":"${encodeBase64(junk)}","view":null}`);
      expect(await verifyExport(text, outside())).toMatchObject({ valid: false, firstBadLeaf: at });
      expect(await verifyExport(text, pinned())).toMatchObject({ reason: 'LEAF_MALFORMED', firstBadLeaf: at });
    }
  });

  it('verifies a part of the log only when the caller expects a part', async () => {
    const request = {
      tenant: scopeOf(scope),
      checkpoint: log.latest,
      treeSize: BigInt(size),
      tiles: await log.trusted(),
    };
    const range = { start: 101n, end: 397n };
    const rows = log.rows(scopeOf(scope)).slice(101, 397);
    const text = await collect(writeExport({ ...request, ...range, rows }));
    for (const options of [outside(), pinned()]) {
      expect(await verifyExport(text, { ...options, allowRange: true })).toMatchObject({
        valid: true,
        start: 101,
        end: 397,
      });
      expect(await verifyExport(text, options)).toMatchObject({ valid: false, firstBadLeaf: 0 });
      const cut = await collect(writeExport({ ...request, ...range, rows: rows.slice(0, -1) }));
      expect(await verifyExport(cut, { ...options, allowRange: true })).toMatchObject({
        valid: false,
        firstBadLeaf: 396,
      });
      const changed = text.replace(/"left":\["./, '"left":["Z');
      expect((await verifyExport(changed, { ...options, allowRange: true })).valid).toBe(false);
    }
  });
});

describe('verifyExport of one tenant', () => {
  const table = (): ExportRow[] => log.rows(own);
  const foreign = (row: ExportRow): ExportRow =>
    'leaf' in row ? { index: row.index, leafHash: leafHash(row.leaf) } : row;

  it("AUD-4: holds only hashes of the other tenants' leaves", async () => {
    const text = await log.export(own);
    for (const line of text.split('\n').slice(1, -1)) {
      const value = JSON.parse(line);
      expect(Object.keys(value)).toEqual('leaf' in value ? ['index', 'leaf', 'view'] : ['start', 'end', 'hashes']);
      if ('leaf' in value) expect(value.view.tenant).toBe(own);
    }
    for (const other of tenants.slice(1)) expect(text).not.toContain(other);
  });

  it("AUD-4: an own leaf passed off as another's is found by sequence and named by the tiles", async () => {
    const at = shown('tenant', 30);
    const rows = table().map((row, index) => (index === at ? foreign(row) : row));
    const text = await log.export(own, { rows });
    expect(await verifyExport(text, outside())).toMatchObject({
      valid: false,
      reason: 'LEAF_MISSING',
      firstBadLeaf: at,
    });
    expect(await verifyExport(text, pinned())).toMatchObject({
      valid: false,
      reason: 'TENANT_CHAIN_BROKEN',
      firstBadRange: [shown('tenant', 29), shown('tenant', 31) + 1],
    });
  });

  it("AUD-4: several own leaves in a row passed off as others' are named as a range", async () => {
    const hidden = [30, 31].map((n) => shown('tenant', n));
    const rows = table().map((row, index) => (hidden.includes(index) ? foreign(row) : row));
    const verdict = await verifyExport(await log.export(own, { rows }), outside());
    const range = [shown('tenant', 29) + 1, shown('tenant', 31) + 1];
    expect(verdict).toMatchObject({ valid: false, reason: 'LEAF_MISSING', firstBadRange: range });
  });

  it("AUD-4: an own tail passed off as others' is found, because every export is itself a fresh leaf", async () => {
    const late = log.clone();
    late.appendHead(own);
    for (let at = 0; at < 20; at += 1) late.append(tenants[1]);
    await late.publish(logStart + 100_000n);
    const lastOwn = size;
    const found = { valid: false, reason: 'TAIL_MISSING', firstBadRange: [lastOwn + 1, lastOwn + 21] };
    // A tenant.head is no excuse: it proves what came before it.
    expect(await verifyExport(await late.export(own), { keys: log.keys })).toMatchObject(found);
    expect((await verifyExport(await late.export(own), { keys: log.keys, headGraceSeconds: null })).valid).toBe(true);
    const nothing = late.rows(own).map((row) => foreign(row));
    const all = { valid: false, reason: 'TAIL_MISSING', firstBadRange: [0, lastOwn + 21] };
    expect(await verifyExport(await late.export(own, { rows: nothing }), { keys: log.keys })).toMatchObject(all);
  });

  it('AUD-6: an export that its log did not record is cut, however fresh its newest leaf is', async () => {
    const lines = (await log.export(own)).toString().split('\n');
    const lastOwn = log.tenantOf.lastIndexOf(own);
    const withRecord = (record: number | null) =>
      [lines[0]?.replace(/"checkpoint"/, `"record":${record},"checkpoint"`), ...lines.slice(1)].join('\n');
    expect((await verifyExport(withRecord(lastOwn), outside())).valid).toBe(true);
    for (const record of [null, lastOwn + 1]) {
      expect(await verifyExport(withRecord(record), outside())).toMatchObject({ valid: false, reason: 'TAIL_MISSING' });
    }
  });

  it('names a damaged foreign leaf exactly when the writer had the tiles, else the subtree', async () => {
    const at = log.tenantOf.findIndex(
      (tenant, index) => index > 300 && tenant !== own && log.tenantOf[index + 1] !== own,
    );
    const rows = table().map((row, index) =>
      index === at && 'leafHash' in row ? { ...row, leafHash: new Uint8Array(32) } : row,
    );
    const exact = await verifyExport(await log.export(own, { rows, hasTiles: true }), outside());
    expect(exact).toMatchObject({ valid: false, reason: 'LEAF_MISMATCH', firstBadLeaf: at });
    const { firstBadLeaf, firstBadRange } = await verifyExport(await log.export(own, { rows }), outside());
    const [start, end] = firstBadRange ?? [firstBadLeaf ?? -1, (firstBadLeaf ?? -1) + 1];
    expect(start <= at && at < end).toBe(true);
  });

  it('fills runs of foreign leaves from the tiles', async () => {
    const rows: ExportRow[] = [];
    for (const row of table()) {
      const last = rows.at(-1);
      if ('leaf' in row || !('index' in row)) rows.push(row);
      else if (last !== undefined && 'start' in last)
        rows[rows.length - 1] = { start: last.start, end: row.index + 1n };
      else rows.push({ start: row.index, end: row.index + 1n });
    }
    expect(await log.export(own, { rows, hasTiles: true })).toBe(await log.export(own));
  });

  it('refuses an export of all that leaves gaps, and a leaf of another tenant', async () => {
    const text = (await log.export(own)).replace(`"scope":"tenant","tenant":"${own}"`, '"scope":"all","tenant":null');
    expect(await verifyExport(text, outside())).toMatchObject({ valid: false, reason: 'LEAF_MISSING' });
    const rows = table().map((row, index) =>
      index === 1 ? { index: 1n, leaf: log.leaves[1] ?? new Uint8Array(0) } : row,
    );
    const verdict = await verifyExport(await log.export(own, { rows }), outside());
    expect(verdict).toMatchObject({ valid: false, reason: 'LEAF_UNEXPECTED', firstBadLeaf: 1 });
  });
});

describe('verifyExport against damage of the export itself', () => {
  it('AUD-6: a flipped bit in any byte of a small export is found', { timeout: 120_000 }, async () => {
    const small = await sampleLog(3);
    for (const scope of ['all', own]) {
      const text = await small.export(scope);
      const bytes = new TextEncoder().encode(text);
      const options = { keys: small.keys, checkpoint: small.latest, tiles: small.tiles };
      expect((await verifyExport(bytes, options)).valid).toBe(true);
      // The signature is 3 KiB of base64 and each try costs a verification: every 16th character of it stands for all.
      const [from, to] = [text.indexOf('checkpoint') + 200, text.indexOf('"left"') - 20];
      for (let at = 0; at < bytes.length; at += at > from && at < to ? 16 : 1) {
        const flipped = bytes.slice();
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
        const { valid } = await verifyExport(flipped, at % 2 === 0 ? options : { keys: small.keys });
        if (valid) expect.fail(`bit ${at % 8} of byte ${at} changed nothing`);
      }
    }
  });

  it('AUD-6: an export cut at any byte is refused; only the last newline may be missing', {
    timeout: 120_000,
  }, async () => {
    const small = await sampleLog(3);
    const bytes = new TextEncoder().encode(await small.export());
    const body = bytes.indexOf(0x0a);
    for (let length = 0; length < bytes.length - 1; length += length < body - 1 ? 41 : 1) {
      expect((await verifyExport(bytes.subarray(0, length), { keys: small.keys })).valid).toBe(false);
    }
    expect((await verifyExport(bytes.subarray(0, -1), { keys: small.keys })).valid).toBe(true);
  });

  it('reads chunks cut anywhere, also within a character', async () => {
    const small = await sampleLog(5);
    const bytes = new TextEncoder().encode(await small.export());
    for (const step of [1, 7, 4096]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) =>
        bytes.subarray(at * step, at * step + step),
      );
      expect((await verifyExport(chunks, { keys: small.keys })).valid).toBe(true);
    }
  });

  it('refuses what is no export, and a line without end', async () => {
    for (const text of ['', '\n', '{}', 'null\n', '{"format":"quantumvault-audit-export/2"}\n']) {
      expect(await verifyExport(text, { keys: log.keys })).toMatchObject({ valid: false, reason: 'EXPORT_MALFORMED' });
    }
    const endless = (await log.export()).slice(0, 9000).replaceAll('\n', ' ') + 'x'.repeat(2_000_000);
    expect((await verifyExport(endless, { keys: log.keys })).valid).toBe(false);
  });

  it('refuses checkpoints that are not signed by both keys of the log', async () => {
    const text = await log.export();
    const stranger = await sampleLog(1);
    expect((await verifyExport(text, { keys: stranger.keys })).reason).toBe('CHECKPOINT_SIGNATURE_INVALID');
    expect((await verifyExport(text, { keys: log.keys.slice(0, 1) })).reason).toBe('CHECKPOINT_SIGNATURE_INVALID');
    expect((await verifyExport(text, { keys: log.keys.slice(1) })).reason).toBe('CHECKPOINT_SIGNATURE_INVALID');
    const other = await verifyExport(text, { keys: log.keys, checkpoint: stranger.latest });
    expect(other.reason).toBe('CHECKPOINT_SIGNATURE_INVALID');
    const emptied = text.replace(JSON.stringify(log.latest), '""');
    expect(await verifyExport(emptied, outside())).toMatchObject({
      valid: false,
      reason: 'CHECKPOINT_SIGNATURE_INVALID',
    });
  });

  it('verifies an empty log', async () => {
    const empty = new SampleLog();
    await empty.publish();
    const text = await empty.export();
    const options = { keys: empty.keys, checkpoint: empty.latest, tiles: empty.tiles };
    expect(await verifyExport(text, options)).toMatchObject({ valid: true, events: 0 });
  });
});
