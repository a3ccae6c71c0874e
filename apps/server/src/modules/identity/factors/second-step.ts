import type { PasskeyRequest } from '@quantumvault/api';
import { randomBytes } from '@quantumvault/crypto';
import { isoInstant } from '../../../kernel/clock.ts';
import { platformTenantId } from '../../../kernel/ids.ts';
import type { WriteTransaction } from '../../../kernel/unit-of-work.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import type { SessionOpener } from '../sessions/open-session.ts';
import { type ClientFacts, type OpenedSession, signingIn } from '../sessions/session.ts';
import type { OpenTicket, SignInTickets } from '../sessions/sign-in-tickets.ts';
import { bindingOf } from './domain/ceremony.ts';
import { factorErrors } from './domain/errors.ts';
import { requestOptions } from './domain/relying-party.ts';
import type { FactorParts } from './factor-parts.ts';
import type { FactorProof } from './prove-factor.ts';
import { recordProof, secondsUntil } from './record-proof.ts';

export type SecondStepOptions = Pick<FactorParts, 'uow' | 'clock' | 'newId' | 'passkeys' | 'party' | 'prove'> & {
  readonly tickets: SignInTickets;
  readonly opener: SessionOpener;
  readonly countRefusal: CountRefusal;
};

/**
 * The second step of a sign-in (ACC-5). A ticket that was never given out, is used up, has expired, belongs to somebody
 * suspended or comes from another network, and a proof that does not hold, have one answer. An attempt is taken from the
 * ticket before anything is judged, in a transaction that commits whatever comes out.
 */
export class SecondStep {
  readonly #options: SecondStepOptions;
  constructor(options: SecondStepOptions) {
    this.#options = options;
  }

  async attempt(ticket: string, proof: FactorProof, client: ClientFacts): Promise<OpenedSession> {
    const { tickets, uow, clock } = this.#options;
    const open = await tickets.find(ticket);
    if (open === null) {
      await uow.read(platformTenantId, (tx) => this.#options.prove.pretend(tx));
      throw this.#refused(client);
    }
    const answer = await uow.write(signingIn(open, client.request), (tx) =>
      this.#judge(tx, { ticket, open, proof, client }),
    );
    if ('sessionId' in answer) return answer;
    if (answer.lockedUntil === null) throw this.#refused(client);
    this.#options.countRefusal(client.request.sourceAddress);
    throw factorErrors.FACTORS_LOCKED({ retryAfterSeconds: secondsUntil(answer.lockedUntil, clock.now()) });
  }

  /** Begins a passkey ceremony for the holder of a ticket. It takes no attempt: nothing is guessed. */
  async startPasskey(ticket: string, client: ClientFacts): Promise<PasskeyRequest> {
    const { tickets, uow, newId, passkeys, party } = this.#options;
    const open = await tickets.find(ticket);
    if (open === null) throw this.#refused(client);
    const options = { tenantId: open.tenantId, reason: 'a challenge; what is done with it is recorded' };
    return uow.writeUnaudited(options, async (tx) => {
      const known = await passkeys.list(tx, open.subjectId);
      if (known.length === 0) throw this.#refused(client);
      const challenge = randomBytes(32);
      const id = newId<string>();
      const binding = bindingOf('second-factor', ticket);
      const expiresAt = await passkeys.startCeremony(tx, { id, purpose: 'second-factor', binding, challenge });
      if (expiresAt === null) throw factorErrors.FACTORS_BUSY();
      return {
        challengeId: id,
        expiresAt: isoInstant(expiresAt),
        options: requestOptions({ party, challenge, known }),
      };
    });
  }

  async #judge(
    tx: WriteTransaction,
    given: {
      readonly ticket: string;
      readonly open: OpenTicket;
      readonly proof: FactorProof;
      readonly client: ClientFacts;
    },
  ): Promise<OpenedSession | { readonly lockedUntil: Date | null }> {
    const { tickets, prove, opener, clock } = this.#options;
    const { ticket, open, proof, client } = given;
    const { subjectId, authenticatedAt, mustChange } = open;
    if (!(await tickets.takeAttempt(tx, ticket, client.request.sourceAddress))) {
      await tx.audit({
        action: 'second-factor.refused',
        resource: { type: 'user', id: subjectId },
        outcome: 'refused',
        reason: { code: 'TICKET' },
        details: { method: proof.method, purpose: 'sign-in' },
      });
      return { lockedUntil: null };
    }
    const place = { purpose: 'second-factor', binding: bindingOf('second-factor', ticket) } as const;
    const outcome = await prove.prove(tx, subjectId, proof, place);
    await recordProof(tx, subjectId, outcome, 'sign-in');
    if (!outcome.isProven) return { lockedUntil: outcome.lockedUntil };
    // Rolls everything back: the ticket's row is locked since its attempt was taken, so nobody has used it meanwhile.
    if (!(await tickets.consume(tx, ticket))) throw this.#refused(client);
    // A browser gets cookies, whatever was asked for with the password.
    const transport = client.transport === 'cookie' ? 'cookie' : open.transport;
    return opener.completeSignIn(
      tx,
      { subjectId },
      { authenticatedAt, mfaAt: clock.now(), mustChange, client: { ...client, transport } },
    );
  }

  #refused(client: ClientFacts) {
    this.#options.countRefusal(client.request.sourceAddress);
    return factorErrors.FACTORS_SIGN_IN_REFUSED();
  }
}
