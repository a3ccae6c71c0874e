export { QuotasModule } from './quotas.module.ts';
