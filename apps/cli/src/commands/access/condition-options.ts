import type { GrantRules } from '@quantumvault/api';
import type { Command } from 'commander';
import { CliError } from '../../errors.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { parseWhole } from '../option-values.ts';

export interface ConditionOptions {
  readonly from?: string;
  readonly until?: string;
  readonly address?: string;
  readonly country?: string;
  readonly device?: string;
  readonly mac?: string;
  readonly mfaAge?: number;
  readonly purpose?: string;
  readonly hours?: readonly string[];
  readonly timeZone?: string;
}

export const conditionNames = {
  notBefore: '--from',
  expiresAt: '--until',
  role: '<role>',
  'rules.addresses': '--address',
  'rules.countries': '--country',
  'rules.devices': '--device',
  'rules.macAddresses': '--mac',
  'rules.mfaMaxAgeSeconds': '--mfa-age',
  'rules.purposes': '--purpose',
  'rules.hours': '--hours',
  'rules.hours.timeZone': '--time-zone',
};

export const addConditionOptions = (command: Command): Command =>
  command
    .option('--from <instant>', 'not before, e.g. 2026-12-01T08:00:00Z')
    .option('--until <instant>', 'it ends then by itself')
    .option('--address <networks>', 'from these networks, comma-separated, e.g. 10.0.0.0/8,2001:db8::/32')
    .option('--country <codes>', 'from these countries, comma-separated, e.g. DE,FR')
    .option('--device <ids>', 'from these enrolled devices, comma-separated')
    .option('--mac <addresses>', 'reported by the device: weak evidence')
    .option('--mfa-age <seconds>', 'the second factor was shown at most so long ago', parseWhole(30, 86_400))
    .option('--purpose <names>', 'the request must say one of these purposes, comma-separated')
    .option('--hours <days/times>', 'e.g. mon-fri/08:00-18:00; may be given several times', collectHours)
    .option('--time-zone <zone>', 'of --hours; UTC when left out');

const collectHours = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  text,
];

const listOf = (text: string): string[] => text.split(',').map((part) => part.trim());

/** What the options say, in the form of the interface; each is only there when it was given. */
export function conditionsOf(options: ConditionOptions): {
  readonly notBefore?: string;
  readonly expiresAt?: string;
  readonly rules?: GrantRules;
} {
  const { from, until, address, country, device, mac, mfaAge, purpose, hours, timeZone } = options;
  const rules = {
    ...(address === undefined ? {} : { addresses: listOf(address) }),
    ...(country === undefined ? {} : { countries: listOf(country).map((code) => code.toUpperCase()) }),
    ...(device === undefined ? {} : { devices: listOf(device) }),
    ...(mac === undefined ? {} : { macAddresses: listOf(mac).map((one) => one.toLowerCase()) }),
    ...(mfaAge === undefined ? {} : { mfaMaxAgeSeconds: mfaAge }),
    ...(purpose === undefined ? {} : { purposes: listOf(purpose) }),
    ...(hours === undefined ? {} : { hours: { timeZone: timeZone ?? 'UTC', windows: hours.map(windowOf) } }),
  };
  return {
    ...(from === undefined ? {} : { notBefore: from }),
    ...(until === undefined ? {} : { expiresAt: until }),
    ...(Object.keys(rules).length === 0 ? {} : { rules }),
  };
}

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** `mon-fri/08:00-18:00`, `sat,sun/22:00-06:00`. */
function windowOf(text: string): { days: number[]; from: string; to: string } {
  const [days = '', times = '', ...more] = text.toLowerCase().split('/');
  const [from, to, ...tooMany] = times.split('-');
  if (from === undefined || to === undefined || more.length > 0 || tooMany.length > 0) throw wrongHours(text);
  return { days: days.split(',').flatMap((part) => daysOf(part, text)), from, to };
}

function daysOf(part: string, text: string): number[] {
  const ends = part.split('-').map((name) => dayNames.indexOf(name) + 1);
  const [first = 0, last = first] = ends;
  if (ends.length > 2 || ends.includes(0)) throw wrongHours(text);
  // "fri-mon" goes over the end of the week.
  const count = (last - first + 7) % 7;
  return Array.from({ length: count + 1 }, (_, index) => ((first - 1 + index) % 7) + 1);
}

const wrongHours = (text: string): CliError =>
  new CliError('CLI_WRONG_USE', `--hours: "${safeText(text)}" is not like mon-fri/08:00-18:00 or sat,sun/22:00-06:00.`);
