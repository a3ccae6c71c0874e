import { setTimeout as sleep } from 'node:timers/promises';
import { type ExportRow, writeExport } from '@quantumvault/tlog';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { type StillMay, whileAllowed } from '../../access/index.ts';
import { auditErrors } from '../domain/errors.ts';
import { leafOfRow } from '../domain/leaf-of-row.ts';
import type { LeafBatch, LeafPosition, TenantLogReader, WholeLogReader } from '../ports/log-reader.ts';
import type { PublishedLog } from '../ports/published-log.ts';

export interface AuditExport {
  /** JSON Lines, in pieces of some 32 KiB. */
  readonly pieces: AsyncIterable<string>;
}

// Small enough that a batch does not hold up the requests that this process answers meanwhile.
const batch = 200;
const pieceCharacters = 32_768;
const publishWaitMs = 5_000;
// A tenant's head follows its newest leaf after a second.
const settleWaitMsDefault = 4_000;
const settlePollMs = 100;

/**
 * The log as JSON Lines that an outsider can verify (AUD-6). Rows are written as the tables hold them, in batches and in
 * constant memory: a damaged table is never refused, so that the verifier can name the damage. Whoever loses the right
 * meanwhile gets no more of it (attack case 4): the answer breaks off, and verifies as cut.
 */
export class ExportAudit {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #approvals: ApprovalGate;
  readonly #reader: TenantLogReader;
  readonly #whole: WholeLogReader;
  readonly #published: PublishedLog;
  readonly #stillMay: StillMay;
  readonly #settleWaitMs: number;

  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    approvals: ApprovalGate;
    reader: TenantLogReader;
    whole: WholeLogReader;
    published: PublishedLog;
    stillMay: StillMay;
    settleWaitMs?: number;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#approvals = options.approvals;
    this.#reader = options.reader;
    this.#whole = options.whole;
    this.#published = options.published;
    this.#stillMay = options.stillMay;
    this.#settleWaitMs = options.settleWaitMs ?? settleWaitMsDefault;
  }

  async execute(actor: Actor, query: { readonly scope: 'tenant' | 'all' }): Promise<AuditExport> {
    await this.#authorize(actor, 'audit.read', { type: 'organization', id: actor.tenantId });
    const { scope } = query;
    if (scope === 'all') await this.#authorize(actor, 'audit.export-all', { type: 'audit-log', id: 'all' });
    const resource = { type: 'audit-log', id: scope === 'all' ? 'all' : actor.tenantId };
    const ticket = await this.#approvals.gate(actor, {
      operation: 'audit.export',
      resource,
      plan: async () => ({ scope }),
    });
    const eventId = await this.#uow.write(actor, async (tx) => {
      await ticket.consume(tx);
      return tx.audit({ action: 'audit.exported', resource, details: { scope } });
    });
    await this.#settled();
    const record = await this.#uow.read(
      actor.tenantId,
      async (tx) => (await this.#reader.findLeaf(tx, eventId))?.logIndex ?? null,
    );
    const extent = await this.#whole.extent();
    const head = await this.#published.newestOver(extent.size, publishWaitMs);
    if (head === null) throw auditErrors.AUDIT_NOT_PUBLISHED({ retryAfterSeconds: 1 });
    const { text: checkpoint, size: treeSize } = head.checkpoint;
    // An export of everything is proved by its leaves alone; one of a part needs the hashes of the others.
    const tiles = scope === 'all' ? null : await head.tiles();

    // What was there when the export began is shown, beyond the checkpoint too: an honest log publishes its leaves within
    // the time waited for above, so what lies there was put there by somebody else, or the log cannot be written.
    const isExported = (index: bigint): boolean =>
      index < treeSize || (extent.maxIndex !== null && index <= extent.maxIndex);
    const rows = this.#rows(scope === 'all' ? null : actor.tenantId, isExported);
    const lines = writeExport({
      tenant: scope === 'all' ? 'all' : actor.tenantId,
      checkpoint,
      treeSize,
      record: record === null || record >= treeSize ? null : record,
      rows: tiles === null ? rows : withGaps(rows, treeSize),
      ...(tiles === null ? {} : { tiles }),
    });
    const rechecks = [this.#stillMay(actor, 'audit.read', { type: 'organization', id: actor.tenantId })];
    if (scope === 'all') rechecks.push(this.#stillMay(actor, 'audit.export-all', { type: 'audit-log', id: 'all' }));
    const recheck = async () => {
      for (const each of rechecks) await each();
    };
    return { pieces: whileAllowed(inPieces(lines), recheck) };
  }

  /**
   * Waits until this very export is in the log and the log is at rest, so that whoever holds the newest checkpoint finds
   * that the export goes up to it. A log that never rests is exported as it is then.
   */
  async #settled(): Promise<void> {
    const endsAt = performance.now() + this.#settleWaitMs;
    while (!(await this.#whole.isSettled()) && performance.now() < endsAt) await sleep(settlePollMs);
  }

  async *#rows(tenantId: TenantId | null, isExported: (index: bigint) => boolean): AsyncGenerator<OwnLeaf> {
    for (let after: LeafPosition | null = null; ; ) {
      const { rows, next }: LeafBatch = await this.#leavesAfter(tenantId, after);
      for (const row of rows) {
        if (!isExported(row.logIndex)) continue;
        const leaf = leafOfRow(row);
        if (leaf !== null) yield { index: row.logIndex, leaf };
      }
      if (next === null) return;
      after = next;
    }
  }

  #leavesAfter(tenantId: TenantId | null, after: LeafPosition | null): Promise<LeafBatch> {
    return tenantId === null
      ? this.#whole.leavesAfter(after, batch)
      : this.#uow.read(tenantId, (tx) => this.#reader.leavesAfter(tx, after, batch));
  }
}

interface OwnLeaf {
  readonly index: bigint;
  readonly leaf: Uint8Array;
}

/** Puts the runs of others' leaves between the own ones; their hashes come from the outside tiles. */
async function* withGaps(rows: AsyncIterable<OwnLeaf>, treeSize: bigint): AsyncGenerator<ExportRow> {
  let next = 0n;
  for await (const row of rows) {
    const end = row.index < treeSize ? row.index : treeSize;
    if (end > next) yield { start: next, end };
    yield row;
    if (row.index >= next) next = row.index + 1n;
  }
  if (next < treeSize) yield { start: next, end: treeSize };
}

async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece: string[] = [];
  let characters = 0;
  for await (const line of lines) {
    piece.push(line);
    characters += line.length;
    if (characters < pieceCharacters) continue;
    yield piece.join('');
    piece = [];
    characters = 0;
  }
  if (piece.length > 0) yield piece.join('');
}
