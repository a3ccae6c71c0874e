export { ApprovalParts, ApprovalsModule } from './approvals.module.ts';
export { approvalErrors } from './domain/errors.ts';
