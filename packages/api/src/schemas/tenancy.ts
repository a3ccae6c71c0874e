import { z } from 'zod';
import { idSchema, instantSchema, pageQuery, textSchema } from './primitives.ts';

const nameSchema = textSchema(200);
const environmentTypeSchema = z.enum(['production', 'staging', 'development', 'local']);

/** ACC-1: organization > environment > project > service. The organization is the tenant. */
export const organizationSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  status: z
    .enum(['active', 'suspended'])
    .meta({ description: 'A suspended organization answers nobody who belongs to it' }),
  createdAt: instantSchema,
  version: z.number().int(),
});

export const projectSchema = z.strictObject({
  id: idSchema,
  environmentId: idSchema,
  name: z.string(),
  createdAt: instantSchema,
  version: z.number().int(),
});

export const serviceSchema = z.strictObject({
  id: idSchema,
  environmentId: idSchema,
  projectId: idSchema,
  name: z.string(),
  createdAt: instantSchema,
  version: z.number().int(),
});

export const createOrganizationBody = z.strictObject({
  name: nameSchema,
  environment: z
    .strictObject({ name: nameSchema, type: environmentTypeSchema })
    .default({ name: 'production', type: 'production' })
    .meta({ description: 'Its first environment' }),
  administrator: z.strictObject({
    email: z
      .email()
      .max(320)
      .meta({ examples: ['first@example.org'] }),
  }),
});

/** What the first administrator signs in with is shown once: a repetition of the request answers with null. */
export const createdOrganizationSchema = z.strictObject({
  organization: organizationSchema,
  environmentId: idSchema,
  administrator: z.strictObject({ id: idSchema, email: z.string(), apiKey: z.string().nullable() }),
});

export const renameBody = z.strictObject({ name: nameSchema });

export const createEnvironmentBody = z.strictObject({ name: nameSchema, type: environmentTypeSchema });
export const changeEnvironmentBody = z
  .strictObject({ name: nameSchema.optional(), type: environmentTypeSchema.optional() })
  .refine((body) => Object.keys(body).length > 0, 'at least one field');

export const createProjectBody = z.strictObject({ environmentId: idSchema, name: nameSchema });
export const listProjectsQuery = z.strictObject({
  ...pageQuery,
  environmentId: idSchema.optional().meta({ description: 'Only those of this environment' }),
});

export const createServiceBody = z.strictObject({ projectId: idSchema, name: nameSchema });
export const listServicesQuery = z.strictObject({
  ...pageQuery,
  projectId: idSchema.optional().meta({ description: 'Only those of this project' }),
});

export type OrganizationView = z.infer<typeof organizationSchema>;
export type ProjectView = z.infer<typeof projectSchema>;
export type ServiceView = z.infer<typeof serviceSchema>;
