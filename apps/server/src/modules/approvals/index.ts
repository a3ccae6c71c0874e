export { ApprovalParts, ApprovalsModule, requestRevocation } from './approvals.module.ts';
export { approvalErrors } from './domain/errors.ts';
