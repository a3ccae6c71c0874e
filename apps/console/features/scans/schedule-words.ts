import type { ScheduleView } from '@quantumvault/api';

/** When a scan comes back: the usual answers, and what they are to the server. */
export const rhythms = [
  ['0 3 * * *', 'every night at 3'],
  ['0 3 * * 1', 'every Monday at 3'],
  ['0 3 1 * *', 'on the first of each month at 3'],
  ['0 * * * *', 'every hour'],
] as const;

export const rhythmWord = (cron: string): string => rhythms.find(([value]) => value === cron)?.[1] ?? cron;

/** What a schedule asks for, for people. */
export function workWord({ work }: Pick<ScheduleView, 'work'>): string {
  if (work.kind === 'protect-asset') return 'Protect an asset anew';
  const [first = '', ...rest] = work.targets;
  const count = rest.length === 0 ? first : `${first} and ${rest.length} more`;
  return `Scan ${work.profile === 'quick' ? 'quickly ' : ''}${count}`;
}
