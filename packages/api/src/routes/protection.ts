import { z } from 'zod';
import { may, route } from '../contract.ts';
import * as history from '../schemas/asset-history.ts';
import * as assets from '../schemas/assets.ts';
import * as jobs from '../schemas/jobs.ts';
import { idParams, pageOf } from '../schemas/primitives.ts';
import * as protection from '../schemas/protection.ts';

/** Routes of what protects an asset; a part of `routes`. */
export const protectionRoutes = {
  applyPolicy: route({
    id: 'applyPolicy',
    method: 'POST',
    path: '/api/assets/{id}/apply-policy',
    ...may('asset.protect'),
    tag: 'assets',
    idempotent: true,
    summary: 'Protect an asset as a protection policy says, as a job; or only simulate it',
    params: idParams,
    body: assets.applyPolicyBody,
    success: {
      status: 202,
      description: 'Accepted, or simulated',
      schema: z.strictObject({ job: jobs.jobSchema.nullable(), simulation: assets.simulationSchema }),
    },
  }),
  listProtections: route({
    id: 'listProtections',
    method: 'GET',
    path: '/api/assets/{id}/protections',
    ...may('asset.read'),
    tag: 'protection',
    summary: 'What protection jobs made for an asset and what protected it before each, newest first',
    params: idParams,
    query: history.assetHistoryQuery,
    success: { status: 200, description: 'A page', schema: pageOf(history.assetProtectionSchema) },
  }),
  getDataKey: route({
    id: 'getDataKey',
    method: 'GET',
    path: '/api/assets/{id}/data-key',
    ...may('asset.read'),
    tag: 'protection',
    summary: "The wrapped data key of a protected data store: public, for the holder of the recipient's private key",
    params: idParams,
    query: assets.dataKeyQuery,
    success: { status: 200, description: 'Wrapped', schema: assets.dataKeySchema },
  }),
  unwrapDataKey: route({
    id: 'unwrapDataKey',
    method: 'POST',
    path: '/api/assets/{id}/data-key/unwrap',
    ...may('data-key.unwrap'),
    tag: 'protection',
    summary: 'Unwrap the data key of a protected data store; the call is audited before it is answered',
    params: idParams,
    query: assets.dataKeyQuery,
    success: { status: 200, description: 'The data key', schema: assets.unwrappedDataKeySchema },
  }),
  getTlsBundle: route({
    id: 'getTlsBundle',
    method: 'POST',
    path: '/api/assets/{id}/tls-bundle',
    ...may('tls-bundle.read'),
    tag: 'protection',
    summary:
      'Private key, certificate, CSR and server options of a protected TLS endpoint; the call is audited before it is answered',
    params: idParams,
    success: { status: 200, description: 'The bundle', schema: assets.tlsBundleSchema },
  }),
  getCertificate: route({
    id: 'getCertificate',
    method: 'POST',
    path: '/api/assets/{id}/certificate',
    ...may('tls-bundle.read'),
    tag: 'protection',
    summary: 'Private key, certificate and CSR of a protected certificate; the call is audited before it is answered',
    params: idParams,
    success: { status: 200, description: 'The certificate', schema: assets.certificateBundleSchema },
  }),
  importIssuedCertificate: route({
    id: 'importIssuedCertificate',
    method: 'POST',
    path: '/api/assets/{id}/issued-certificate',
    ...may('asset.protect'),
    tag: 'protection',
    summary: 'Take in the chain that an authority issued for the request of a TLS endpoint or certificate',
    params: idParams,
    body: assets.issuedCertificateBody,
    success: { status: 200, description: 'Taken in', schema: assets.issuedCertificateSchema },
  }),
  getJwks: route({
    id: 'getJwks',
    method: 'GET',
    path: '/api/assets/{id}/jwks',
    ...may('asset.read'),
    tag: 'protection',
    summary: 'Public signing keys of a protected API or token issuer, as a JWK Set to publish',
    params: idParams,
    success: { status: 200, description: 'The JWK Set', schema: protection.jwksSchema },
  }),
  signToken: route({
    id: 'signToken',
    method: 'POST',
    path: '/api/assets/{id}/sign-token',
    ...may('token.sign'),
    tag: 'protection',
    summary:
      'Sign claims as a JWT with the newest key of a protected API or token issuer; audited before it is answered',
    params: idParams,
    body: protection.signTokenBody,
    success: { status: 200, description: 'The token', schema: protection.signedTokenSchema },
  }),
} as const;
