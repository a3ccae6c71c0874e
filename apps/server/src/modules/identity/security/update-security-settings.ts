import { type SecuritySettings, securitySettingsDocument, type updateSecuritySettingsBody } from '@quantumvault/api';
import type { z } from 'zod';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { kernelErrors } from '../../../kernel/errors.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { SecuritySettingsStore } from './settings-store.ts';

/** Changes named settings; the others stay. The event names what was changed, and the values, which are no secret. */
export class UpdateSecuritySettings {
  readonly authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #store: SecuritySettingsStore;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; store: SecuritySettingsStore }) {
    this.authorize = options.authorize;
    this.#uow = options.uow;
    this.#store = options.store;
  }

  async execute(actor: Actor, input: { expectedVersion: number; change: z.output<typeof updateSecuritySettingsBody> }) {
    await this.authorize(actor, 'security.update', { type: 'organization', id: actor.tenantId });
    return this.#uow.write(actor, async (tx) => {
      const stored = await this.#store.read(tx);
      if (stored.version !== input.expectedVersion) throw kernelErrors.REQUEST_ETAG_MISMATCH();
      const settings = merged(stored.settings, input.change);
      const isWritten = await this.#store.write(tx, { settings, expectedVersion: stored.version, by: actor.id });
      if (!isWritten) throw kernelErrors.REQUEST_ETAG_MISMATCH();
      await tx.audit({
        action: 'security-settings.updated',
        resource: { type: 'organization', id: actor.tenantId },
        details: differences(stored.settings, settings),
      });
      return { ...settings, version: stored.version + 1 };
    });
  }
}

const parts = ['password', 'session', 'lockout', 'mfa', 'invitation', 'apiKey'] as const;

function merged(before: SecuritySettings, change: z.output<typeof updateSecuritySettingsBody>): SecuritySettings {
  const settings = parts.map((part) => [part, { ...before[part], ...change[part] }] as const);
  return securitySettingsDocument.parse(Object.fromEntries(settings));
}

/** `lockout.failuresMax`: its new value as text. */
function differences(before: SecuritySettings, after: SecuritySettings): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const part of parts) {
    const former = new Map<string, unknown>(Object.entries(before[part]));
    for (const [name, value] of Object.entries(after[part])) {
      if (JSON.stringify(former.get(name)) !== JSON.stringify(value))
        changed[`${part}.${name}`] = JSON.stringify(value);
    }
  }
  return changed;
}
