import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { ApproveRequest } from '../usecases/approve-request.ts';
import { CancelRequest } from '../usecases/cancel-request.ts';
import { ExecuteRequest } from '../usecases/execute-request.ts';
import { GetApproval } from '../usecases/get-approval.ts';
import { GetApprovalEvidence } from '../usecases/get-approval-evidence.ts';
import { ListApprovals } from '../usecases/list-approvals.ts';
import { ListApprovers } from '../usecases/list-approvers.ts';
import { RejectRequest } from '../usecases/reject-request.ts';

@Controller()
export class ApprovalsController {
  readonly #list: ListApprovals;
  readonly #get: GetApproval;
  readonly #evidence: GetApprovalEvidence;
  readonly #approvers: ListApprovers;
  constructor(
    @Inject(ListApprovals) list: ListApprovals,
    @Inject(GetApproval) get: GetApproval,
    @Inject(GetApprovalEvidence) evidence: GetApprovalEvidence,
    @Inject(ListApprovers) approvers: ListApprovers,
  ) {
    this.#list = list;
    this.#get = get;
    this.#evidence = evidence;
    this.#approvers = approvers;
  }

  @Endpoint(routes.listApprovals)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listApprovals>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.getApproval)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getApproval>) {
    return this.#get.execute(actor, input.params.id);
  }

  @Endpoint(routes.getApprovalEvidence)
  evidence(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getApprovalEvidence>) {
    return this.#evidence.execute(actor, input.params.id);
  }

  @Endpoint(routes.listApprovers)
  approvers(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listApprovers>) {
    return this.#approvers.execute(actor, input.params.id);
  }
}

@Controller()
export class ApprovalDecisionsController {
  readonly #approve: ApproveRequest;
  readonly #reject: RejectRequest;
  readonly #cancel: CancelRequest;
  readonly #execute: ExecuteRequest;
  constructor(
    @Inject(ApproveRequest) approve: ApproveRequest,
    @Inject(RejectRequest) reject: RejectRequest,
    @Inject(CancelRequest) cancel: CancelRequest,
    @Inject(ExecuteRequest) execute: ExecuteRequest,
  ) {
    this.#approve = approve;
    this.#reject = reject;
    this.#cancel = cancel;
    this.#execute = execute;
  }

  @Endpoint(routes.approveApproval)
  approve(@CurrentActor() actor: Actor, @Input() { params, body }: RouteInput<typeof routes.approveApproval>) {
    return this.#approve.execute(actor, { id: params.id, ...body });
  }

  @Endpoint(routes.rejectApproval)
  reject(@CurrentActor() actor: Actor, @Input() { params, body }: RouteInput<typeof routes.rejectApproval>) {
    return this.#reject.execute(actor, { id: params.id, ...body });
  }

  @Endpoint(routes.cancelApproval)
  cancel(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.cancelApproval>) {
    return this.#cancel.execute(actor, input.params.id);
  }

  @Endpoint(routes.executeApproval)
  execute(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.executeApproval>) {
    return this.#execute.execute(actor, input.params.id);
  }
}
