import type { Actor, Resource } from './actor.ts';
import type { EventId, TenantId } from './ids.ts';

/** AUD-2: what a use case says of an event; the unit of work adds time, actor, tenant, request and encoding. */
export interface AuditEntry {
  /** From the closed catalogue of the audit module; anything else is refused before the effect. */
  readonly action: string;
  readonly resource: Resource;
  readonly outcome?: 'success' | 'refused' | 'failed';
  /** `text` may hold free text or personal data: it is stored as ciphertext under the subject's key. */
  readonly reason?: { readonly code: string; readonly text?: string };
  readonly riskScore?: number;
  /** Public facts only: ids, counts, names of algorithms. Never a secret, an address or free text. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

declare const transactionBrand: unique symbol;
/** A database transaction in which the tenant is set. Repositories know what is inside; use cases only pass it on. */
export interface Transaction {
  readonly tenantId: TenantId;
  readonly [transactionBrand]?: never;
}

export interface WriteTransaction extends Transaction {
  /** Adds an event to this transaction: it becomes durable together with the effect (AUD-1). */
  audit(entry: AuditEntry): Promise<EventId>;
  /** Adds a message to the transactional outbox; delivered at least once after the commit. */
  publish(topic: string, payload: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Several writes of one tenant in one transaction, so that they wait for the disk once. */
export interface WriteGroup {
  /** For statements about all of them. */
  readonly tx: Transaction;
  /**
   * One of the writes, behind a savepoint: when it fails, or states no event, all that it did is undone, the promise
   * rejects, and the others go on. One after another: the next begins when this one has ended.
   */
  write<T>(actor: Actor, work: (tx: WriteTransaction) => Promise<T>): Promise<T>;
  /** An event about what a statement on `tx` has done. */
  audit(actor: Actor, entry: AuditEntry): EventId;
}

/**
 * Work of the installation on another organization, inside a transaction of the platform's own: what it records there is
 * recorded of the installation itself, so that no organization learns who administers the platform.
 */
export type IntoTenant = <T>(tenantId: TenantId, work: (tx: WriteTransaction) => Promise<T>) => Promise<T>;

/**
 * The only way to the database for use cases. It sets the tenant for row-level security: without one, no rows.
 */
export interface UnitOfWork {
  read<T>(tenantId: TenantId, work: (tx: Transaction) => Promise<T>): Promise<T>;

  /**
   * Runs a change. Fails when the work commits no audit event: there is no effect without a record (AUD-1).
   * When the actor's request carries an Idempotency-Key, the work runs once and its result, which must be JSON, is
   * stored with the request's hash; a repetition gets the stored result, another request `IDEMPOTENCY_KEY_REUSED`.
   */
  write<T>(actor: Actor, work: (tx: WriteTransaction) => Promise<T>): Promise<T>;

  /**
   * As `write`, for the few operations of the platform on other organizations (ACC-1): `into` sets another tenant for a part
   * of the transaction and the actor's own again afterwards. At no moment is more than one tenant visible, both sides record
   * what was done, and both commit or neither.
   */
  writeInto<T>(actor: Actor, work: (tx: WriteTransaction, into: IntoTenant) => Promise<T>): Promise<T>;

  /**
   * Runs writes of several actors of one tenant in one transaction; for work that comes in numbers, such as jobs. A group
   * that has recorded no event changes nothing (AUD-1): it is rolled back. Actors with an Idempotency-Key are refused.
   */
  writeGroup<T>(actors: readonly Actor[], work: (group: WriteGroup) => Promise<T>): Promise<T>;

  /** For bookkeeping that is no effect of its own (a job's progress, a heartbeat); the reason is for the reader. */
  writeUnaudited<T>(options: { tenantId: TenantId; reason: string }, work: (tx: Transaction) => Promise<T>): Promise<T>;
}
