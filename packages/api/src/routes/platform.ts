import { may, route } from '../contract.ts';
import * as platform from '../schemas/platform.ts';

/** Routes of the process itself and of who asks; a part of `routes`. */
export const platformRoutes = {
  healthLive: route({
    id: 'healthLive',
    method: 'GET',
    path: '/health/live',
    auth: 'none',
    tag: 'health',
    summary: 'The process runs',
    success: { status: 200, description: 'Alive', schema: platform.healthSchema },
  }),
  healthReady: route({
    id: 'healthReady',
    method: 'GET',
    path: '/health/ready',
    auth: 'none',
    tag: 'health',
    summary: 'All that this process needs is there: 200, else 503',
    success: { status: 200, description: 'Ready', schema: platform.healthSchema },
  }),
  whoAmI: route({
    id: 'whoAmI',
    method: 'GET',
    path: '/api/whoami',
    ...may('identity.read'),
    tag: 'identity',
    summary: 'The actor behind the key, with roles and permissions',
    success: { status: 200, description: 'The actor', schema: platform.whoAmISchema },
  }),
  getStatus: route({
    id: 'getStatus',
    method: 'GET',
    path: '/api/status',
    ...may('status.read'),
    tag: 'operations',
    summary: 'Version, health, database, audit log, jobs and memory',
    success: { status: 200, description: 'Status', schema: platform.statusSchema },
  }),
} as const;
