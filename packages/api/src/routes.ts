import { accessRoutes } from './routes/access.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { assetsRoutes } from './routes/assets.ts';
import { auditRoutes } from './routes/audit.ts';
import { clientCertificateRoutes } from './routes/client-certificates.ts';
import { credentialRoutes } from './routes/credentials.ts';
import { deviceRoutes } from './routes/devices.ts';
import { jobsRoutes } from './routes/jobs.ts';
import { overviewRoutes } from './routes/overview.ts';
import { peopleRoutes } from './routes/people.ts';
import { platformRoutes } from './routes/platform.ts';
import { policiesRoutes } from './routes/policies.ts';
import { protectionRoutes } from './routes/protection.ts';
import { quotaRoutes } from './routes/quotas.ts';
import { scanRoutes } from './routes/scans.ts';
import { schedulesRoutes } from './routes/schedules.ts';
import { secondFactorRoutes } from './routes/second-factors.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { temporaryAccessRoutes } from './routes/temporary-access.ts';
import { tenancyRoutes } from './routes/tenancy.ts';

/** Every route of the REST interface (IFC-1). `/api` grows by addition only; `/v1` is left free for the Vault API (IFC-6). */
export const routes = {
  ...platformRoutes,
  ...tenancyRoutes,
  ...quotaRoutes,
  ...assetsRoutes,
  ...scanRoutes,
  ...overviewRoutes,
  ...approvalRoutes,
  ...accessRoutes,
  ...temporaryAccessRoutes,
  ...signInRoutes,
  ...secondFactorRoutes,
  ...credentialRoutes,
  ...deviceRoutes,
  ...clientCertificateRoutes,
  ...peopleRoutes,
  ...protectionRoutes,
  ...policiesRoutes,
  ...jobsRoutes,
  ...schedulesRoutes,
  ...auditRoutes,
} as const;

export type Routes = typeof routes;
export type RouteId = keyof Routes;
