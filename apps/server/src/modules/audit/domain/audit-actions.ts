/**
 * AUD-2: the closed catalogue of audit actions, `noun.verb` with what each one states. An action that is not here is
 * refused before its effect; docs/reference/audit-actions.md is generated from this table.
 */
export const auditActions = {
  'installation.created': 'A new root of trust was made: installation id, root key, keys of the log.',
  'server.started': 'A process of this installation began to serve.',
  'server.stopped': 'A process of this installation ended in order.',
  'listener.reloaded': 'The listener serves another certificate, key or list of authorities.',
  'root-key.unsealed': 'The root key was brought into memory.',
  'organization.created': 'An organization was created, with its key-encryption key and first environment.',
  'user.created': 'A user was created.',
  'role.assigned': 'A role was given to a user.',
  'api-key.created': 'An API key was made for a user.',
  'auth.refused': 'Requests without valid credentials, counted per address and minute.',
  'access.refused': 'A known actor asked for something that it may not do.',
  'asset.created': 'An asset was recorded by hand.',
  'asset.discovered': 'A scan found an asset that was not known.',
  'asset.observed': 'A scan found a known asset again; its evidence and risk are new.',
  'asset.classified': "An asset's sensitivity, exposure, lifetime, owner or tags were changed.",
  'asset.archived': 'An asset was archived.',
  'asset.merged': 'An asset was merged into another one that is the same thing.',
  'asset.withdrawn': 'An asset that was a mistake was withdrawn.',
  'scan.started': 'A job began a scan.',
  'scan.resumed': 'A job went on with a scan.',
  'scan.recorded': 'A part of a scan was kept.',
  'finding.accepted': 'A finding of an asset was accepted for a time.',
  'finding.unaccepted': 'The acceptance of a finding was taken back.',
  'policy.created': 'A protection policy was created.',
  'policy.updated': 'A protection policy got a new version.',
  'policy.deleted': 'A protection policy that nothing uses was deleted.',
  'job.created': 'A job was accepted.',
  'job.started': 'A job was claimed for the first time.',
  'job.resumed': 'A job was claimed again after its worker was lost or an attempt failed.',
  'job.completed': 'A job ended; outcome success, or failed with the reason.',
  'job.cancelled': 'A job was cancelled.',
  'schedule.created': 'A schedule was created: work that comes back by the clock.',
  'schedule.updated': 'A schedule was changed, paused or resumed.',
  'schedule.deleted': 'A schedule was deleted; the jobs that it asked for stay.',
  'schedule.skipped': 'A schedule was due while its last job had not ended; this time asks for none.',
  'schedule.disabled': 'The server paused a schedule that can ask for nothing any more, with the reason.',
  'data-key.unwrapped': 'The data key of a protected data store was unwrapped for a caller.',
  'tls-bundle.read': 'Private key and certificate of a protected TLS endpoint were handed to a caller.',
  'certificate.read': 'Private key and certificate of a protected certificate were handed to a caller.',
  'certificate.imported': 'The chain that an authority issued for a request was taken in.',
  'protection.undone': 'A protection was taken back: what it made is withdrawn, the profile is the former one.',
  'token.signed': 'A token was signed with a key of a protected API or token issuer.',
  'audit.exported': 'Leaves of the log were exported.',
  'tenant.head': "States the sequence and leaf hash of a tenant's newest leaf, so that a cut tail shows.",
} as const;

export type AuditAction = keyof typeof auditActions;

export const isAuditAction = (text: string): text is AuditAction => Object.hasOwn(auditActions, text);
