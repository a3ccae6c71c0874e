import { sql } from 'kysely';
import type { Place } from '../../../kernel/access.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { PlaceSource } from '../ports/place-directory.ts';

const places = {
  environment: sql<Place>`
    SELECT e.id AS "environmentId", NULL::uuid AS "projectId", NULL::uuid AS "serviceId" FROM environment AS e`,
  project: sql<Place>`
    SELECT e.environment_id AS "environmentId", e.id AS "projectId", NULL::uuid AS "serviceId" FROM project AS e`,
  service: sql<Place>`
    SELECT p.environment_id AS "environmentId", p.id AS "projectId", e.id AS "serviceId"
      FROM service AS e JOIN project AS p ON p.tenant_id = e.tenant_id AND p.id = e.project_id`,
  // A grant stands where it was given: on the lowest level that it names, with what is above that.
  grant: sql<Place>`
    SELECT coalesce(e.environment_id, p.environment_id) AS "environmentId", coalesce(e.project_id, s.project_id) AS "projectId",
           e.service_id AS "serviceId"
      FROM access_grant AS e
      LEFT JOIN service AS s ON s.tenant_id = e.tenant_id AND s.id = e.service_id
      LEFT JOIN project AS p ON p.tenant_id = e.tenant_id AND p.id = coalesce(e.project_id, s.project_id)`,
};
type Level = keyof typeof places;
const isLevel = (type: string): type is Level => Object.hasOwn(places, type);

/** The levels below the organization themselves, and the grants on them. */
export class PostgresHierarchy implements PlaceSource {
  readonly types = Object.keys(places);

  async placeOf(tx: Transaction, { type, id }: { readonly type: string; readonly id: string }): Promise<Place | null> {
    if (!isLevel(type)) return null;
    const { rows } = await sql<Place>`
      ${places[type]} WHERE e.tenant_id = ${tx.tenantId}::uuid AND e.id = ${id}::uuid`.execute(sqlOf(tx));
    const [place] = rows;
    return place === undefined || Object.values(place).every((level) => level === null) ? null : place;
  }
}
