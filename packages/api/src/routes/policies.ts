import { may, route } from '../contract.ts';
import * as policies from '../schemas/policies.ts';
import { idParams, pageOf } from '../schemas/primitives.ts';

/** Routes of policies; a part of `routes`. */
export const policiesRoutes = {
  listPolicies: route({
    id: 'listPolicies',
    method: 'GET',
    path: '/api/policies',
    ...may('policy.read'),
    tag: 'policies',
    summary: 'Protection policies',
    query: policies.listPoliciesQuery,
    success: { status: 200, description: 'A page', schema: pageOf(policies.policySchema) },
  }),
  getPolicy: route({
    id: 'getPolicy',
    method: 'GET',
    path: '/api/policies/{id}',
    ...may('policy.read'),
    tag: 'policies',
    etag: true,
    summary: 'One protection policy',
    params: idParams,
    success: { status: 200, description: 'The policy', schema: policies.policySchema },
  }),
  createPolicy: route({
    id: 'createPolicy',
    method: 'POST',
    path: '/api/policies',
    ...may('policy.create'),
    tag: 'policies',
    idempotent: true,
    etag: true,
    summary: 'Create a protection policy',
    body: policies.createPolicyBody,
    success: { status: 201, description: 'Created', schema: policies.policySchema },
  }),
  updatePolicy: route({
    id: 'updatePolicy',
    method: 'PATCH',
    path: '/api/policies/{id}',
    ...may('policy.update'),
    tag: 'policies',
    ifMatch: true,
    etag: true,
    summary: 'Change a protection policy: a new version, the old one stays readable',
    params: idParams,
    body: policies.updatePolicyBody,
    success: { status: 200, description: 'The policy', schema: policies.policySchema },
  }),
  deletePolicy: route({
    id: 'deletePolicy',
    method: 'DELETE',
    path: '/api/policies/{id}',
    ...may('policy.delete'),
    tag: 'policies',
    summary: 'Delete a protection policy that no asset or job uses',
    params: idParams,
    success: { status: 204, description: 'Deleted' },
  }),
} as const;
