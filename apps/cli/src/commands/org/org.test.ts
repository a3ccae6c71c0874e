import { expect, it } from 'vitest';
import { openWorkplace, transcriptOf } from '../../../test/run-qv.ts';
import { idOf, page } from '../../../test/samples.ts';

const createdAt = '2026-11-24T11:59:58.123Z';
const organization = { id: idOf(1), name: 'Rivers', status: 'active' as const, createdAt, version: 1 };
const environment = { id: idOf(2), name: 'shop', type: 'staging' as const, createdAt, version: 1 };
const project = { id: idOf(3), environmentId: idOf(2), name: 'checkout', createdAt, version: 1 };
const service = { id: idOf(4), environmentId: idOf(2), projectId: idOf(3), name: 'payments', createdAt, version: 1 };
const quotas = [
  { kind: 'requests-per-minute' as const, limit: 60_000, used: null, isOverride: false },
  { kind: 'assets' as const, limit: 2_000_000, used: 17, isOverride: false },
];
const whoAmI = () => ({
  value: {
    actorId: idOf(9),
    organizationId: idOf(1),
    kind: 'user' as const,
    credential: 'api-key' as const,
    roles: ['organization-admin'],
    permissions: [],
  },
});

it('IFC-4: organizations read like a terminal', async () => {
  await using workplace = await openWorkplace({
    whoAmI,
    getOrganization: () => ({ value: organization, etag: '"1"' }),
    listOrganizations: () => ({ value: page([organization, { ...organization, id: idOf(5), status: 'suspended' }]) }),
    createOrganization: () => ({
      value: {
        organization,
        environmentId: idOf(2),
        administrator: { id: idOf(9), email: 'first@example.org', apiKey: 'qv_aaaaaaaaaaaa_shown-once' },
      },
    }),
    renameOrganization: ({ body }) => ({ value: { ...organization, ...Object(body), version: 2 } }),
    suspendOrganization: () => ({ value: { ...organization, status: 'suspended' } }),
    resumeOrganization: () => ({ value: organization }),
    getQuotas: () => ({ value: { items: quotas } }),
    changeQuotas: ({ body }) => ({
      value: {
        items: quotas.map((one) => {
          const { [one.kind]: limit } = Object(body);
          return limit === undefined ? one : { ...one, limit, isOverride: true };
        }),
      },
    }),
  });
  const commands = [
    'org',
    'org list',
    'org create Rivers --administrator first@example.org',
    'org rename Streams',
    `org suspend ${idOf(1)}`,
    `org resume ${idOf(1)}`,
    'org quota',
    `org quota ${idOf(1)} --set assets=100`,
    'org quota --set assets=100',
    `org quota ${idOf(1)} --set assets=many`,
    `org quota ${idOf(1)} --set requests-per-minute=0`,
    `org quota ${idOf(1)} --set gold=1`,
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../../test/transcripts/org.txt');
});

it('IFC-4: the hierarchy reads like a terminal', async () => {
  await using workplace = await openWorkplace({
    listEnvironments: () => ({ value: page([environment]) }),
    createEnvironment: () => ({ value: environment }),
    getEnvironment: () => ({ value: environment, etag: '"1"' }),
    changeEnvironment: ({ body }) => ({ value: { ...environment, ...Object(body), version: 2 } }),
    deleteEnvironment: () => ({ value: undefined }),
    listProjects: () => ({ value: page([project]) }),
    createProject: () => ({ value: project }),
    getProject: () => ({ value: project, etag: '"1"' }),
    renameProject: ({ body }) => ({ value: { ...project, ...Object(body), version: 2 } }),
    deleteProject: () => ({ value: undefined }),
    listServices: () => ({ value: page([service]) }),
    createService: () => ({ value: service }),
    getService: () => ({ value: service, etag: '"1"' }),
    renameService: ({ body }) => ({ value: { ...service, ...Object(body), version: 2 } }),
    deleteService: () => ({ value: undefined }),
  });
  const commands = [
    'environments',
    'environments create shop --type staging',
    `environments rename ${environment.name} store`,
    `environments show ${environment.name}`,
    `environments delete ${environment.name}`,
    `environments delete ${environment.name} --yes`,
    `projects --environment ${environment.name}`,
    `projects create checkout --environment ${environment.name}`,
    `projects rename ${project.name} till`,
    `projects show ${project.name}`,
    `projects delete ${project.name}`,
    `projects delete ${project.name} --yes`,
    `services --project ${project.id}`,
    `services create payments --project ${project.id}`,
    `services rename ${service.name} cards`,
    `services show ${service.name}`,
    `services delete ${service.name}`,
    `services delete ${service.name} --yes`,
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../../test/transcripts/places.txt');
});

it.each([
  ['org create Rivers', '--administrator'],
  ['org create Rivers --administrator nobody', '--administrator'],
  ['org create Rivers --administrator a@example.org --environment-type moon', '--environment-type'],
  ['org suspend Rivers', 'not the id of an organization'],
  ['environments create shop --type moon', '--type'],
  [`services delete ${service.id}`, '--yes'],
])('%s is wrong use', async (command, named) => {
  await using workplace = await openWorkplace({ whoAmI, getService: () => ({ value: service }) });
  const { exitCode, err } = await workplace.qv(command);
  expect(exitCode).toBe(2);
  expect(err).toContain(named);
});
