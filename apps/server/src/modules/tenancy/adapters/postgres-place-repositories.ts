import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { foreignKeyViolation, sqlState, uniqueViolation } from '../../../platform/postgres/connection.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import { tenancyErrors } from '../domain/errors.ts';
import type {
  Environment,
  EnvironmentDraft,
  PlaceChange,
  PlaceItem,
  Project,
  ProjectDraft,
  Service,
  ServiceDraft,
} from '../domain/place-kinds.ts';
import type { PlaceQuery, PlaceRepository } from '../ports/place-repository.ts';

/** What tells the three tables apart; `t` is the table in every statement. */
interface Shape<Item extends PlaceItem, Draft> {
  readonly table: RawBuilder<unknown>;
  readonly selection: RawBuilder<unknown>;
  /** Columns and values of a new row beside id and tenant. */
  insertion(draft: Draft): { readonly columns: RawBuilder<unknown>; readonly values: RawBuilder<unknown> };
  /** Where the parent is looked for; null: the organization is the parent. */
  parent: {
    readonly table: RawBuilder<unknown>;
    readonly column: RawBuilder<unknown>;
    idOf(draft: Draft): string;
  } | null;
  assignments(change: PlaceChange<Item>): RawBuilder<unknown>;
}

class PostgresPlaceRepository<Item extends PlaceItem, Draft> implements PlaceRepository<Item, Draft> {
  readonly #shape: Shape<Item, Draft>;
  constructor(shape: Shape<Item, Draft>) {
    this.#shape = shape;
  }

  async insert(tx: Transaction, draft: Draft & { readonly id: string }): Promise<Item | null> {
    const { table, parent, selection } = this.#shape;
    if (parent !== null) {
      // Held until the end, so that the parent cannot be deleted meanwhile.
      const held = await sql`SELECT id FROM ${parent.table} WHERE id = ${parent.idOf(draft)} FOR KEY SHARE`.execute(
        sqlOf(tx),
      );
      if (held.rows.length === 0) throw tenancyErrors.TENANCY_PARENT_UNKNOWN();
    }
    const { columns, values } = this.#shape.insertion(draft);
    const { rows } = await sql<Item>`
      INSERT INTO ${table} AS t (id, tenant_id, ${columns}) VALUES (${draft.id}, ${tx.tenantId}, ${values})
      ON CONFLICT DO NOTHING RETURNING ${selection}`.execute(sqlOf(tx));
    return rows[0] ?? null;
  }

  async find(tx: Transaction, id: string): Promise<Item | null> {
    const { table, selection } = this.#shape;
    const { rows } = await sql<Item>`SELECT ${selection} FROM ${table} AS t WHERE t.id = ${id}`.execute(sqlOf(tx));
    return rows[0] ?? null;
  }

  async findForUpdate(tx: Transaction, id: string): Promise<Item | null> {
    const { table, selection } = this.#shape;
    const { rows } = await sql<Item>`SELECT ${selection} FROM ${table} AS t WHERE t.id = ${id} FOR UPDATE OF t`.execute(
      sqlOf(tx),
    );
    return rows[0] ?? null;
  }

  async change(tx: Transaction, id: string, change: PlaceChange<Item>): Promise<Item> {
    const { table, selection, assignments } = this.#shape;
    try {
      const { rows } = await sql<Item>`
        UPDATE ${table} AS t SET ${assignments(change)}, version = t.version + 1 WHERE t.id = ${id}
        RETURNING ${selection}`.execute(sqlOf(tx));
      const [changed] = rows;
      if (changed === undefined) throw new Error('a row that is locked has vanished');
      return changed;
    } catch (error) {
      if (sqlState(error) === uniqueViolation) throw tenancyErrors.TENANCY_NAME_TAKEN({ cause: error });
      throw error;
    }
  }

  async delete(tx: Transaction, id: string): Promise<void> {
    try {
      await sql`DELETE FROM ${this.#shape.table} AS t WHERE t.id = ${id}`.execute(sqlOf(tx));
    } catch (error) {
      if (sqlState(error) === foreignKeyViolation) throw tenancyErrors.TENANCY_NOT_EMPTY({ cause: error });
      throw error;
    }
  }

  async list(tx: Transaction, { after, limit, parentId }: PlaceQuery): Promise<readonly Item[]> {
    const { table, selection, parent } = this.#shape;
    const within = parent === null || parentId === null ? sql`true` : sql`t.${parent.column} = ${parentId}`;
    const behind = after === null ? sql`true` : sql`t.id > ${after}`;
    const { rows } = await sql<Item>`
      SELECT ${selection} FROM ${table} AS t WHERE ${within} AND ${behind} ORDER BY t.id LIMIT ${limit}`.execute(
      sqlOf(tx),
    );
    return rows;
  }
}

const own = sql`t.id, t.name, t.created_at AS "createdAt", t.version`;
const nameOf = ({ name }: { readonly name?: string | undefined }) => sql`name = coalesce(${name ?? null}, t.name)`;

export const environmentRepository = (): PlaceRepository<Environment, EnvironmentDraft> =>
  new PostgresPlaceRepository<Environment, EnvironmentDraft>({
    table: sql.table('environment'),
    selection: sql`${own}, t.type`,
    insertion: ({ name, type }) => ({ columns: sql`name, type`, values: sql`${name}, ${type}` }),
    parent: null,
    assignments: (change) => sql`${nameOf(change)}, type = coalesce(${change.type ?? null}, t.type)`,
  });

export const projectRepository = (): PlaceRepository<Project, ProjectDraft> =>
  new PostgresPlaceRepository<Project, ProjectDraft>({
    table: sql.table('project'),
    selection: sql`${own}, t.environment_id AS "environmentId"`,
    insertion: ({ name, environmentId }) => ({
      columns: sql`name, environment_id`,
      values: sql`${name}, ${environmentId}`,
    }),
    parent: {
      table: sql.table('environment'),
      column: sql.ref('environment_id'),
      idOf: ({ environmentId }) => environmentId,
    },
    assignments: nameOf,
  });

export const serviceRepository = (): PlaceRepository<Service, ServiceDraft> =>
  new PostgresPlaceRepository<Service, ServiceDraft>({
    table: sql.table('service'),
    selection: sql`${own}, t.project_id AS "projectId",
      (SELECT p.environment_id FROM project p WHERE p.tenant_id = t.tenant_id AND p.id = t.project_id) AS "environmentId"`,
    insertion: ({ name, projectId }) => ({ columns: sql`name, project_id`, values: sql`${name}, ${projectId}` }),
    parent: { table: sql.table('project'), column: sql.ref('project_id'), idOf: ({ projectId }) => projectId },
    assignments: nameOf,
  });
