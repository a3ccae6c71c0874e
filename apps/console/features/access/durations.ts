const hour = 3_600;

type Choice = readonly (readonly [seconds: string, text: string])[];

/** ACC-8: for how long somebody may ask for a role: 5 minutes to 30 days. */
export const requestDurations: Choice = [
  [String(hour), '1 hour'],
  [String(4 * hour), '4 hours'],
  [String(24 * hour), '1 day'],
  [String(48 * hour), '2 days'],
  [String(7 * 24 * hour), '1 week'],
  [String(30 * 24 * hour), '30 days'],
];

/** ACC-8: for how long a role may be taken in an emergency: 5 minutes to 4 hours. */
export const emergencyDurations: Choice = [
  ['900', '15 minutes'],
  [String(hour), '1 hour'],
  [String(4 * hour), '4 hours'],
];

/** A length of time in words. */
export function durationText(seconds: number): string {
  const [count, unit] =
    seconds % 86_400 === 0
      ? [seconds / 86_400, 'day']
      : seconds % hour === 0
        ? [seconds / hour, 'hour']
        : [Math.round(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
