import type { PasskeyAssertion } from '@quantumvault/api';
import { SecretBytes } from '@quantumvault/crypto';
import type { Clock } from '../../../kernel/clock.ts';
import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../../keys/index.ts';
import { recoveryCodeHash } from './domain/recovery-codes.ts';
import { userHandle } from './domain/relying-party.ts';
import { isSignCountAcceptable } from './domain/sign-count.ts';
import { matchTotp, totpForm } from './domain/totp.ts';
import type { AttemptLimits, FactorRepository } from './ports/factor-repository.ts';
import type { PasskeyCeremonies } from './ports/passkey-ceremonies.ts';
import type { ChallengePurpose, PasskeyRepository } from './ports/passkey-repository.ts';

export type FactorProof =
  | { readonly method: 'totp' | 'recovery-code'; readonly code: string }
  | { readonly method: 'passkey'; readonly challengeId: string; readonly assertion: PasskeyAssertion };

export type RefusalReason = 'WRONG' | 'LOCKED' | 'PASSKEY_COPIED';
export type ProofOutcome =
  | { readonly isProven: true; readonly method: FactorProof['method']; readonly factorId: string | null }
  | {
      readonly isProven: false;
      readonly method: FactorProof['method'];
      readonly reason: RefusalReason;
      readonly lockedUntil: Date | null;
    };

/** Whose ceremony a passkey must have answered. */
export interface ProofPlace {
  readonly purpose: ChallengePurpose;
  readonly binding: Uint8Array;
}

export interface ProveFactorOptions {
  readonly factors: FactorRepository;
  readonly passkeys: PasskeyRepository;
  readonly ceremonies: PasskeyCeremonies;
  readonly tenantKeys: Pick<TenantKeys, 'unwrap'>;
  readonly clock: Clock;
  readonly limits: (tx: Transaction) => Promise<AttemptLimits>;
}

export const totpContext = (subjectId: ActorId, id: string) => ({ purpose: 'totp-secret', subject: subjectId, id });

/**
 * Judges a proof and uses it up, in the caller's transaction, which must commit whatever comes out: a used step, an ended
 * ceremony and a counted failure belong to it as much as a session does. Each use is one UPDATE or DELETE, so of any
 * number of requests with one code or one assertion one succeeds.
 */
export class ProveFactor {
  readonly #options: ProveFactorOptions;
  // Somebody without an app costs as much as somebody whose code is wrong (ACC-11).
  readonly #decoy = SecretBytes.random(totpForm.secretBytes);
  constructor(options: ProveFactorOptions) {
    this.#options = options;
  }

  prove(tx: Transaction, subjectId: ActorId, proof: FactorProof, place: ProofPlace): Promise<ProofOutcome> {
    switch (proof.method) {
      case 'totp':
        return this.#totp(tx, subjectId, proof.code);
      case 'recovery-code':
        return this.#recoveryCode(tx, subjectId, proof.code);
      case 'passkey':
        return this.#passkey(tx, subjectId, proof, place);
      default:
        throw new TypeError('an unknown method');
    }
  }

  /** The work of a code that does not fit, where there is nobody to try it on. */
  async pretend(tx: Transaction): Promise<void> {
    await this.#options.factors.activeTotp(tx, tx.tenantId as string as ActorId);
    matchTotp({ secret: this.#decoy, code: '', now: this.#options.clock.now(), lastStep: 0n });
  }

  async #totp(tx: Transaction, subjectId: ActorId, code: string): Promise<ProofOutcome> {
    const { factors, tenantKeys, clock, limits } = this.#options;
    const lockedUntil = await factors.lockAttempts(tx, subjectId);
    const stored = await factors.activeTotp(tx, subjectId);
    const secret =
      stored === null ? this.#decoy : await tenantKeys.unwrap(tx, totpContext(subjectId, stored.id), stored.secret);
    let step: bigint | null;
    try {
      step = matchTotp({ secret, code, now: clock.now(), lastStep: stored?.lastStep ?? 0n });
    } finally {
      if (stored !== null) secret.dispose();
    }
    if (lockedUntil !== null) return { isProven: false, method: 'totp', reason: 'LOCKED', lockedUntil };
    if (stored !== null && step !== null && (await factors.useTotpStep(tx, subjectId, { id: stored.id, step }))) {
      await factors.forgetFailures(tx, subjectId);
      return { isProven: true, method: 'totp', factorId: stored.id };
    }
    const until = await factors.countFailure(tx, subjectId, await limits(tx));
    return { isProven: false, method: 'totp', reason: 'WRONG', lockedUntil: until };
  }

  /** Not under the lock: 80 random bits need none, and it is the way in for whom a stranger has locked out. */
  async #recoveryCode(tx: Transaction, subjectId: ActorId, code: string): Promise<ProofOutcome> {
    const method = 'recovery-code';
    const hash = recoveryCodeHash({ tenantId: tx.tenantId, subjectId }, code);
    const isUsed = await this.#options.factors.useRecoveryCode(tx, subjectId, hash);
    if (!isUsed) return { isProven: false, method, reason: 'WRONG', lockedUntil: null };
    await this.#options.factors.forgetFailures(tx, subjectId);
    return { isProven: true, method, factorId: null };
  }

  async #passkey(
    tx: Transaction,
    subjectId: ActorId,
    { challengeId, assertion }: Extract<FactorProof, { method: 'passkey' }>,
    place: ProofPlace,
  ): Promise<ProofOutcome> {
    const challenge = await this.#options.passkeys.endCeremony(tx, { id: challengeId, ...place });
    return challenge === null ? passkeyRefused('WRONG') : this.proveAssertion(tx, subjectId, { challenge, assertion });
  }

  /** For a ceremony that the caller has ended: of a sign-in by passkey, which belonged to nobody known. */
  async proveAssertion(
    tx: Transaction,
    subjectId: ActorId,
    { challenge, assertion }: { readonly challenge: Uint8Array; readonly assertion: PasskeyAssertion },
  ): Promise<ProofOutcome> {
    const { passkeys, ceremonies, factors } = this.#options;
    const stored = await passkeys.findByCredential(tx, Buffer.from(assertion.id, 'base64url'));
    if (stored === null || stored.subjectId !== subjectId) return passkeyRefused('WRONG');
    const { userHandle: shown } = assertion.response;
    const isWhose = shown == null || shown === userHandle({ tenantId: tx.tenantId, subjectId });
    const proven = await ceremonies.verifyAssertion({ challenge, assertion, publicKey: stored.publicKey });
    if (proven === null || !isWhose) return passkeyRefused('WRONG');
    const isCounted =
      isSignCountAcceptable(stored.signCount, proven.signCount) &&
      (await passkeys.noteUse(tx, { id: stored.id, ...proven }));
    if (!isCounted) return passkeyRefused('PASSKEY_COPIED');
    await factors.forgetFailures(tx, subjectId);
    return { isProven: true, method: 'passkey', factorId: stored.id };
  }
}

const passkeyRefused = (reason: RefusalReason): ProofOutcome => ({
  isProven: false,
  method: 'passkey',
  reason,
  lockedUntil: null,
});
