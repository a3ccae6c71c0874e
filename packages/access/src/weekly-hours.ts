import type { WeeklyHours } from '@quantumvault/api';

/**
 * Hours of a week by the clock on the wall of a named time zone (ACC-7): "Monday to Friday, 08:00 to 18:00 in Berlin"
 * stays that when summer time begins. An hour that summer time leaves out never comes; one that it repeats counts twice.
 * A window begins with the minute `from` and ends before the minute `to`: on the next day, when `to` is not after `from`.
 */
const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Whether an instant lies in the hours; null when this runtime does not know the time zone. */
export type WeeklyCheck = (atMs: number) => boolean | null;

export function compileWeeklyHours({ timeZone, windows }: WeeklyHours): WeeklyCheck {
  const spans = windows.flatMap(({ days, from, to }) => {
    const start = minuteOfDay(from);
    const length = (minuteOfDay(to) - start + dayMinutes) % dayMinutes || dayMinutes;
    return days.map((day) => ({ start: (day - 1) * dayMinutes + start, length }));
  });
  return (atMs) => {
    const minute = minuteOfWeek(timeZone, atMs);
    if (minute === null) return null;
    return spans.some(({ start, length }) => (minute - start + weekMinutes) % weekMinutes < length);
  };
}

function minuteOfDay(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}

interface ZoneClock {
  readonly format: Intl.DateTimeFormat;
  /** What was computed last: thousands of grants ask for the same minute. */
  epochMinute: number;
  minuteOfWeek: number;
}

const zoneClocks = new Map<string, ZoneClock>();
// Every zone that exists, several times over; names come from administrators.
const zoneClocksMax = 2_000;

export function isTimeZone(name: string): boolean {
  return clockOf(name) !== null;
}

function clockOf(timeZone: string): ZoneClock | null {
  const known = zoneClocks.get(timeZone);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat;
  try {
    const parts = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone, ...parts });
  } catch {
    return null;
  }
  if (zoneClocks.size >= zoneClocksMax) zoneClocks.clear();
  const clock: ZoneClock = { format, epochMinute: Number.NaN, minuteOfWeek: 0 };
  zoneClocks.set(timeZone, clock);
  return clock;
}

/** Offsets of zones are whole minutes, so a minute of the world is a minute of the zone. */
function minuteOfWeek(timeZone: string, atMs: number): number | null {
  const clock = clockOf(timeZone);
  if (clock === null) return null;
  const epochMinute = Math.floor(atMs / 60_000);
  if (clock.epochMinute !== epochMinute) {
    const parts = clock.format.formatToParts(atMs);
    const part = (type: string): string => parts.find((found) => found.type === type)?.value ?? '';
    const day = weekdays.indexOf(part('weekday'));
    clock.minuteOfWeek = day * dayMinutes + Number(part('hour')) * 60 + Number(part('minute'));
    clock.epochMinute = epochMinute;
  }
  return clock.minuteOfWeek;
}
