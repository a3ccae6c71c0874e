import type { JobView } from '@quantumvault/api';

export const kindWord: Readonly<Record<JobView['kind'], string>> = {
  'protect-asset': 'Protect an asset',
  'scan-tls': 'Scan TLS endpoints',
  'undo-protection': 'Undo a protection',
  'scan-certificates': 'Scan certificates',
};

export const statusWord: Readonly<Record<JobView['status'], string>> = {
  pending: 'waiting',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** The color of the word. */
export const statusKind = {
  pending: 'plain',
  running: 'info',
  succeeded: 'success',
  failed: 'danger',
  cancelled: 'warning',
} as const satisfies Readonly<Record<JobView['status'], string>>;

/** What a failure means for what was there before, and what to do next. */
interface Advice {
  readonly safe: string;
  readonly next: string;
}

const advices: Readonly<Record<string, Advice>> = {
  JOBS_REQUESTER_GONE: {
    safe: 'Nothing was done with a right that had ended.',
    next: 'Somebody who may do it asks for it again, or the right is given back first.',
  },
  JOBS_KIND_UNKNOWN: {
    safe: 'Nothing was done.',
    next: 'A newer release has asked for it: bring all processes to that release, then ask again.',
  },
  JOBS_INPUT_INVALID: {
    safe: 'Nothing was done.',
    next: 'Ask for it anew; what was stored cannot be carried out.',
  },
  PROTECTION_NOT_OFFERED: {
    safe: 'The asset is as it was, and no key was made.',
    next: 'Choose a policy with algorithms that this release offers.',
  },
  PROTECTION_POLICY_UNFIT: {
    safe: 'The asset is as it was, and no key was made.',
    next: 'Choose a policy for this type of asset.',
  },
  INVENTORY_ASSET_ARCHIVED: {
    safe: 'The asset is as it was.',
    next: 'It was archived meanwhile; protect the one that took its place.',
  },
};

/** Jobs change everything in one transaction at their end, except for scans, which keep what they find on the way. */
export function adviceOf({ kind, error }: Pick<JobView, 'kind' | 'error'>): Advice {
  const known = advices[error?.code ?? ''];
  if (known !== undefined) return known;
  return kind === 'scan-tls'
    ? {
        safe: 'What was found until then is kept; nothing else was changed.',
        next: 'Go on with the scan from its page: what has an answer is not asked again.',
      }
    : {
        safe: 'Nothing of it took effect: a job changes all or nothing.',
        next: 'Ask for it again. If it fails once more, give the id of the job to whoever runs the server.',
      };
}

const madeWord = {
  'data-key': 'a data key',
  'tls-bundle': 'a TLS bundle',
  jwks: 'a JSON Web Key Set',
  certificate: 'a certificate',
} as const;

/** What came of it, in one line: what went wrong, what was found or made; empty while nothing has. */
export function outcomeOf({ error, result }: Pick<JobView, 'error' | 'result'>): string {
  if (error !== null) return error.message;
  if (result === null) return '';
  if ('artifactKind' in result) return `Made ${madeWord[result.artifactKind]}.`;
  const first = result.assets[0]?.target ?? result.unreachable[0]?.target ?? '';
  if (result.targets > 1) return `${first} and ${result.targets - 1} more`;
  return `${first}: ${result.assets.length === 0 ? 'no answer' : 'answered'}`;
}
