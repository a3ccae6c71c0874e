import type { ApproverKeyView } from '@quantumvault/api';
import {
  approvalAlgorithms,
  EnvelopeError,
  formatSigner,
  type PublicSigner,
  parseSigner,
  verifyContent,
} from '@quantumvault/envelope';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { approverKeyView } from '../domain/approver-key.ts';
import { approvalErrors } from '../domain/errors.ts';
import type { ApproverKeys } from '../ports/approver-keys.ts';

/** Old keys included: they stay, so that what they have signed can be checked. */
const keysMax = 20;

/**
 * Registers a key that its owner signs approvals with. The owner proves that he holds it, so that nobody registers another's
 * key as his own. Throws `APPROVALS_PERSON_REQUIRED`, `APPROVALS_KEY_INVALID`, `APPROVALS_KEY_EXISTS` or `APPROVALS_KEYS_TOO_MANY`.
 */
export class RegisterApproverKey {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #keys: ApproverKeys;
  readonly #newId: NewId;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; keys: ApproverKeys; newId: NewId }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#keys = options.keys;
    this.#newId = options.newId;
  }

  async execute(actor: Actor, given: { readonly signer: string; readonly proof: string }): Promise<ApproverKeyView> {
    await this.#authorize(actor, 'approval.sign', { type: 'user', id: actor.id });
    if (actor.kind !== 'user') throw approvalErrors.APPROVALS_PERSON_REQUIRED();
    const signer = await provenSigner(actor, given);
    return this.#uow.write(actor, async (tx) => {
      if ((await this.#keys.of(tx, actor.id)).length >= keysMax) throw approvalErrors.APPROVALS_KEYS_TOO_MANY();
      const key = await this.#keys.insert(tx, {
        id: this.#newId<string>(),
        subjectId: actor.id,
        signer: formatSigner(signer),
        algorithm: signer.algorithm,
        fingerprint: signer.fingerprint,
      });
      if (key === null) throw approvalErrors.APPROVALS_KEY_EXISTS();
      const view = approverKeyView(key);
      await tx.audit({
        action: 'approver-key.registered',
        resource: { type: 'approver-key', id: key.id },
        details: { algorithm: key.algorithm, fingerprint: view.fingerprint },
      });
      return view;
    });
  }
}

async function provenSigner(
  { tenantId, id }: Actor,
  given: { readonly signer: string; readonly proof: string },
): Promise<PublicSigner> {
  try {
    const signer = parseSigner(given.signer);
    if (!(approvalAlgorithms as readonly string[]).includes(signer.algorithm))
      throw approvalErrors.APPROVALS_KEY_INVALID();
    await verifyContent([new TextEncoder().encode(formatSigner(signer))], {
      signature: new Uint8Array(Buffer.from(given.proof, 'base64')),
      signers: [signer],
      expected: { tenant: tenantId, purpose: 'approver-key', context: { subject: id } },
    });
    return signer;
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    throw approvalErrors.APPROVALS_KEY_INVALID({ cause: error });
  }
}
