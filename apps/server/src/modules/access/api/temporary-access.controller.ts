import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { BreakGlass, ReviewBreakGlass } from '../usecases/break-glass.ts';
import { ApproveRequest, DenyRequest } from '../usecases/decide-request.ts';
import { ListBreakGlass, ListNotices, ListRequests, ReadNotice } from '../usecases/read-temporary.ts';
import { RequestAccess, WithdrawRequest } from '../usecases/request-access.ts';

@Controller()
export class AccessRequestsController {
  readonly #request: RequestAccess;
  readonly #list: ListRequests;
  readonly #withdraw: WithdrawRequest;
  readonly #approve: ApproveRequest;
  readonly #deny: DenyRequest;
  constructor(
    @Inject(RequestAccess) request: RequestAccess,
    @Inject(ListRequests) list: ListRequests,
    @Inject(WithdrawRequest) withdraw: WithdrawRequest,
    @Inject(ApproveRequest) approve: ApproveRequest,
    @Inject(DenyRequest) deny: DenyRequest,
  ) {
    this.#request = request;
    this.#list = list;
    this.#withdraw = withdraw;
    this.#approve = approve;
    this.#deny = deny;
  }

  @Endpoint(routes.requestAccess)
  request(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.requestAccess>) {
    return this.#request.execute(actor, input.body);
  }

  @Endpoint(routes.listAccessRequests)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listAccessRequests>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.withdrawAccessRequest)
  withdraw(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.withdrawAccessRequest>) {
    return this.#withdraw.execute(actor, input.params.id);
  }

  @Endpoint(routes.approveAccessRequest)
  approve(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.approveAccessRequest>) {
    return this.#approve.execute(actor, { id: input.params.id, ...input.body });
  }

  @Endpoint(routes.denyAccessRequest)
  deny(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.denyAccessRequest>) {
    return this.#deny.execute(actor, { id: input.params.id, ...input.body });
  }
}

@Controller()
export class BreakGlassController {
  readonly #break: BreakGlass;
  readonly #list: ListBreakGlass;
  readonly #review: ReviewBreakGlass;
  readonly #notices: ListNotices;
  readonly #read: ReadNotice;
  constructor(
    @Inject(BreakGlass) broken: BreakGlass,
    @Inject(ListBreakGlass) list: ListBreakGlass,
    @Inject(ReviewBreakGlass) review: ReviewBreakGlass,
    @Inject(ListNotices) notices: ListNotices,
    @Inject(ReadNotice) read: ReadNotice,
  ) {
    this.#break = broken;
    this.#list = list;
    this.#review = review;
    this.#notices = notices;
    this.#read = read;
  }

  @Endpoint(routes.breakGlass)
  breakGlass(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.breakGlass>) {
    return this.#break.execute(actor, input.body);
  }

  @Endpoint(routes.listBreakGlass)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listBreakGlass>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.reviewBreakGlass)
  review(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.reviewBreakGlass>) {
    return this.#review.execute(actor, { id: input.params.id, ...input.body });
  }

  @Endpoint(routes.listAccessNotices)
  notices(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listAccessNotices>) {
    return this.#notices.execute(actor, input.query);
  }

  @Endpoint(routes.readAccessNotice)
  read(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.readAccessNotice>) {
    return this.#read.execute(actor, input.params.id);
  }
}
