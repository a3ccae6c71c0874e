/**
 * The REST contract of QuantumVault and the SDK made from it. Routes are values with zod schemas: the server parses
 * with them, OpenAPI is generated from them, and the client below is typed by them. The network is a port (`HttpClient`).
 */
export * from './client.ts';
export * from './client-errors.ts';
export * from './contract.ts';
export * from './device-proof.ts';
export { openApiDocument } from './openapi.ts';
export * from './permissions.ts';
export { type RouteId, type Routes, routes } from './routes.ts';
export * from './schemas/access.ts';
export * from './schemas/approval-plans.ts';
export * from './schemas/approval-policies.ts';
export * from './schemas/approvals.ts';
export * from './schemas/asset-history.ts';
export * from './schemas/assets.ts';
export * from './schemas/audit.ts';
export * from './schemas/client-certificates.ts';
export * from './schemas/credentials.ts';
export * from './schemas/devices.ts';
export * from './schemas/jobs.ts';
export * from './schemas/overview.ts';
export * from './schemas/people.ts';
export * from './schemas/platform.ts';
export * from './schemas/policies.ts';
export * from './schemas/primitives.ts';
export * from './schemas/protection.ts';
export * from './schemas/quotas.ts';
export * from './schemas/scans.ts';
export * from './schemas/schedules.ts';
export * from './schemas/second-factors.ts';
export * from './schemas/security.ts';
export * from './schemas/sign-in.ts';
export * from './schemas/temporary-access.ts';
export * from './schemas/tenancy.ts';
