import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import type { ApprovalGate } from '../../kernel/approvals.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { carriesOut } from '../../platform/approved-runner.ts';
import { APPROVALS, AUTHORIZE, MAY, NEW_ID, UNIT_OF_WORK } from '../../platform/tokens.ts';
import type { AccessDirectory, May } from '../access/index.ts';
import { PostgresApprovalPolicies } from './adapters/postgres-approval-policies.ts';
import { PostgresApprovalRepository } from './adapters/postgres-approval-repository.ts';
import { PostgresApproverKeys } from './adapters/postgres-approver-keys.ts';
import { PostgresPeople } from './adapters/postgres-people.ts';
import { ApprovalPoliciesController, ApproverKeysController } from './api/approval-policies.controller.ts';
import { ApprovalDecisionsController, ApprovalsController } from './api/approvals.controller.ts';
import { CarryOut } from './carry-out.ts';
import { CastVote } from './cast-vote.ts';
import { Gate } from './gate.ts';
import { Judge } from './judge.ts';
import { Outlooks } from './outlook.ts';
import type { ApprovalPolicies } from './ports/approval-policies.ts';
import type { ApprovalRepository } from './ports/approval-repository.ts';
import type { ApproverKeys } from './ports/approver-keys.ts';
import type { People } from './ports/people.ts';
import { createReadApproval, type ReadApproval } from './read-approval.ts';
import { createCheckSignature } from './signatures.ts';
import { ApproveRequest } from './usecases/approve-request.ts';
import { CancelRequest } from './usecases/cancel-request.ts';
import { ChangeApprovalPolicy } from './usecases/change-approval-policy.ts';
import { ExecuteRequest } from './usecases/execute-request.ts';
import { GetApproval } from './usecases/get-approval.ts';
import { GetApprovalEvidence } from './usecases/get-approval-evidence.ts';
import { ListApprovalPolicies } from './usecases/list-approval-policies.ts';
import { ListApprovals } from './usecases/list-approvals.ts';
import { ListApproverKeys } from './usecases/list-approver-keys.ts';
import { ListApprovers } from './usecases/list-approvers.ts';
import { RegisterApproverKey } from './usecases/register-approver-key.ts';
import { RejectRequest } from './usecases/reject-request.ts';
import { WithdrawApproverKey } from './usecases/withdraw-approver-key.ts';
import { ApprovalViews } from './view.ts';

/** What exists once per process: the gate of all use cases, and what stands behind it. */
export class ApprovalParts {
  readonly repository: ApprovalRepository = new PostgresApprovalRepository();
  readonly policies: ApprovalPolicies = new PostgresApprovalPolicies();
  readonly keys: ApproverKeys = new PostgresApproverKeys();
  readonly people: People;
  readonly judge: Judge;
  readonly gate: Gate;
  readonly carryOut: CarryOut;
  readonly castVote: CastVote;
  readonly views: ApprovalViews;
  readonly outlooks: Outlooks;

  constructor({
    uow,
    access,
    newId,
  }: { uow: UnitOfWork; access: Pick<AccessDirectory, 'now' | 'personsOf'>; newId: NewId }) {
    const { repository, policies, keys } = this;
    this.people = new PostgresPeople({ access });
    const { people } = this;
    this.judge = new Judge({ repository, policies, people });
    const { judge } = this;
    this.outlooks = new Outlooks({ judge, people });
    this.gate = new Gate({ uow, repository, people, judge, newId });
    this.carryOut = new CarryOut({ uow, repository, people });
    const checkSignature = createCheckSignature({ keys, repository });
    this.castVote = new CastVote({ uow, repository, people, judge, carryOut: this.carryOut, checkSignature });
    this.views = new ApprovalViews({ repository, people, judge, castVote: this.castVote });
  }
}

export { PostgresExpiredRequests } from './adapters/postgres-expired-requests.ts';
export { requestRevocation } from './adapters/request-revocation.ts';

const READ_APPROVAL = Symbol('ReadApproval');

/** What the use cases take; each takes its own part of it. */
type Deps = {
  authorize: Authorize;
  uow: UnitOfWork;
  newId: NewId;
  may: May;
  read: ReadApproval;
  approvals: ApprovalGate;
} & Pick<ApprovalParts, 'repository' | 'policies' | 'people' | 'keys' | 'judge' | 'carryOut' | 'castVote' | 'views'>;
const onApprovals = <T>(useCase: new (deps: Deps) => T) => ({
  provide: useCase,
  inject: [AUTHORIZE, UNIT_OF_WORK, NEW_ID, MAY, READ_APPROVAL, APPROVALS, ApprovalParts],
  useFactory: (
    authorize: Authorize,
    uow: UnitOfWork,
    newId: NewId,
    may: May,
    read: ReadApproval,
    approvals: ApprovalGate,
    { repository, policies, people, keys, judge, carryOut, castVote, views }: ApprovalParts,
  ) =>
    new useCase({
      authorize,
      uow,
      newId,
      may,
      read,
      approvals,
      repository,
      policies,
      people,
      keys,
      judge,
      carryOut,
      castVote,
      views,
    }),
});

@Module({
  controllers: [ApprovalsController, ApprovalDecisionsController, ApprovalPoliciesController, ApproverKeysController],
  providers: [
    {
      provide: READ_APPROVAL,
      inject: [UNIT_OF_WORK, MAY, ApprovalParts],
      useFactory: (uow: UnitOfWork, may: May, { repository, views }: ApprovalParts) =>
        createReadApproval({ uow, may, repository, views }),
    },
    onApprovals(ListApprovals),
    onApprovals(GetApproval),
    onApprovals(GetApprovalEvidence),
    onApprovals(ListApprovers),
    onApprovals(ApproveRequest),
    onApprovals(RejectRequest),
    onApprovals(CancelRequest),
    onApprovals(ExecuteRequest),
    onApprovals(ListApprovalPolicies),
    onApprovals(ChangeApprovalPolicy),
    onApprovals(ListApproverKeys),
    onApprovals(RegisterApproverKey),
    onApprovals(WithdrawApproverKey),
    carriesOut('approval-policy.change', ChangeApprovalPolicy, async (useCase, actor, { operation, policy }) => {
      await useCase.execute(actor, { operation, policy });
      return null;
    }),
  ],
})
export class ApprovalsModule implements OnApplicationBootstrap {
  readonly #parts: ApprovalParts;
  constructor(@Inject(ApprovalParts) parts: ApprovalParts) {
    this.#parts = parts;
  }

  /** An operation that could be approved and never be carried out must not be offered. */
  onApplicationBootstrap(): void {
    const missing = this.#parts.carryOut.missing();
    if (missing.length > 0) throw new Error(`nobody carries out ${missing.join(', ')}`);
  }
}
