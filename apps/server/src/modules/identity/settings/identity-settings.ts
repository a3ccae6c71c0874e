import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { kernelErrors } from '../../../kernel/errors.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { IdentitySettings, IdentitySettingsRepository } from './identity-settings-repository.ts';

interface Deps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly settings: IdentitySettingsRepository;
}

/** What the organization demands of API keys and invitations. */
export class GetIdentitySettings {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(actor: Actor): Promise<IdentitySettings> {
    await this.#deps.authorize(actor, 'security.read', { type: 'organization', id: actor.tenantId });
    return this.#deps.uow.read(actor.tenantId, (tx) => this.#deps.settings.get(tx));
  }
}

export interface UpdateIdentitySettingsInput {
  readonly expectedVersion: number;
  readonly change: {
    readonly apiKeyDaysMax?: number | null | undefined;
    readonly invitationHours?: number | undefined;
  };
}

/** Changes it for keys and invitations made from now on. Throws `REQUEST_ETAG_MISMATCH`. */
export class UpdateIdentitySettings {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(actor: Actor, { expectedVersion, change }: UpdateIdentitySettingsInput): Promise<IdentitySettings> {
    await this.#deps.authorize(actor, 'security.update', { type: 'organization', id: actor.tenantId });
    const { settings, uow } = this.#deps;
    return uow.write(actor, async (tx) => {
      const before = await settings.get(tx);
      const next = {
        apiKeyDaysMax: change.apiKeyDaysMax === undefined ? before.apiKeyDaysMax : change.apiKeyDaysMax,
        invitationHours: change.invitationHours ?? before.invitationHours,
      };
      const after = before.version === expectedVersion ? await settings.put(tx, next, expectedVersion) : null;
      if (after === null) throw kernelErrors.REQUEST_ETAG_MISMATCH();
      const resource = { type: 'organization', id: tx.tenantId };
      await tx.audit({ action: 'identity-settings.updated', resource, details: { ...next, version: after.version } });
      return after;
    });
  }
}
