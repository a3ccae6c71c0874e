import type { OrganizationView } from '@quantumvault/api';
import { isoInstant } from '../../../kernel/clock.ts';

/** ACC-1: the tenant, isolated from all others. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  readonly createdAt: Date;
  readonly version: number;
}

export const organizationView = ({ id, name, status, createdAt, version }: Organization): OrganizationView => ({
  id,
  name,
  status,
  createdAt: isoInstant(createdAt),
  version,
});
