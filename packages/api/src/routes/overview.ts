import { may, route } from '../contract.ts';
import { overviewSchema } from '../schemas/overview.ts';

/** Routes of the overview (IFC-5); a part of `routes`. */
export const overviewRoutes = {
  getOverview: route({
    id: 'getOverview',
    method: 'GET',
    path: '/api/overview',
    ...may('asset.read'),
    tag: 'assets',
    summary: 'Assets by risk and quantum readiness, how they went day by day, and what ends soon',
    success: { status: 200, description: 'The overview', schema: overviewSchema },
  }),
} as const;
