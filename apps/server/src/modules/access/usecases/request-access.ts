import type { AccessRequestView, PlaceInput } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { roleOfName } from '../domain/give.ts';
import { placeResource } from '../domain/grant.ts';
import { pendingRequestsMax, requestView } from '../domain/temporary.ts';
import { accessErrors } from '../errors.ts';
import type { PlaceDirectory } from '../ports/place-directory.ts';
import type { RoleRepository } from '../ports/role-repository.ts';
import type { TemporaryRepository } from '../ports/temporary-repository.ts';

interface Options {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly roles: RoleRepository;
  readonly temporary: TemporaryRepository;
  readonly places: PlaceDirectory;
  readonly newId: NewId;
}

export interface RequestAccessInput {
  readonly role: string;
  readonly place?: PlaceInput | undefined;
  readonly durationSeconds: number;
  readonly reason: string;
}

/** Asks for a role for a time (ACC-8); every member may ask. Throws `ACCESS_*`. */
export class RequestAccess {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, input: RequestAccessInput): Promise<AccessRequestView> {
    await this.#authorize(actor, 'grant.request', placeResource(input.place, actor.tenantId));
    const { uow, roles, temporary, places, newId } = this.#options;
    const { durationSeconds, reason } = input;
    const place = await places.placeOf(actor.tenantId, placeResource(input.place, actor.tenantId));
    if (place === null && input.place !== undefined) throw accessErrors.ACCESS_PLACE_UNKNOWN();
    return uow.write(actor, async (tx) => {
      const role = await roleOfName(input.role, (inTx, name) => roles.findByName(inTx, name), tx);
      if ((await temporary.countPending(tx, actor.id)) >= pendingRequestsMax) throw accessErrors.ACCESS_REQUESTS_FULL();
      const draft = { id: newId<string>(), subjectId: actor.id, role, place, durationSeconds, reason };
      const request = await temporary.insertRequest(tx, draft);
      await tx.audit({
        action: 'access.requested',
        resource: { type: 'access-request', id: request.id },
        reason: { code: 'STATED', text: reason },
        details: { role: role.name, durationSeconds },
      });
      await tx.publish('access.requested', { requestId: request.id, subjectId: actor.id, role: role.name });
      return requestView(request);
    });
  }
}

/** Takes back an own request. Throws `ACCESS_REQUEST_NOT_FOUND` or `ACCESS_REQUEST_DECIDED`. */
export class WithdrawRequest {
  readonly #authorize: Authorize;
  readonly #options: Pick<Options, 'uow' | 'temporary'>;
  constructor(options: Pick<Options, 'authorize' | 'uow' | 'temporary'>) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, id: string): Promise<AccessRequestView> {
    await this.#authorize(actor, 'grant.request', { type: 'access-request', id });
    const { uow, temporary } = this.#options;
    return uow.write(actor, async (tx) => {
      const request = await temporary.findRequestForUpdate(tx, id);
      // Somebody else's request is none of the caller's.
      if (request === null || request.subjectId !== actor.id) throw accessErrors.ACCESS_REQUEST_NOT_FOUND();
      if (request.status !== 'pending') throw accessErrors.ACCESS_REQUEST_DECIDED();
      const withdrawal = { status: 'withdrawn', by: actor.id, reason: null, grantId: null } as const;
      const withdrawn = await temporary.decideRequest(tx, id, withdrawal);
      await tx.audit({ action: 'access.request-withdrawn', resource: { type: 'access-request', id } });
      return requestView(withdrawn);
    });
  }
}
