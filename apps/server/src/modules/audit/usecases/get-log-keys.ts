import { formatLogKeys, type LogKey } from '@quantumvault/tlog';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';

export interface LogKeysView {
  readonly origin: string;
  /** In the form of log.vkey. */
  readonly keys: string;
}

/**
 * The public keys of the log, for a verifier on the reader's side. They come from the server that is to be verified: who
 * does not trust it compares them with a `log.vkey` that was kept elsewhere.
 */
export class GetLogKeys {
  readonly #authorize: Authorize;
  readonly #origin: string;
  readonly #keys: () => Promise<readonly LogKey[]>;

  constructor(options: { authorize: Authorize; origin: string; keys: () => Promise<readonly LogKey[]> }) {
    this.#authorize = options.authorize;
    this.#origin = options.origin;
    this.#keys = options.keys;
  }

  async execute(actor: Actor): Promise<LogKeysView> {
    await this.#authorize(actor, 'audit.read', { type: 'organization', id: actor.tenantId });
    return { origin: this.#origin, keys: formatLogKeys(await this.#keys()) };
  }
}
