import { z } from 'zod';
import { idSchema, instantSchema, pageQuery } from './primitives.ts';

export const certificateMatchSchema = z.enum(['certificate', 'names']).meta({
  description:
    'certificate: this one alone; names: every one with the same issuer and subject, so that it may be renewed',
});

export const clientCertificateSchema = z.strictObject({
  id: idSchema,
  subjectId: idSchema.meta({ description: 'The service account or device that it stands for' }),
  match: certificateMatchSchema,
  subjectName: z.string(),
  issuerName: z.string(),
  notAfter: instantSchema.meta({ description: 'Of the certificate that was bound' }),
  permissions: z.array(z.string()).meta({ description: 'The most that it may; what it may is granted to the subject' }),
  createdBy: idSchema,
  createdAt: instantSchema,
});
export type ClientCertificateView = z.infer<typeof clientCertificateSchema>;

export const listClientCertificatesQuery = z.strictObject({ ...pageQuery, subjectId: idSchema.optional() });
export const bindClientCertificateBody = z.strictObject({
  subjectId: idSchema,
  match: certificateMatchSchema.default('certificate'),
  certificate: z
    .string()
    .min(1)
    .max(64_000)
    .regex(/^[A-Za-z0-9+/=\-\s]+$/)
    .meta({ description: 'One certificate in PEM', examples: ['-----BEGIN CERTIFICATE-----\n'] }),
});
