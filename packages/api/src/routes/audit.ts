import { may, route } from '../contract.ts';
import * as audit from '../schemas/audit.ts';
import { idParams, pageOf } from '../schemas/primitives.ts';

/** Routes of the audit log; a part of `routes`. */
export const auditRoutes = {
  listAudit: route({
    id: 'listAudit',
    method: 'GET',
    path: '/api/audit',
    ...may('audit.read'),
    tag: 'audit',
    watch: 'new-items',
    summary: "The organization's audit events, newest first",
    query: audit.listAuditQuery,
    success: { status: 200, description: 'A page', schema: pageOf(audit.auditEventSchema) },
  }),
  verifyAuditChain: route({
    id: 'verifyAuditChain',
    method: 'GET',
    path: '/api/audit/chain/verify',
    ...may('audit.read'),
    tag: 'audit',
    summary: "Verify the organization's hash chain and its place in the log against the outside checkpoint",
    success: { status: 200, description: 'The verdict', schema: audit.chainVerificationSchema },
  }),
  exportAudit: route({
    id: 'exportAudit',
    method: 'GET',
    path: '/api/audit/export',
    ...may('audit.read'),
    tag: 'audit',
    summary: 'The log as JSON Lines, verifiable offline (docs/spec/audit-export.md)',
    query: audit.exportAuditQuery,
    success: { status: 200, description: 'JSON Lines', mediaType: 'application/jsonl' },
  }),
  getAuditEvent: route({
    id: 'getAuditEvent',
    method: 'GET',
    path: '/api/audit/events/{id}',
    ...may('audit.read'),
    tag: 'audit',
    summary: 'One audit event',
    params: idParams,
    success: { status: 200, description: 'The event', schema: audit.auditEventSchema },
  }),
  getLogKeys: route({
    id: 'getLogKeys',
    method: 'GET',
    path: '/api/audit/log-keys',
    ...may('audit.read'),
    tag: 'audit',
    summary: 'Public keys of the log, to verify checkpoints and proofs with',
    success: { status: 200, description: 'The keys', schema: audit.logKeysSchema },
  }),
  proveAuditEvent: route({
    id: 'proveAuditEvent',
    method: 'GET',
    path: '/api/audit/events/{id}/proof',
    ...may('audit.read'),
    tag: 'audit',
    summary: 'Inclusion proof of one event under a signed checkpoint',
    params: idParams,
    success: { status: 200, description: 'The proof', schema: audit.auditProofSchema },
  }),
} as const;
