import { may, route } from '../contract.ts';
import * as certificates from '../schemas/client-certificates.ts';
import { idParams, pageOf } from '../schemas/primitives.ts';

/** Certificates by which machines are known to the listener (ACC-2). */
export const clientCertificateRoutes = {
  listClientCertificates: route({
    id: 'listClientCertificates',
    method: 'GET',
    path: '/api/client-certificates',
    ...may('client-certificate.read'),
    tag: 'client-certificates',
    summary: 'Certificates that stand for service accounts and devices, newest first',
    query: certificates.listClientCertificatesQuery,
    success: { status: 200, description: 'A page', schema: pageOf(certificates.clientCertificateSchema) },
  }),
  bindClientCertificate: route({
    id: 'bindClientCertificate',
    method: 'POST',
    path: '/api/client-certificates',
    ...may('client-certificate.bind'),
    stepUp: true,
    tag: 'client-certificates',
    summary: 'Let a certificate stand for a service account or a device',
    body: certificates.bindClientCertificateBody,
    success: { status: 201, description: 'Bound', schema: certificates.clientCertificateSchema },
  }),
  unbindClientCertificate: route({
    id: 'unbindClientCertificate',
    method: 'DELETE',
    path: '/api/client-certificates/{id}',
    ...may('client-certificate.unbind'),
    tag: 'client-certificates',
    summary: 'Let a certificate stand for nobody, from the next request on',
    params: idParams,
    success: { status: 204, description: 'Unbound' },
  }),
} as const;
