export { protectionErrors } from './domain/errors.ts';
export { ProtectAssetJob } from './protect-asset-job.ts';
export { ProtectionModule, seedBuiltInPolicies } from './protection.module.ts';
