import type { PasskeyAssertion, PasskeyRequest } from '@quantumvault/api';
import { randomBytes } from '@quantumvault/crypto';
import { isoInstant } from '../../../kernel/clock.ts';
import { platformTenantId } from '../../../kernel/ids.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import type { PasswordStore } from '../passwords/password-store.ts';
import type { SessionOpener } from '../sessions/open-session.ts';
import { type ClientFacts, type OpenedSession, signingIn } from '../sessions/session.ts';
import { noBinding } from './domain/ceremony.ts';
import { factorErrors } from './domain/errors.ts';
import { requestOptions } from './domain/relying-party.ts';
import type { FactorParts } from './factor-parts.ts';
import type { PasskeyDirectory } from './ports/passkey-repository.ts';
import { recordProof } from './record-proof.ts';

export type PasskeySignInOptions = Pick<FactorParts, 'uow' | 'clock' | 'newId' | 'passkeys' | 'party' | 'prove'> & {
  readonly directory: PasskeyDirectory;
  readonly passwords: Pick<PasswordStore, 'state'>;
  readonly opener: SessionOpener;
  readonly countRefusal: CountRefusal;
};

const ceremonies = { tenantId: platformTenantId, reason: 'a challenge; what is done with it is recorded' } as const;

/**
 * Sign-in with a passkey alone: something one has, that has verified who holds it, and so two factors at once (ACC-5). Who
 * it is comes from the passkey. Whatever does not hold has one answer.
 */
export class PasskeySignIn {
  readonly #options: PasskeySignInOptions;
  constructor(options: PasskeySignInOptions) {
    this.#options = options;
  }

  async start(): Promise<PasskeyRequest> {
    const { uow, newId, passkeys, party } = this.#options;
    const challenge = randomBytes(32);
    const id = newId<string>();
    const expiresAt = await uow.writeUnaudited(ceremonies, (tx) =>
      passkeys.startCeremony(tx, { id, purpose: 'sign-in', binding: noBinding, challenge }),
    );
    if (expiresAt === null) throw factorErrors.FACTORS_BUSY();
    return {
      challengeId: id,
      expiresAt: isoInstant(expiresAt),
      options: requestOptions({ party, challenge, known: [] }),
    };
  }

  async attempt(
    given: { readonly challengeId: string; readonly assertion: PasskeyAssertion },
    client: ClientFacts,
  ): Promise<OpenedSession> {
    const { uow, passkeys, directory, prove, passwords, opener, clock, countRefusal } = this.#options;
    const challenge = await uow.writeUnaudited(ceremonies, (tx) =>
      passkeys.endCeremony(tx, { id: given.challengeId, purpose: 'sign-in', binding: noBinding }),
    );
    const found = await directory.find(Buffer.from(given.assertion.id, 'base64url'));
    if (challenge !== null && found !== null) {
      const { subjectId } = found;
      const opened = await uow.write(signingIn(found, client.request), async (tx) => {
        const outcome = await prove.proveAssertion(tx, subjectId, { challenge, assertion: given.assertion });
        await recordProof(tx, subjectId, outcome, 'sign-in');
        if (!outcome.isProven) return null;
        // A password that is known to others stays dangerous, though it was not used now.
        const { mustChange } = await passwords.state(tx, subjectId, null);
        const now = clock.now();
        return opener.completeSignIn(tx, { subjectId }, { authenticatedAt: now, mfaAt: now, mustChange, client });
      });
      if (opened !== null) return opened;
    }
    countRefusal(client.request.sourceAddress);
    throw factorErrors.FACTORS_SIGN_IN_REFUSED();
  }
}
