import type { ApiKeyView } from '@quantumvault/api';

// A fortnight: time enough to replace a key in every place that holds it.
const soonMs = 14 * 86_400_000;

/** Whether a key that works now ends by itself within a fortnight. */
export function endsSoon(key: Pick<ApiKeyView, 'state' | 'expiresAt'>, now: number): boolean {
  const works = key.state === 'active' || key.state === 'replaced';
  return works && key.expiresAt !== null && Date.parse(key.expiresAt) - now < soonMs;
}

/** Networks as people write them into one field: parted by spaces, commas or lines. The server reads each of them. */
export const networksOf = (text: string): string[] => text.split(/[\s,;]+/).filter((network) => network !== '');

/** What a key is good for, in one line. */
export function limitsText(key: Pick<ApiKeyView, 'permissions' | 'allowedNetworks'>, place: string): string {
  const rights = key.permissions === null ? 'all that its owner may' : `${key.permissions.length} permissions`;
  const networks = key.allowedNetworks.length === 0 ? 'from everywhere' : `from ${key.allowedNetworks.join(', ')}`;
  return `${rights}, in ${place}, ${networks}`;
}
