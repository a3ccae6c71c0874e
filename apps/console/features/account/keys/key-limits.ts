import { isPermission, type QuantumVaultClient } from '@quantumvault/api';

export type NewKeyBody = Parameters<QuantumVaultClient['createOwnApiKey']>[0]['body'];

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

const placeFields: readonly string[] = ['environmentId', 'projectId', 'serviceId'];

/** The limits that a form asks for. What is left empty is no limit, and is not sent. */
export function limitsOf(form: FormData): NewKeyBody {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const [field = '', id] = text('place').split(':');
  const place = placeFields.includes(field) && id !== undefined ? { [field]: id } : {};
  const chosen = form.getAll('permission').map(String).filter(isPermission);
  const networks = text('networks')
    .split(/[\s,]+/)
    .filter(Boolean);
  const days = text('days');
  return {
    name: text('name'),
    ...(text('scope') === 'some' ? { permissions: chosen } : {}),
    ...place,
    allowedNetworks: networks,
    ...(days === '' ? {} : { expiresInDays: Number(days) }),
  };
}
