import type { PasskeyAttestation, RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import { bindingOf } from '../domain/ceremony.ts';
import { factorErrors } from '../domain/errors.ts';
import { needPerson } from '../domain/last-factor.ts';
import { passkeyView } from '../domain/views.ts';
import type { FactorParts } from '../factor-parts.ts';
import { issueRecoveryCodes } from '../recovery-code-issue.ts';
import { passkeysMax } from './start-passkey.ts';

type Needs = Pick<
  FactorParts,
  'authorize' | 'uow' | 'clock' | 'newId' | 'accounts' | 'factors' | 'passkeys' | 'ceremonies' | 'sessions'
>;
type Answer = RouteOutput<typeof routes.registerPasskey>;

export interface RegisterPasskeyInput {
  readonly challengeId: string;
  readonly name: string;
  readonly credential: PasskeyAttestation;
}

/**
 * Ends the registration. The ceremony is over whatever the answer is worth. The authenticator has verified its user, so
 * the session counts as shown with a second factor. Throws `FACTORS_PASSKEY_REFUSED`, `_KNOWN` and `FACTORS_PASSKEYS_MAX`.
 */
export class RegisterPasskey {
  readonly #needs: Needs;
  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async execute(actor: Actor, input: RegisterPasskeyInput): Promise<Answer> {
    await this.#needs.authorize(actor, 'identity.secure', { type: 'user', id: actor.id });
    needPerson(actor);
    const { uow, clock, newId, accounts, factors, passkeys, ceremonies, sessions } = this.#needs;
    const resource = { type: 'user', id: actor.id };
    const answer = await uow.write(actor, async (tx): Promise<Answer | 'refused' | 'known'> => {
      const refused = async <const Why extends 'refused' | 'known'>(why: Why): Promise<Why> => {
        await tx.audit({
          action: 'second-factor.refused',
          resource,
          outcome: 'refused',
          reason: { code: why === 'known' ? 'PASSKEY_KNOWN' : 'WRONG' },
          details: { method: 'passkey', purpose: 'enrolment' },
        });
        return why;
      };
      await accounts.lock(tx, actor.id);
      const ceremony = {
        id: input.challengeId,
        purpose: 'register',
        binding: bindingOf('register', actor.id),
      } as const;
      const challenge = await passkeys.endCeremony(tx, ceremony);
      if (challenge === null) return refused('refused');
      const credential = await ceremonies.verifyRegistration({ challenge, credential: input.credential });
      if (credential === null) return refused('refused');
      if ((await passkeys.list(tx, actor.id)).length >= passkeysMax) throw factorErrors.FACTORS_PASSKEYS_MAX();
      const stored = await passkeys.insert(tx, {
        ...credential,
        id: newId<string>(),
        subjectId: actor.id,
        name: input.name,
      });
      if (stored === null) return refused('known');
      await tx.audit({
        action: 'second-factor.enrolled',
        resource,
        details: { method: 'passkey', factorId: stored.id, algorithm: credential.algorithm },
      });
      const session = { id: String(actor.credential.id), subjectId: actor.id };
      await sessions.raise(tx, session, { authenticatedAt: null, mfaAt: clock.now() });
      const hasCodes = (await factors.recoveryCodesLeft(tx, actor.id)) > 0;
      return {
        ...passkeyView(stored),
        recoveryCodes: hasCodes ? [] : await issueRecoveryCodes(tx, actor.id, factors),
      };
    });
    if (answer === 'refused') throw factorErrors.FACTORS_PASSKEY_REFUSED();
    if (answer === 'known') throw factorErrors.FACTORS_PASSKEY_KNOWN();
    return answer;
  }
}
