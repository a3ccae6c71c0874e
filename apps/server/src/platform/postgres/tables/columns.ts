import type { ColumnType, Generated } from 'kysely';

/** Column types that the tables share. */
export type Json<T = unknown> = ColumnType<T, string, string>;
export type DefaultJson<T = unknown> = ColumnType<T, string | undefined, string>;
export type Instant = Date;
export type DefaultInstant = Generated<Date>;
export type NullableInstant = ColumnType<Date | null, Date | null | undefined, Date | null>;
export type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;
