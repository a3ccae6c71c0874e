export { protectionErrors } from './domain/errors.ts';
export type { PlanProtectionJob } from './plan-protection-job.ts';
export { ProtectAssetJob } from './protect-asset-job.ts';
export { PLAN_PROTECTION_JOB, ProtectionModule, seedBuiltInPolicies } from './protection.module.ts';
