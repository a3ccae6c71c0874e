export {
  AuditModule,
  type AuditReading,
  createAuditReading,
  createSequencer,
} from './audit.module.ts';
export { type AuditAction, auditActions } from './domain/audit-actions.ts';
export { auditErrors } from './domain/errors.ts';
export { PostgresAuditAppender } from './recording/audit-appender.ts';
export { AuthRefusals } from './recording/auth-refusals.ts';
export { PlatformAudit } from './recording/platform-audit.ts';
export { Sequencer, type SequencerState } from './sequencer/sequencer.ts';
