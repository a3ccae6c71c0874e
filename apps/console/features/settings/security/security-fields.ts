import { type SecuritySettings, securitySettingsDocument } from '@quantumvault/api';
import { z } from 'zod';

/** `whole`: a number; `whole-or-none`: it may be left empty; `switch`: yes or no; `who`: everybody, nobody or some roles. */
export type FieldKind = 'whole' | 'whole-or-none' | 'switch' | 'who';

export interface SecurityField {
  /** Part and name, such as `password.lengthMin`. */
  readonly id: string;
  readonly label: string;
  /** What it does to the people of the organization, in a sentence. */
  readonly sentence: string;
  readonly unit?: string;
  /** What an empty field means, where one may be left empty. */
  readonly none?: string;
}

export interface SecurityGroup {
  readonly title: string;
  readonly fields: readonly SecurityField[];
}

/** Every security setting, in the order of the page. A test holds the list to the contract. */
export const securityGroups: readonly SecurityGroup[] = [
  {
    title: 'Passwords',
    fields: [
      {
        id: 'password.lengthMin',
        label: 'Least length',
        unit: 'characters',
        sentence: 'A shorter password is refused when it is chosen; those that are in use stay until they are changed.',
      },
      {
        id: 'password.strengthMin',
        label: 'Least strength',
        unit: 'of 4',
        sentence: 'How hard it is to guess: 3 withstands about a hundred million guesses, 4 ten thousand million.',
      },
      {
        id: 'password.refusesBreached',
        label: 'Refuse stolen passwords',
        sentence: 'What stands on lists of passwords that were stolen elsewhere is tried first by attackers.',
      },
      {
        id: 'password.historyCount',
        label: 'Former passwords that may not come back',
        unit: 'passwords',
        sentence: 'Keeps people from changing back and forth; 0 remembers none.',
      },
      {
        id: 'password.ageDaysMax',
        label: 'Longest age',
        unit: 'days',
        none: 'age alone forces no change, as NIST SP 800-63B advises',
        sentence: 'After this a new password must be chosen at the next sign-in.',
      },
    ],
  },
  {
    title: 'Second factors',
    fields: [
      {
        id: 'mfa.requiredFor',
        label: 'Required of',
        sentence: 'Who has none yet is led to set one up at the next sign-in, before anything else.',
      },
      {
        id: 'mfa.stepUpMaxAgeSeconds',
        label: 'How long a fresh proof counts',
        unit: 'seconds',
        sentence: 'What is dangerous asks for the second factor again when the last proof is older than this.',
      },
    ],
  },
  {
    title: 'Sessions',
    fields: [
      {
        id: 'session.idleMinutesMax',
        label: 'End when nothing is done for',
        unit: 'minutes',
        sentence: 'A browser that was left open is of no use to the next one at the desk.',
      },
      {
        id: 'session.hoursMax',
        label: 'End in any case after',
        unit: 'hours',
        sentence: 'From the sign-in on, whatever happens in between.',
      },
      {
        id: 'session.concurrentMax',
        label: 'Sessions of one person at a time',
        unit: 'sessions',
        sentence: 'One more ends the oldest.',
      },
    ],
  },
  {
    title: 'Guessing',
    fields: [
      {
        id: 'lockout.failuresMax',
        label: 'Failed sign-ins before the first lock',
        unit: 'failures',
        sentence: 'Of one identity; an address is locked after ten times as many.',
      },
      {
        id: 'lockout.lockSeconds',
        label: 'First lock',
        unit: 'seconds',
        sentence: 'Each further lock is twice as long.',
      },
      {
        id: 'lockout.lockSecondsMax',
        label: 'Longest lock',
        unit: 'seconds',
        sentence: 'So that an attacker cannot keep somebody out for good.',
      },
    ],
  },
  {
    title: 'Invitations and API keys',
    fields: [
      {
        id: 'invitation.hours',
        label: 'An invitation is good for',
        unit: 'hours',
        sentence:
          'Whoever has its link becomes a member: long enough for a weekend, short enough to be forgotten safely.',
      },
      {
        id: 'apiKey.daysMax',
        label: 'Longest life of a new API key',
        unit: 'days',
        none: 'a key may be made that does not end',
        sentence: 'Keys that are in use keep the end that they have.',
      },
    ],
  },
];

export const securityFields: readonly SecurityField[] = securityGroups.flatMap(({ fields }) => fields);

function schemaOf(id: string): unknown {
  const [part = '', name = ''] = id.split('.');
  const group: unknown = new Map<string, unknown>(Object.entries(securitySettingsDocument.shape)).get(part);
  return group instanceof z.ZodObject ? new Map<string, unknown>(Object.entries(group.shape)).get(name) : undefined;
}

/** Read from the contract, so that the page can promise nothing else than the server takes. */
export function kindOf(id: string): FieldKind {
  const schema = schemaOf(id);
  if (schema instanceof z.ZodNullable) return 'whole-or-none';
  if (schema instanceof z.ZodNumber) return 'whole';
  return schema instanceof z.ZodBoolean ? 'switch' : 'who';
}

export function boundsOf(id: string): { readonly min: number | undefined; readonly max: number | undefined } {
  const schema = schemaOf(id);
  const inner: unknown = schema instanceof z.ZodNullable ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodNumber)) return { min: undefined, max: undefined };
  return { min: inner.minValue ?? undefined, max: inner.maxValue ?? undefined };
}

export function valueIn(settings: SecuritySettings, id: string): unknown {
  const [part = '', name = ''] = id.split('.');
  const group: unknown = new Map<string, unknown>(Object.entries(settings)).get(part);
  if (typeof group !== 'object' || group === null) return undefined;
  return new Map<string, unknown>(Object.entries(group)).get(name);
}

/** A value as people read it. */
export function textOf({ none, unit }: SecurityField, value: unknown): string {
  if (value === null) return none ?? 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'number' && unit !== undefined ? `${value} ${unit}` : String(value);
}
