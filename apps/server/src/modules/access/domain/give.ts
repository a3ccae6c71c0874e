import { readRules } from '@quantumvault/access';
import { type GrantRules, permissionsOfRole } from '@quantumvault/api';
import { isRole } from '../../../kernel/permissions.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { accessErrors } from '../errors.ts';
import type { CustomRole, HeldRole } from './role.ts';

/** The role of a name: a built-in one, or the organization's own. Throws `ACCESS_ROLE_NOT_FOUND`. */
export async function roleOfName(
  name: string,
  findCustom: (tx: Transaction, name: string) => Promise<CustomRole | null>,
  tx: Transaction,
): Promise<HeldRole> {
  if (isRole(name)) return { name, customId: null, permissions: permissionsOfRole[name] };
  const custom = await findCustom(tx, name);
  if (custom === null) throw accessErrors.ACCESS_ROLE_NOT_FOUND();
  return { name: custom.name, customId: custom.id, permissions: custom.permissions };
}

/** Conditions that this server can judge. Throws `ACCESS_RULES_INVALID`, which names each that it cannot. */
export function checkedRules(rules: GrantRules | undefined): GrantRules {
  const read = readRules(rules ?? {});
  if ('rules' in read) return read.rules;
  const fields = read.problems.map(({ path, message }) => ({ path: `body.rules.${path}`, message }));
  throw accessErrors.ACCESS_RULES_INVALID({ fields });
}
