import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { CheckpointStore } from '@quantumvault/ports';
import { type CheckpointSigners, headDetails, leafHash, sameBytes, tenantHeadAction } from '@quantumvault/tlog';
import type { Clock } from '../../../kernel/clock.ts';
import type { EventId, NewId } from '../../../kernel/ids.ts';
import { systemActorId } from '../../../kernel/system-actor.ts';
import type { Logger } from '../../../platform/logging/logger.ts';
import { sqlState, uniqueViolation } from '../../../platform/postgres/connection.ts';
import { encodeCommitted, microsecondsOf } from '../domain/committed-event.ts';
import { leafOfRow } from '../domain/leaf-of-row.ts';
import { Placement, reasonNotToPlace, type TenantHead } from '../domain/place-events.ts';
import type { WholeLogReader } from '../ports/log-reader.ts';
import { compareLeaves } from './compare-leaves.ts';
import { LogDamage } from './log-damage.ts';
import type { LogTables } from './log-tables.ts';
import { OutsideLog, type PublishedCheckpoint, type SequencerStep } from './outside-log.ts';

export interface LeaderTiming {
  /** Events placed in one transaction. */
  readonly batch: number;
  /** How long a tenant's newest leaf waits for its tenant.head; LEAF-16 allows 60 s. */
  readonly headDelayMs: number;
  /** Newest leaves that are compared with the outside tiles before anything is written; the patrol goes through all. */
  readonly compareAtStart: number;
  readonly patrolLeaves: number;
}

export interface LeaderParts {
  readonly tables: LogTables;
  readonly reader: WholeLogReader;
  readonly openStore: () => Promise<CheckpointStore>;
  readonly signers: CheckpointSigners;
  readonly origin: string;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly timing: LeaderTiming;
  readonly onStep: (step: SequencerStep) => void | Promise<void>;
}

const headsAtOnce = 500;
// Enough to find the cause; the count says how many there are.
const refusedLoggedMax = 100;
const readBatch = 2_048n;

/**
 * The work of the one sequencer while it holds the lock (AUD-4). Order of each cycle: leaves committed, head signed,
 * tiles and checkpoint stored outside, checkpoint recorded in the database. A process that dies between two of them
 * leaves leaves beyond the checkpoint, or a store ahead of the table; `recover` goes on from either.
 */
export class LeaderSession {
  readonly #parts: LeaderParts;
  readonly #outside: OutsideLog;
  #refusedCount = 0;
  #size = 0n;
  #lastHash: Uint8Array | null = null;
  #unpublished: Uint8Array[] = [];
  #patrolAt = 0n;

  private constructor(parts: LeaderParts, outside: OutsideLog) {
    this.#parts = parts;
    this.#outside = outside;
  }

  /** Compares database and outside store (AUD-7), publishes what was left behind and states every tenant's head. */
  static async recover(parts: LeaderParts): Promise<LeaderSession> {
    const outside = await OutsideLog.open(parts);
    const session = new LeaderSession(parts, outside);
    await session.#compareWithTables();
    await session.#publish();
    const forgotten = await parts.tables.markForgotten();
    if (forgotten > 0) parts.logger.warn({ events: forgotten }, 'audit events without leaf and mark were marked again');
    // LEAF-16: missing heads come before any other leaf.
    for (let due = await parts.tables.tenantsToAnnounce(0, headsAtOnce); due.length > 0; ) {
      await session.#place({ withEvents: false, due });
      due = await parts.tables.tenantsToAnnounce(0, headsAtOnce);
    }
    return session;
  }

  get published(): PublishedCheckpoint | null {
    return this.#outside.newest;
  }

  /** Events whose rows hold no event that this server wrote; they stay without a leaf. */
  get refusedEvents(): number {
    return this.#refusedCount;
  }

  /** Places what is pending and publishes it. */
  async cycle(options: { readonly withHeads: boolean }): Promise<'idle' | 'placed' | 'more'> {
    const { tables, timing } = this.#parts;
    const due = options.withHeads ? await tables.tenantsToAnnounce(timing.headDelayMs, headsAtOnce) : [];
    if (due.length === 0 && !(await tables.hasPending([]))) return 'idle';
    const placed = await this.#place({ withEvents: true, due });
    return placed >= timing.batch || due.length === headsAtOnce ? 'more' : 'placed';
  }

  /** Compares the next few leaves with the outside tiles, round and round (AUD-7). */
  async patrol(): Promise<void> {
    const { reader, timing } = this.#parts;
    const tiles = await this.#outside.tiles();
    if (tiles === null) return;
    const start = this.#patrolAt < this.#outside.size ? this.#patrolAt : 0n;
    const wanted = start + BigInt(timing.patrolLeaves);
    const end = wanted < this.#outside.size ? wanted : this.#outside.size;
    await compareLeaves({ reader, tiles, start, end });
    this.#patrolAt = end;
  }

  async #place(what: { readonly withEvents: boolean; readonly due: readonly string[] }): Promise<number> {
    const { tables, onStep } = this.#parts;
    const placement = await tables.transaction(() => this.#placeInTransaction(what));
    await onStep('leaves-committed');
    const hashes = placement.leaves.map((leaf) => leaf.leafHash);
    this.#size = placement.size;
    this.#lastHash = hashes.at(-1) ?? this.#lastHash;
    this.#unpublished.push(...hashes);
    await this.#publish();
    return hashes.length;
  }

  async #placeInTransaction({ withEvents, due }: { withEvents: boolean; due: readonly string[] }): Promise<Placement> {
    const { tables, timing, logger, onStep } = this.#parts;
    this.#checkHead(await tables.head());
    const { events, placedBefore } = withEvents
      ? await tables.pending(timing.batch, [])
      : { events: [], placedBefore: [] };
    const tenants = new Set([...events.map((event) => event.tenantId), ...due]);
    const { heads, isBorneOut } = await tables.tenantHeads([...tenants]);
    if (!isBorneOut)
      throw new LogDamage('DATABASE_WRITTEN_BY_OTHERS', "A tenant's head is not that of its newest leaf.");
    const placement = new Placement({ logIndex: this.#size, heads });
    const placed: string[] = [];
    const refused: string[] = [];
    for (const [at, event] of events.entries()) {
      // A long batch must not hold up the requests that this process answers.
      if (at % 100 === 99) await yieldToOthers();
      const reason = reasonNotToPlace(event);
      if (reason === null) {
        placement.place(event, { isHead: false });
        placed.push(event.id);
        continue;
      }
      // Its mark goes, so that nobody who may insert rows can hold up the log; the boot's anti-join finds it again.
      refused.push(event.id);
      this.#refusedCount += 1;
      if (this.#refusedCount > refusedLoggedMax) continue;
      logger.error(
        { eventId: event.id, reason },
        'a row of audit_event holds no event of this server; it gets no leaf',
      );
    }
    for (const tenantId of due) await this.#announce(placement, tenantId);
    if (placement.leaves.length > 0) await this.#write(placement);
    await tables.deleteMarks([...placed, ...placedBefore, ...refused]);
    await onStep('leaves-inserted');
    return placement;
  }

  async #write(placement: Placement): Promise<void> {
    const { tables } = this.#parts;
    try {
      await tables.insertLeaves(placement.leaves);
    } catch (cause) {
      if (sqlState(cause) !== uniqueViolation) throw cause;
      throw new LogDamage('DATABASE_WRITTEN_BY_OTHERS', 'A place in the log was taken already.', { cause });
    }
    if (!(await tables.moveHead(this.#size, placement.size)))
      throw new LogDamage('DATABASE_WRITTEN_BY_OTHERS', 'The head of the log was moved by somebody else.');
    await tables.putTenantHeads(placement.changedHeads());
  }

  /** LEAF-15: the event is made at the moment it is placed, and states the leaf directly before it. */
  async #announce(placement: Placement, tenantId: string): Promise<void> {
    const head: TenantHead | undefined = placement.headOf(tenantId);
    if (head?.isUnannounced !== true) return;
    const { clock, newId, tables } = this.#parts;
    const occurredAt = clock.now();
    const { event, bytes } = encodeCommitted({
      id: newId<EventId>(),
      tenant: tenantId,
      time: microsecondsOf(occurredAt),
      actor: { kind: 'system', id: systemActorId },
      session: null,
      source: null,
      action: tenantHeadAction,
      resource: { type: 'organization', id: tenantId },
      outcome: 'success',
      reason: null,
      requestId: null,
      riskScore: 0,
      details: headDetails({ tenantSequence: Number(head.tenantSequence), leafHash: head.leafHash }),
    });
    await tables.insertHeadEvent({
      id: event.id,
      tenantId,
      occurredAt,
      action: event.action,
      actor: event.actor,
      bytes,
    });
    placement.place({ id: event.id, tenantId, bytes }, { isHead: true });
  }

  async #publish(): Promise<void> {
    if (this.#unpublished.length === 0) return;
    const { tables, clock, onStep } = this.#parts;
    const signedAt = clock.now();
    const { size, root, text } = await this.#outside.publish(this.#unpublished, signedAt, onStep);
    this.#unpublished = [];
    await tables.insertCheckpoint({ size, root, note: text, signedAt });
    await onStep('checkpoint-recorded');
  }

  /** Nobody else writes leaves: what this session left is what it must find. */
  #checkHead(head: Awaited<ReturnType<LogTables['head']>>): void {
    if (!head.isLocked) throw new Error('the lock of the sequencer is gone');
    if (head.size < this.#size)
      throw new LogDamage('DATABASE_ROLLED_BACK', `The log ends at ${head.size}, it had ${this.#size} leaves.`, {
        logIndex: head.size < 0n ? 0n : head.size,
      });
    const isSameEnd =
      this.#lastHash === null
        ? head.lastHash === null
        : head.lastHash !== null && sameBytes(head.lastHash, this.#lastHash);
    if (head.size > this.#size || !isSameEnd || !head.isNextFree)
      throw new LogDamage('DATABASE_WRITTEN_BY_OTHERS', 'The end of the log was written by somebody else.');
  }

  /** AUD-7, first part: an older or forked database, or an older outside store, is refused and left as it is. */
  async #compareWithTables(): Promise<void> {
    const { tables, reader, timing } = this.#parts;
    const head = await tables.head();
    const recorded = await tables.newestCheckpoint();
    const published = this.#outside.newest;
    const size = published?.size ?? 0n;
    if (recorded !== null && recorded.size > size)
      throw new LogDamage(
        'OUTSIDE_ROLLED_BACK',
        `The outside store ends at ${size} leaves, ${recorded.size} were published there.`,
      );
    if (head.size < size)
      throw new LogDamage('DATABASE_ROLLED_BACK', `The database ends at leaf ${head.size}, ${size} were published.`, {
        logIndex: head.size < 0n ? 0n : head.size,
      });
    if (!head.isNextFree)
      throw new LogDamage('DATABASE_WRITTEN_BY_OTHERS', `There are leaves beyond the end of the log, ${head.size}.`);
    const tiles = await this.#outside.tiles();
    if (tiles !== null && published !== null) {
      if (recorded !== null && !sameBytes(await tiles.range(0n, recorded.size), recorded.root))
        throw new LogDamage(
          'DATABASE_FORKED',
          `The recorded root of ${recorded.size} leaves is not the published one.`,
        );
      const most = BigInt(timing.compareAtStart);
      await compareLeaves({ reader, tiles, start: size > most ? size - most : 0n, end: size });
      await tables.insertCheckpoint({
        size,
        root: published.root,
        note: published.text,
        signedAt: new Date(Number(published.timestamp) * 1000),
      });
    }
    await this.#readUnpublished(size, head.size);
    this.#size = head.size;
    this.#lastHash = head.lastHash;
  }

  /** Leaves that were committed and not yet published; each must be what its row says it is. */
  async #readUnpublished(start: bigint, end: bigint): Promise<void> {
    for (let at = start; at < end; at += readBatch) {
      const until = at + readBatch < end ? at + readBatch : end;
      const rows = await this.#parts.reader.leavesBetween(at, until);
      for (let index = at; index < until; index += 1n) {
        const row = rows[Number(index - at)];
        const leaf = row === undefined || row.logIndex !== index ? null : leafOfRow(row);
        if (row === undefined || leaf === null || !sameBytes(leafHash(leaf), row.leafHash))
          throw new LogDamage('DATABASE_FORKED', `Leaf ${index}, not published yet, is damaged.`, { logIndex: index });
        this.#unpublished.push(row.leafHash);
      }
    }
  }
}
