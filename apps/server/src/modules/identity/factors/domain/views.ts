import { isoInstant } from '../../../../kernel/clock.ts';

export interface ShownPasskey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly isBackedUp: boolean;
  readonly version: number;
}

/** A passkey as its owner sees it: nothing that an authenticator would take for its own. */
export const passkeyView = ({ id, name, createdAt, lastUsedAt, isBackedUp, version }: ShownPasskey) => ({
  id,
  name,
  createdAt: isoInstant(createdAt),
  lastUsedAt: lastUsedAt === null ? null : isoInstant(lastUsedAt),
  isBackedUp,
  version,
});
