import { isPermission, type QuantumVaultClient } from '@quantumvault/api';
import { placeInputOf } from '../organization/places.ts';
import { networksOf } from './key-facts.ts';

/** ACC-2: what a key is limited to; what is left out is not limited. */
export type KeyLimits = Parameters<QuantumVaultClient['createOwnApiKey']>[0]['body'];

export const overlaps: readonly (readonly [hours: string, text: string])[] = [
  ['0', 'not at all'],
  ['1', '1 hour'],
  ['24', '1 day'],
  ['168', '1 week'],
  ['720', '30 days'],
];

export const lives: readonly (readonly [days: string, text: string])[] = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', '1 year'],
  ['', 'until it is revoked'],
];

/** The limits that a form asks for. What is left empty is no limit, and is not sent. */
export function limitsOf(form: FormData): KeyLimits {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const chosen = form.getAll('permission').map(String).filter(isPermission);
  const days = text('days');
  return {
    name: text('name'),
    ...(text('scope') === 'some' ? { permissions: chosen } : {}),
    ...placeInputOf(text('place')),
    allowedNetworks: networksOf(text('networks')),
    ...(days === '' ? {} : { expiresInDays: Number(days) }),
  };
}
