export { ApprovalParts, ApprovalsModule, PostgresExpiredRequests, requestRevocation } from './approvals.module.ts';
export { approvalErrors } from './domain/errors.ts';
export { ApprovalExpiry } from './expiry.ts';
