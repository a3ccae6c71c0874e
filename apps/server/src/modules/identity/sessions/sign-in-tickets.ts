import type { SecondFactorMethod } from '@quantumvault/api';
import { sha256 } from '@quantumvault/crypto';
import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { hashOfSecret, newSecret } from './secrets.ts';
import type { MustChange, SecondFactorNeeded, Transport } from './session.ts';
import type { SessionDirectory } from './session-directory.ts';
import type { TicketStore } from './ticket-store.ts';

const ticketSeconds = 300;
/** Guesses at a six-digit code that one right password buys. */
const attemptsMax = 5;

/** Whose first factor was shown, as the ticket says. */
export interface OpenTicket {
  readonly tenantId: TenantId;
  readonly subjectId: ActorId;
  readonly transport: Transport;
  readonly authenticatedAt: Date;
  readonly mustChange: MustChange | null;
}

/**
 * What stands between the first and the second factor: a secret for five minutes, five attempts and one network. Whoever checks second
 * factors calls `find`, then `takeAttempt` in a transaction that commits even when the factor is wrong, and after a right
 * one `consume` in the transaction of `completeSignIn`.
 */
export class SignInTickets {
  readonly #store: TicketStore;
  readonly #directory: Pick<SessionDirectory, 'findTicket'>;
  readonly #networkOf: (address: string) => string;
  constructor(options: {
    store: TicketStore;
    directory: Pick<SessionDirectory, 'findTicket'>;
    /** The network that an address stands for: a client may have many addresses of one. */
    networkOf: (address: string) => string;
  }) {
    this.#store = options.store;
    this.#directory = options.directory;
    this.#networkOf = options.networkOf;
  }

  async issue(
    tx: Transaction,
    subject: Omit<OpenTicket, 'tenantId'>,
    methods: readonly SecondFactorMethod[],
    address: string | null,
  ): Promise<SecondFactorNeeded> {
    const { text, hash } = newSecret('qvt');
    const expiresAt = await this.#store.insert(tx, {
      ...subject,
      hash,
      lifetimeSeconds: ticketSeconds,
      attempts: attemptsMax,
      networkHash: this.#networkHash(text, address),
    });
    return { status: 'second-factor', ticket: text, methods: [...methods], expiresAt };
  }

  /** Null when it was never given out, is used up or has expired, or the subject may not sign in any more. */
  async find(ticket: string): Promise<OpenTicket | null> {
    const found = await this.#directory.findTicket(hashOfSecret(ticket));
    if (found === null || !found.usable) return null;
    const { tenantId, subjectId, transport, authenticatedAt, mustChange } = found;
    const ids = { tenantId: tenantId as TenantId, subjectId: subjectId as ActorId };
    return { ...ids, transport, authenticatedAt, mustChange };
  }

  takeAttempt(tx: Transaction, ticket: string, address: string | null): Promise<boolean> {
    const networkHash = this.#networkHash(ticket, address);
    return this.#store.takeAttempt(tx, { hash: hashOfSecret(ticket), networkHash });
  }

  consume(tx: Transaction, ticket: string): Promise<boolean> {
    return this.#store.consume(tx, hashOfSecret(ticket));
  }

  // With the ticket in it nobody who reads the table can try addresses until one fits.
  #networkHash(ticket: string, address: string | null): Uint8Array {
    const network = address === null ? 'unknown' : this.#networkOf(address);
    return sha256(Buffer.from(`${ticket}\n${network}`, 'utf8'));
  }
}
