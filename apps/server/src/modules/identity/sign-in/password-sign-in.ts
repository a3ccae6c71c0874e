import type { Clock } from '../../../kernel/clock.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import type { PasswordRecords } from '../passwords/password-records.ts';
import type { PasswordVerifier } from '../passwords/password-verifier.ts';
import type { SecuritySettingsStore } from '../security/settings-store.ts';
import type { SessionOpener } from '../sessions/open-session.ts';
import type { SecondFactors } from '../sessions/ports/second-factors.ts';
import { type ClientFacts, type OpenedSession, type SecondFactorNeeded, signingIn } from '../sessions/session.ts';
import type { SignInTickets } from '../sessions/sign-in-tickets.ts';
import { type CheckPasswordOptions, checkPassword, type GivenPassword, type ShownPassword } from './check-password.ts';

export interface PasswordSignInOptions extends CheckPasswordOptions {
  readonly verifier: PasswordVerifier;
  readonly passwords: PasswordRecords;
  readonly settings: SecuritySettingsStore;
  readonly secondFactors: SecondFactors;
  readonly tickets: SignInTickets;
  readonly opener: SessionOpener;
  readonly uow: UnitOfWork;
  readonly clock: Clock;
}

/**
 * Sign-in with a password (ACC-2, ACC-11). Unknown address, wrong password, suspended account, account without a password,
 * locked or not: one lookup, one Argon2id, one note of the outcome, and one answer.
 */
export class PasswordSignIn {
  readonly #options: PasswordSignInOptions;
  constructor(options: PasswordSignInOptions) {
    this.#options = options;
  }

  async attempt(given: GivenPassword, client: ClientFacts): Promise<OpenedSession | SecondFactorNeeded> {
    const shown = await this.check(given, client.request.sourceAddress);
    if (shown === null) throw identityErrors.IDENTITY_SIGN_IN_REFUSED();
    return this.#goOn(shown, given, client);
  }

  /** Who has given the right password; null is every kind of refusal. Counted and locked as a sign-in. */
  check(given: GivenPassword, address: string | null): Promise<ShownPassword | null> {
    return checkPassword(this.#options, given, address);
  }

  async #goOn(shown: ShownPassword, { password }: GivenPassword, client: ClientFacts) {
    const { uow, settings, passwords, verifier, secondFactors, tickets, opener, clock } = this.#options;
    const { subjectId } = shown;
    const authenticatedAt = clock.now();
    const stronger = verifier.needsRehash(shown.passwordHash) ? await verifier.hash(password) : null;
    const isBreached = await passwords.isBreached(password);
    return uow.write(signingIn(shown, client.request), async (tx) => {
      if (stronger !== null) await passwords.strengthen(tx, { subjectId, from: shown.passwordHash, to: stronger });
      const policy = (await settings.read(tx)).settings.password;
      if (isBreached && policy.refusesBreached) await passwords.requireChange(tx, { subjectId, because: 'breached' });
      const mustChange = await passwords.mustChange(tx, { subjectId, ageDaysMax: policy.ageDaysMax });
      const second = await secondFactors.required(tx, { subjectId });
      if (second === null) {
        return opener.completeSignIn(tx, { subjectId }, { authenticatedAt, mfaAt: null, mustChange, client });
      }
      await tx.audit({ action: 'sign-in.first-factor', resource: { type: 'user', id: subjectId } });
      const ticket = { subjectId, transport: client.transport, authenticatedAt, mustChange };
      return tickets.issue(tx, ticket, second.methods, client.request.sourceAddress);
    });
  }
}
