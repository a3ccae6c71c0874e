import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../../keys/index.ts';
import type { RelyingParty } from './domain/relying-party.ts';
import type { AccountRepository } from './ports/account-repository.ts';
import type { FactorRepository } from './ports/factor-repository.ts';
import type { PasskeyCeremonies } from './ports/passkey-ceremonies.ts';
import type { PasskeyRepository } from './ports/passkey-repository.ts';
import type { SessionFreshness } from './ports/session-freshness.ts';
import type { ProveFactor } from './prove-factor.ts';

/** What there is once in a process; each use case names those that it takes. */
export interface FactorParts {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly tenantKeys: TenantKeys;
  readonly accounts: AccountRepository;
  readonly factors: FactorRepository;
  readonly passkeys: PasskeyRepository;
  readonly ceremonies: PasskeyCeremonies;
  readonly party: RelyingParty;
  readonly sessions: SessionFreshness;
  readonly prove: ProveFactor;
}
