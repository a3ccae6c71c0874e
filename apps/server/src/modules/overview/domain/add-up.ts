import type { OverviewView } from '@quantumvault/api';
import type { Readiness, RiskBand } from '@quantumvault/inventory';

/** By how much the number of assets of a kind changed on a day. */
export interface TallyChange {
  /** YYYY-MM-DD in UTC; null: at some time before the days that are looked at. */
  readonly day: string | null;
  /** Place in `low, moderate, high, critical`. */
  readonly band: number;
  readonly readiness: Readiness;
  readonly change: number;
}

type Figures = Pick<OverviewView, 'assets' | 'burnDown'>;
type Day = OverviewView['burnDown'][number];

const bands: readonly RiskBand[] = ['low', 'moderate', 'high', 'critical'];
const highFrom = bands.indexOf('high');
const dayMs = 86_400_000;

// A change belongs to the day on which its transaction began: around midnight something can go a day before it came.
const atLeastNone = (count: number): number => Math.max(0, count);

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The first of so many days of which `now` is in the last one. */
export const firstDay = (now: Date, days: number): string => dayOf(now.getTime() - (days - 1) * dayMs);

/**
 * What there is now and how it stood at the end of each day since `since`, or since the first asset if that is later:
 * before it nothing was counted. Days without a change stand as the day before.
 */
export function addUp(changes: readonly TallyChange[], { since, now }: { readonly since: string; readonly now: Date }) {
  const byBand = { low: 0, moderate: 0, high: 0, critical: 0 };
  const byReadiness = { vulnerable: 0, partial: 0, safe: 0, unknown: 0 };
  const perDay = new Map<string, Omit<Day, 'day'>>();
  const stand = { total: 0, vulnerable: 0, highRisk: 0 };
  const add = (to: typeof stand, { band, readiness, change }: TallyChange) => {
    to.total += change;
    if (readiness === 'vulnerable') to.vulnerable += change;
    if (band >= highFrom) to.highRisk += change;
  };
  let first: string | null = null;
  for (const change of changes) {
    const band = bands[change.band];
    if (band !== undefined) byBand[band] += change.change;
    byReadiness[change.readiness] += change.change;
    if (change.day === null) {
      add(stand, change);
      first = since;
      continue;
    }
    const ofDay = perDay.get(change.day) ?? { total: 0, vulnerable: 0, highRisk: 0 };
    add(ofDay, change);
    perDay.set(change.day, ofDay);
    if (first === null || change.day < first) first = change.day;
  }
  const burnDown: Day[] = [];
  const last = dayOf(now.getTime());
  for (let day = first; day !== null && day <= last; day = dayOf(Date.parse(day) + dayMs)) {
    const ofDay = perDay.get(day);
    stand.total += ofDay?.total ?? 0;
    stand.vulnerable += ofDay?.vulnerable ?? 0;
    stand.highRisk += ofDay?.highRisk ?? 0;
    const { total, vulnerable, highRisk } = stand;
    burnDown.push({
      day,
      total: atLeastNone(total),
      vulnerable: atLeastNone(vulnerable),
      highRisk: atLeastNone(highRisk),
    });
  }
  const total = Object.values(byBand).reduce((sum, count) => sum + count, 0);
  return { assets: { total, byBand, byReadiness }, burnDown } satisfies Figures;
}
