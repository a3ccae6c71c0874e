import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckpointStore } from '@quantumvault/ports';
import { type LogKey, logKey, noteKeyTypes, TrustedTiles, verifyCheckpoint } from '@quantumvault/tlog';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { auditErrors } from '../domain/errors.ts';
import type { PublishedHead, PublishedLog } from '../ports/published-log.ts';

const pollMs = 25;

/** The outside log read from its store and verified with the installation's public keys. */
export class StorePublishedLog implements PublishedLog {
  readonly #openStore: () => Promise<CheckpointStore>;
  readonly #keys: () => Promise<readonly LogKey[]>;
  #held: { text: string; head: PublishedHead } | null = null;

  constructor(options: { openStore: () => Promise<CheckpointStore>; keys: () => Promise<readonly LogKey[]> }) {
    this.#openStore = options.openStore;
    this.#keys = options.keys;
  }

  async newest(): Promise<PublishedHead | null> {
    try {
      const store = await this.#openStore();
      const latest = await store.readLatest();
      if (latest === null) return null;
      if (this.#held?.text === latest.text) return this.#held.head;
      const checkpoint = verifyCheckpoint(latest.text, await this.#keys());
      const head: PublishedHead = { checkpoint, tiles: () => openTiles(store, checkpoint) };
      this.#held = { text: latest.text, head };
      return head;
    } catch (cause) {
      throw auditErrors.AUDIT_OUTSIDE_UNREADABLE({ cause });
    }
  }

  async newestOver(size: bigint, timeoutMs: number): Promise<PublishedHead | null> {
    for (const deadline = performance.now() + timeoutMs; ; await sleep(pollMs)) {
      const head = await this.newest();
      const covers = (head?.checkpoint.size ?? 0n) >= size;
      if (covers || performance.now() >= deadline) return head;
    }
  }
}

async function openTiles(
  store: CheckpointStore,
  checkpoint: { size: bigint; root: Uint8Array },
): Promise<TrustedTiles> {
  try {
    return await TrustedTiles.open(store, checkpoint);
  } catch (cause) {
    throw auditErrors.AUDIT_OUTSIDE_UNREADABLE({ cause });
  }
}

/** Public keys of the log, as this installation made them at first boot. */
export async function readLogKeys(db: Sql, origin: string): Promise<readonly LogKey[]> {
  const rows = await db.selectFrom('log_key').select(['algorithm', 'public_key']).execute();
  return rows.map((row) =>
    logKey(origin, row.algorithm === 'Ed25519' ? noteKeyTypes.ed25519 : noteKeyTypes.mlDsa44, row.public_key),
  );
}
