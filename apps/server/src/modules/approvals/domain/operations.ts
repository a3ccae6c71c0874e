import { type ApprovableOperationName, approvalPlans } from '@quantumvault/api';
import { plainText } from '@quantumvault/envelope';
import type { PlanOf } from '../../../kernel/approvals.ts';
import type { Permission } from '../../../kernel/permissions.ts';

interface ApprovableOperation<Name extends ApprovableOperationName> {
  /** What its use case demands first. */
  readonly permission: Permission;
  /** What it does, for who sets policies. */
  readonly sentence: string;
  /** One line for a listing. */
  readonly summary: (plan: PlanOf<Name>) => string;
  /** `requester`: its result goes to the one who asked, so he does it himself when it is approved. */
  readonly runBy: 'server' | 'requester';
}

/** ACC-9: how each operation of the closed list is shown and carried out. */
const operations: { readonly [Name in ApprovableOperationName]: ApprovableOperation<Name> } = {
  'asset.archive': {
    permission: 'asset.archive',
    sentence: 'An asset leaves the inventory and its listings.',
    summary: ({ name, endpoint }) => `Archive the asset ${name} (${endpoint})`,
    runBy: 'server',
  },
  'asset.merge': {
    permission: 'asset.archive',
    sentence: 'An asset becomes a part of another one.',
    summary: ({ name, intoName }) => `Merge the asset ${name} into ${intoName}`,
    runBy: 'server',
  },
  'asset.withdraw': {
    permission: 'asset.archive',
    sentence: 'An asset that was a mistake leaves the inventory.',
    summary: ({ name, endpoint }) => `Withdraw the asset ${name} (${endpoint})`,
    runBy: 'server',
  },
  'policy.delete': {
    permission: 'policy.delete',
    sentence: 'A protection policy is deleted.',
    summary: ({ name, version }) => `Delete version ${version} of the protection policy ${name}`,
    runBy: 'server',
  },
  'protection.undo': {
    permission: 'asset.protect',
    sentence: 'A protection is taken back: what it made is withdrawn.',
    summary: ({ name, artifactKind }) => `Take the protection of ${name} back (${artifactKind})`,
    runBy: 'server',
  },
  'job.cancel': {
    permission: 'job.cancel',
    sentence: 'A job is cancelled.',
    summary: ({ kind, jobId }) => `Cancel the job ${jobId} (${kind})`,
    runBy: 'server',
  },
  'scan.internal': {
    permission: 'asset.scan',
    sentence: 'The server scans addresses of an internal network.',
    summary: ({ targets, profile, scanId }) =>
      `${scanId === null ? 'Scan' : 'Go on scanning'} ${targets.length === 1 ? targets[0] : `${targets.length} targets`} inside (${profile})`,
    runBy: 'server',
  },
  'audit.export': {
    permission: 'audit.read',
    sentence: 'The audit log is taken away.',
    summary: ({ scope }) =>
      `Export the audit log of ${scope === 'all' ? 'the whole installation' : 'the organization'}`,
    runBy: 'requester',
  },
  'grant.create': {
    permission: 'grant.create',
    sentence: 'Somebody is given a role, or denied one.',
    summary: ({ effect, role, subjectName }) =>
      `${effect === 'allow' ? 'Give' : 'Deny'} the role ${role} to ${subjectName}`,
    runBy: 'server',
  },
  'grant.revoke': {
    permission: 'grant.revoke',
    sentence: 'A grant is revoked, or a denial lifted.',
    summary: ({ effect, role, subjectName }) =>
      effect === 'allow'
        ? `Take the role ${role} from ${subjectName}`
        : `Lift the denial of ${role} from ${subjectName}`,
    runBy: 'server',
  },
  'role.update': {
    permission: 'role.update',
    sentence: 'A custom role is changed, for everybody who holds it.',
    summary: ({ name, version }) => `Change version ${version} of the role ${name}`,
    runBy: 'server',
  },
  'user.offboard': {
    permission: 'user.offboard',
    sentence: 'All that a user has is taken away, for good.',
    summary: ({ name, email }) => `Off-board ${name} (${email})`,
    runBy: 'server',
  },
  'approval-policy.change': {
    permission: 'approval-policy.update',
    sentence: 'What is under approval, or what an approval demands, is changed.',
    summary: ({ operation, policy }) =>
      policy === null ? `Free ${operation} of approval` : `Change what the approval of ${operation} demands`,
    runBy: 'server',
  },
};

type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [field: string]: JsonValue };
/** A stored plan, before it is read as one of its operation. */
export type PlanFields = { readonly [field: string]: JsonValue };

export const isRunByServer = (operation: ApprovableOperationName): boolean => operations[operation].runBy === 'server';
export const permissionOf = (operation: ApprovableOperationName): Permission => operations[operation].permission;
export const sentenceOf = (operation: ApprovableOperationName): string => operations[operation].sentence;

/** Throws when the plan has other fields than its operation declares: a mistake of the use case, or a row that was tampered with. */
export function parsePlan<Name extends ApprovableOperationName>(operation: Name, plan: unknown): PlanOf<Name> {
  return approvalPlans[operation].parse(plan) as PlanOf<Name>;
}

/** A plan as it is stored and hashed: what a use case left undefined is not there. */
export function fieldsOf<Name extends ApprovableOperationName>(operation: Name, plan: PlanOf<Name>): PlanFields {
  return JSON.parse(JSON.stringify(parsePlan(operation, plan)));
}

/** One line of the operation's own words; a name in it can neither end the line nor turn the words around it. */
export function summaryOf<Name extends ApprovableOperationName>(operation: Name, plan: unknown): string {
  const shown: PlanOf<Name> = JSON.parse(JSON.stringify(parsePlan(operation, plan)), (_field, value: unknown) =>
    typeof value === 'string' ? plainText(value) : value,
  );
  return operations[operation].summary(shown);
}
