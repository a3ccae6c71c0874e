import { sql } from 'kysely';
import type { Place } from '../../../kernel/access.ts';

/** The columns of a row that stands on a level: the lowest one alone is set. */
export interface PlaceColumns {
  readonly environment_id: string | null;
  readonly project_id: string | null;
  readonly service_id: string | null;
}

export function placeOfRow({ environment_id, project_id, service_id }: PlaceColumns): Place | null {
  return environment_id === null && project_id === null && service_id === null
    ? null
    : { environmentId: environment_id, projectId: project_id, serviceId: service_id };
}

/** The level that a place means, alone, as the columns hold it. */
export const lowestOf = (place: Place | null): Place => ({
  environmentId: place?.projectId == null && place?.serviceId == null ? (place?.environmentId ?? null) : null,
  projectId: place?.serviceId == null ? (place?.projectId ?? null) : null,
  serviceId: place?.serviceId ?? null,
});

/** The ids on the way down to the place of row `t`, as an expression that gives several columns of one array. */
export const pathOf = sql`
  coalesce(t.environment_id,
           (SELECT p.environment_id FROM project AS p WHERE p.tenant_id = t.tenant_id AND p.id = coalesce(t.project_id,
             (SELECT v.project_id FROM service AS v WHERE v.tenant_id = t.tenant_id AND v.id = t.service_id)))),
  coalesce(t.project_id, (SELECT v.project_id FROM service AS v WHERE v.tenant_id = t.tenant_id AND v.id = t.service_id)),
  t.service_id`;
