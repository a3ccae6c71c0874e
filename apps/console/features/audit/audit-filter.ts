/** What the explorer shows, as its address says it: links to it can be kept and passed on. */
export interface AuditFilter {
  readonly resourceId: string | undefined;
  readonly action: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const actionPattern = /^(?=.{3,64}$)[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/;
const dayMs = 86_400_000;

/** Days that end now, by the name that a link may have: `?last=7`. */
export const periods = [
  { days: 1, label: 'Last day' },
  { days: 7, label: 'Last week' },
  { days: 30, label: 'Last 30 days' },
] as const;

const instantIn = (text: string | null): string | undefined => {
  const ms = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
};
const matching = (text: string | null, pattern: RegExp): string | undefined =>
  text !== null && pattern.test(text) ? text : undefined;

/** Reads an address. What is no value of its kind is passed over: whoever wrote the link, it can only filter. */
export function filterOf(params: URLSearchParams, nowMs: number): AuditFilter {
  const days = periods.find((period) => String(period.days) === params.get('last'))?.days;
  // Whole minutes: a page that is drawn twice asks the same question.
  const now = Math.floor(nowMs / 60_000) * 60_000;
  return {
    resourceId: matching(params.get('resource'), idPattern),
    action: matching(params.get('action'), actionPattern),
    from: days === undefined ? instantIn(params.get('from')) : new Date(now - days * dayMs).toISOString(),
    to: days === undefined ? instantIn(params.get('to')) : undefined,
  };
}

/** The query of the address after a change; an empty value takes the name out. */
export function changedQuery(params: URLSearchParams, changes: Readonly<Record<string, string>>): string {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next.toString();
}
