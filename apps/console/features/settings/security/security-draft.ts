import { updateSecuritySettingsBody } from '@quantumvault/api';
import type { z } from 'zod';
import { kindOf } from './security-fields.ts';

/**
 * What somebody has changed in the form and not saved, by the field's id; numbers as they were typed. Fields that were not
 * touched are not in it: they follow the server, so that a change of somebody else is seen and never undone by accident.
 */
export type SecurityDraft = Readonly<Record<string, string | boolean | readonly string[]>>;

export type SecurityChange = z.output<typeof updateSecuritySettingsBody>;

function typed(id: string, value: SecurityDraft[string]): unknown {
  const kind = kindOf(id);
  if (kind === 'switch') return value === true;
  if (kind === 'who') return value;
  const text = String(value).trim();
  if (text === '') return kind === 'whole-or-none' ? null : undefined;
  return Number(text);
}

/** The body of the change; null where a field is not filled in as the contract wants it. */
export function changeOf(draft: SecurityDraft): SecurityChange | null {
  const parts: Record<string, Record<string, unknown>> = {};
  for (const [id, value] of Object.entries(draft)) {
    const [part = '', name = ''] = id.split('.');
    parts[part] = { ...parts[part], [name]: typed(id, value) };
  }
  // What is undefined would be left out of the request, and the field's author would think it saved.
  const isWhole = Object.values(parts).every((part) => !Object.values(part).includes(undefined));
  const parsed = updateSecuritySettingsBody.safeParse(parts);
  return isWhole && parsed.success ? parsed.data : null;
}
