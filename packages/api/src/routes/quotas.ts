import { may, route } from '../contract.ts';
import { idParams } from '../schemas/primitives.ts';
import { changeQuotasBody, quotasSchema } from '../schemas/quotas.ts';

const tag = 'tenancy';

/** Routes of quotas (ACC-13); a part of `routes`. */
export const quotaRoutes = {
  getQuotas: route({
    id: 'getQuotas',
    method: 'GET',
    path: '/api/organizations/{id}/quotas',
    ...may('quota.read'),
    tag,
    summary: 'What the own organization may have and what it uses; that of any for platform administrators',
    params: idParams,
    success: { status: 200, description: 'The quotas', schema: quotasSchema },
  }),
  changeQuotas: route({
    id: 'changeQuotas',
    method: 'PATCH',
    path: '/api/organizations/{id}/quotas',
    ...may('quota.update'),
    stepUp: true,
    tag,
    summary: 'Set quotas of an organization, or take them back to the settings; for platform administrators',
    params: idParams,
    body: changeQuotasBody,
    success: { status: 200, description: 'The quotas', schema: quotasSchema },
  }),
} as const;
