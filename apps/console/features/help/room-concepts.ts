import { type Concept, concepts } from './concepts.ts';

/** Which concepts one meets in a room, the most needed first. A test holds every room of the navigation to have some. */
const conceptsByRoom: Readonly<Record<string, readonly string[]>> = {
  '/': ['asset', 'risk-score', 'quantum-readiness', 'job', 'approval', 'health'],
  '/inventory': [
    'asset',
    'risk-score',
    'quantum-readiness',
    'finding',
    'evidence',
    'sensitivity',
    'hybrid',
    'before-after',
    'data-key',
  ],
  '/scans': ['scan', 'finding', 'evidence', 'schedule', 'job'],
  '/schedules': ['schedule', 'scan', 'job'],
  '/policies': ['policy', 'simulation', 'hybrid', 'data-key', 'job', 'undo'],
  '/jobs': ['job', 'undo', 'approval', 'schedule'],
  '/approvals': ['approval', 'plan-hash', 'quorum', 'step-up'],
  '/audit': ['audit-event', 'checkpoint', 'inclusion-proof'],
  '/people': ['invitation', 'grant', 'denial', 'condition', 'explain', 'offboarding'],
  '/roles': ['role', 'permission', 'grant'],
  '/access': ['temporary-access', 'break-glass', 'grant', 'step-up'],
  '/organization': ['environment', 'grant', 'asset'],
  '/machines': ['service-account', 'device', 'api-key'],
  '/api-keys': ['api-key', 'service-account', 'environment'],
  '/settings': ['step-up', 'session', 'lockout', 'approval', 'quorum', 'seal', 'health'],
  '/account': ['passkey', 'one-time-code', 'recovery-code', 'step-up', 'session', 'api-key', 'explain'],
};

export function conceptsOfRoom(path: string): readonly Concept[] {
  return (conceptsByRoom[path] ?? []).flatMap((id) => concepts.find((concept) => concept.id === id) ?? []);
}

/** Every id that is named, also one that is no concept: the test finds those. */
export const namedConcepts = (): readonly string[] => Object.values(conceptsByRoom).flat();
