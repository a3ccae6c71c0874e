export { agilityOf, algorithmRegistry, riskOf, type StoredAsset } from './domain/asset.ts';
export { assetPlan } from './domain/asset-plan.ts';
export { inventoryErrors } from './domain/errors.ts';
export { InventoryModule } from './inventory.module.ts';
export type { PlanTlsScan } from './plan-tls-scan.ts';
export type { AssetRepository } from './ports/asset-repository.ts';
export { ScanTlsJob } from './scan-tls-job.ts';
export { ASSET_REPOSITORY, PLAN_TLS_SCAN } from './tokens.ts';
