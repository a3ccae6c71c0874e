import { describe, expect, it } from 'vitest';
import { type NaiveEvent, naiveChain, naiveHash, naiveVerify } from '../../test/naive-chain.ts';
import { logStart, SampleLog, sampleEvent, sampleLog, tenants } from '../../test/sample-log.ts';
import { TlogError } from '../errors.ts';
import { chainStart } from '../event/chain.ts';
import { type AuditEvent, encodeEvent } from '../event/event.ts';
import { decodeLeaf, encodeLeaf, tenantGenesis } from '../event/leaf.ts';
import { proveConsistency, verifyConsistency } from '../merkle/proofs.ts';
import { treeRoot } from '../merkle/tiles.ts';
import { type ExportVerdict, verifyExport } from './verify-export.ts';
import type { ExportRow } from './write-export.ts';

// AUD-7a: the known attacks on a plain hash chain, as far as they can be told at this layer. Each first passes through
// the naive chain undetected and is then refused, detected or bounded here. Disabled triggers, TRUNCATE and partition
// detach end in the table being shorter or other than the log, which is what these tests start from; the statements
// themselves are tested against the database.

const log = await sampleLog(300);
const size = log.leaves.length;
const own = tenants[0];
const naive = naiveChain(
  Array.from({ length: 20 }, (_, at): NaiveEvent => ({ action: `a${at}`, actor: 'x', time: 1000 + at })),
);

async function judge(rows: ExportRow[]): Promise<ExportVerdict> {
  const text = await log.export('all', { rows });
  return verifyExport(text, { keys: log.keys, checkpoint: log.latest, tiles: log.tiles });
}

function bytesOf(changes: Partial<AuditEvent>): string {
  return Buffer.from(encodeEvent(sampleEvent(1, own, changes))).toString('hex');
}

function codeOf(action: () => unknown): string {
  try {
    action();
    return 'none';
  } catch (error) {
    return error instanceof TlogError ? error.code : String(error);
  }
}

describe('AUD-7a: known attacks on a plain hash chain', () => {
  it('1 tail truncation: the naive chain of what is left is valid; here the first missing leaf is named', async () => {
    expect(naiveVerify(naive.slice(0, 12))).toBe(true);
    expect(await judge(log.rows().slice(0, 250))).toMatchObject({ reason: 'TAIL_MISSING', firstBadLeaf: 250 });
  });

  it('2 empty log: nothing verifies as valid in the naive chain; here every leaf is missing', async () => {
    expect(naiveVerify([])).toBe(true);
    expect(await judge([])).toMatchObject({ valid: false, reason: 'TAIL_MISSING', firstBadLeaf: 0 });
  });

  it('3 full rewrite: a recomputed naive chain is valid; here the first changed leaf is named', async () => {
    const changed = naive.map(({ event }, at) => (at === 4 ? { ...event, actor: 'somebody else' } : event));
    expect(naiveVerify(naiveChain(changed))).toBe(true);
    const other = new SampleLog(log.signers);
    for (const [at, tenant] of log.tenantOf.entries()) {
      if (at < size - 3) other.append(tenant, at === 40 ? { outcome: 'failed' } : {});
      else other.appendHead(tenant);
    }
    expect(await judge(other.rows())).toMatchObject({ reason: 'LEAF_MISMATCH', firstBadLeaf: 40 });
  });

  it('4 fork by concurrent appends: both naive branches are valid; here two heads of one size have no proof', async () => {
    const [left, right] = ['left', 'right'].map((action) => [
      ...naive,
      ...naiveChain([{ action, actor: 'x', time: 5000 }], naive.at(-1)?.current),
    ]);
    expect([naiveVerify(left ?? []), naiveVerify(right ?? [])]).toEqual([true, true]);
    const [one, two] = [log.clone(), log.clone()];
    one.append(own);
    two.append(own, { outcome: 'failed' });
    const forked = await proveConsistency(await two.trusted(), one.edge.size, two.edge.size);
    const claim = { size1: one.edge.size, size2: two.edge.size, root1: treeRoot(one.edge), root2: treeRoot(two.edge) };
    expect(verifyConsistency({ ...claim, proof: forked })).toBe(false);
  });

  it('5 concatenation ambiguity: naive fields run into each other; here each has its length', () => {
    const [one, two] = [
      { action: 'asset', actor: '.createdmallory', time: 1 },
      { action: 'asset.created', actor: 'mallory', time: 1 },
    ];
    expect(naiveHash('', one)).toBe(naiveHash('', two));
    const split = (type: string, id: string) => bytesOf({ resource: { type, id } });
    expect(split('ab', 'c')).not.toBe(split('a', 'bc'));
    const details = (pairs: Record<string, string>) => bytesOf({ details: pairs });
    expect(details({ a: 'b,c=d' })).not.toBe(details({ a: 'b', c: 'd' }));
  });

  it('6 null, empty, Unicode and number forms: naive text makes them one; here each value has one form of its own', () => {
    const noted = (note: string | null | undefined) => naiveHash('', { action: 'a', actor: 'x', time: 1, note });
    expect(new Set([noted(null), noted(undefined), noted('')]).size).toBe(1);
    const forms = [
      null,
      '',
      0,
      '0',
      false,
      'null',
      new Uint8Array(0),
      1,
      '1',
      true,
      '\u00e9',
      'e\u0301',
      '\uff21',
      'A',
      ' A',
      1n << 60n,
    ];
    const encoded = forms.map((value) => bytesOf({ details: { value } }));
    expect(new Set(encoded).size).toBe(forms.length);
    expect(bytesOf({ requestId: null })).not.toBe(bytesOf({ requestId: 'null' }));
    expect(codeOf(() => bytesOf({ details: { value: '\udc00' } }))).toBe('TLOG_CBOR_UNSUPPORTED');
    expect(codeOf(() => bytesOf({ details: { value: 1.0000001 } }))).toBe('TLOG_CBOR_UNSUPPORTED');
    expect(codeOf(() => bytesOf({ details: { value: Number.NaN } }))).toBe('TLOG_CBOR_UNSUPPORTED');
  });

  it('7 timestamp precision: naive milliseconds hide microseconds; here they are part of the event', () => {
    expect(naiveHash('', { action: 'a', actor: 'x', time: 1.2 })).toBe(
      naiveHash('', { action: 'a', actor: 'x', time: 1.9 }),
    );
    expect(bytesOf({ time: 1_000_001n })).not.toBe(bytesOf({ time: 1_000_002n }));
  });

  it('8 order by clock: the naive verifier follows whatever clock rows carry; here the sequence alone orders', async () => {
    expect(naiveVerify(naive.toReversed())).toBe(true);
    const skewed = new SampleLog(log.signers);
    for (const time of [5_000_000n, 1_000_000n, 9_000_000n, 9_000_000n]) skewed.append(own, { time });
    skewed.appendHead(own);
    await skewed.publish();
    const options = { keys: skewed.keys, checkpoint: skewed.latest, tiles: skewed.tiles };
    expect((await verifyExport(await skewed.export(), options)).valid).toBe(true);
    const byClock = await skewed.export('all', { rows: [1, 0, 2, 3, 4].flatMap((at) => skewed.rows()[at] ?? []) });
    expect(await verifyExport(byClock, options)).toMatchObject({ valid: false, reason: 'ORDER', firstBadLeaf: 0 });
  });

  it('9 to 11 disabled triggers, TRUNCATE, partition detach: a naive chain of the newest rows is valid; here the gap shows', async () => {
    expect(naiveVerify(naive.slice(8))).toBe(true);
    expect(await judge(log.rows().slice(100))).toMatchObject({ reason: 'LEAF_MISSING', firstBadLeaf: 0 });
    const detached = log.rows().filter((_, at) => at < 100 || at >= 200);
    expect(await judge(detached)).toMatchObject({ reason: 'LEAF_MISSING', firstBadLeaf: 100 });
  });

  it('12 restored backup: an old naive chain is valid; here it ends before the checkpoint kept outside', async () => {
    expect(naiveVerify(naive.slice(0, 10))).toBe(true);
    const today = log.clone();
    today.append(own);
    today.appendHead(own);
    await today.publish(logStart + 20n);
    const verdict = await verifyExport(await log.export(), { keys: log.keys, checkpoint: today.latest });
    expect(verdict).toMatchObject({ valid: false, reason: 'TAIL_MISSING', firstBadLeaf: size });
  });

  it('13 split view: two naive chains for two readers are each valid; here both cannot follow one checkpoint', async () => {
    expect(naiveVerify(naiveChain([{ action: 'shown to the auditor', actor: 'x', time: 1 }]))).toBe(true);
    const other = log.clone();
    const view = log.clone();
    other.append(own, { outcome: 'failed' });
    view.append(own);
    await other.publish();
    await view.publish();
    const text = await view.export();
    const options = { keys: log.keys, checkpoint: other.latest };
    expect(await verifyExport(text, options)).toMatchObject({ valid: false, reason: 'CHECKPOINT_FORK' });
    const exact = await verifyExport(text, { ...options, tiles: other.tiles });
    expect(exact).toMatchObject({ valid: false, firstBadLeaf: size });
  });

  it('14 swapped genesis: a naive chain starts anywhere; here the first link is bound to the tenant', async () => {
    expect(naiveVerify(naiveChain([{ action: 'a', actor: 'x', time: 1 }], 'f'.repeat(64)))).toBe(true);
    expect(new Set(tenants.map((tenant) => String(chainStart(tenant)))).size).toBe(3);
    const event = encodeEvent(sampleEvent(0, own));
    const previousTenantLeaf = tenantGenesis(new Uint8Array(16).fill(5));
    expect(codeOf(() => encodeLeaf({ tenant: own, tenantSequence: 1, previousTenantLeaf, event }))).toBe(
      'TLOG_LEAF_INVALID',
    );
    const leaf = encodeLeaf({ tenant: own, tenantSequence: 1, event });
    leaf.set(previousTenantLeaf, 22);
    expect(decodeLeaf(leaf).previousTenantLeaf).toEqual(previousTenantLeaf);
    const rows = log.rows().map((row, at) => (at === 0 ? { index: 0n, leaf } : row));
    expect((await judge(rows)).firstBadLeaf).toBe(0);
  });

  it('15 accepted but never appended: a naive chain without the event is valid; here a receipt is a proof of inclusion', async () => {
    expect(naiveVerify(naiveChain(naive.map(({ event }) => event).filter((_, at) => at !== 5)))).toBe(true);
    // Whoever holds the checkpoint that followed their event finds its leaf at its index, or the log is refused.
    const without = new SampleLog(log.signers);
    for (const [at, tenant] of log.tenantOf.entries()) if (at !== 5 && at < size - 3) without.append(tenant);
    await without.publish();
    const verdict = await verifyExport(await without.export(), {
      keys: log.keys,
      checkpoint: log.latest,
      tiles: log.tiles,
    });
    expect(verdict).toMatchObject({ valid: false, firstBadLeaf: 5 });
  });

  it('16 stolen key: bounded. New lies can be signed, but no past that a checkpoint outside has seen', async () => {
    const thief = log.clone();
    thief.append(own, { action: 'key.destroyed' });
    thief.appendHead(own);
    await thief.publish();
    expect((await verifyExport(await thief.export(), { keys: log.keys, checkpoint: log.latest })).valid).toBe(true);
    const rewritten = new SampleLog(log.signers);
    for (const [at, tenant] of log.tenantOf.entries()) rewritten.append(tenant, at === 9 ? { outcome: 'failed' } : {});
    await rewritten.publish();
    const options = { keys: log.keys, checkpoint: log.latest, tiles: log.tiles };
    expect(await verifyExport(await rewritten.export(), options)).toMatchObject({ valid: false, firstBadLeaf: 9 });
    const half = { ...log.signers, mlDsa44: new SampleLog().signers.mlDsa44 }; // Ed25519 broken, ML-DSA-44 not
    const quantum = new SampleLog(half);
    quantum.append(own);
    await quantum.publish();
    expect((await verifyExport(await quantum.export(), { keys: log.keys })).reason).toBe(
      'CHECKPOINT_SIGNATURE_INVALID',
    );
  });

  it('17 omission at source: bounded. What never reached the log leaves no gap in it, here as in the naive chain', async () => {
    expect(naiveVerify(naiveChain(naive.map(({ event }) => event).filter((_, at) => at !== 5)))).toBe(true);
    const silent = await sampleLog(5); // a sixth event happened and was never recorded
    const options = { keys: silent.keys, checkpoint: silent.latest, tiles: silent.tiles };
    // The bound: only AUD-1, the event durable before its effect, stands against this.
    expect((await verifyExport(await silent.export(), options)).valid).toBe(true);
  });

  it('18 erasure request: deleting a naive row breaks or falsifies it; here the key goes and every proof stays', async () => {
    const erased = naive.filter((_, at) => at !== 7);
    expect(naiveVerify(erased)).toBe(false);
    expect(naiveVerify(naiveChain(erased.map(({ event }) => event)))).toBe(true);
    // Personal data is ciphertext in the leaf: without its key it is gone, and nothing of the leaf had to change.
    const email = new TextEncoder().encode('alice@example.com');
    for (const leaf of log.leaves) expect(Buffer.from(leaf).includes(email)).toBe(false);
    expect((await judge(log.rows())).valid).toBe(true);
  });

  it('19 oversized field: a naive column cuts it after hashing; here it is refused before the effect', () => {
    const long = 'x'.repeat(20_000);
    const [whole, cut] = [long, long.slice(0, 255)].map((note) =>
      naiveHash('', { action: 'a', actor: 'x', time: 1, note }),
    );
    expect(whole).not.toBe(cut); // an honest row that no longer verifies is indistinguishable from a forged one
    expect(codeOf(() => bytesOf({ details: { long } }))).toBe('TLOG_EVENT_TOO_LARGE');
    expect(codeOf(() => bytesOf({ resource: { type: 'asset', id: 'x'.repeat(257) } }))).toBe('TLOG_EVENT_INVALID');
  });

  it('20 hash downgrade: a naive row says how it was hashed; here version and hashes are fixed and an unknown one is refused', async () => {
    const rows = log.rows().map((row, at) => {
      if (at !== 77 || !('leaf' in row)) return row;
      const leaf = row.leaf.slice();
      leaf[0] = 0;
      return { ...row, leaf };
    });
    expect(await judge(rows)).toMatchObject({ valid: false, firstBadLeaf: 77 });
    const text = await log.export();
    const renamed = text.replace('quantumvault-audit-export/1', 'quantumvault-audit-export/0');
    expect((await verifyExport(renamed, { keys: log.keys })).reason).toBe('EXPORT_MALFORMED');
  });
});
