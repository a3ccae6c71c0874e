export type { StatusSource } from './get-status.ts';
export type { HealthCheck, PartHealth } from './health.ts';
export { OperationsModule } from './operations.module.ts';
export { HEALTH_CHECKS, SERVER_FACTS, STATUS_SOURCE } from './operations.tokens.ts';
export { readRunFile } from './run-file.ts';
export type { ServerFacts } from './server-facts.ts';
