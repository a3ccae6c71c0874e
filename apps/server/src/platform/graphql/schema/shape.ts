import type { JsonSchema } from './json-schema.ts';

/** `SafeInt` for whole numbers beyond 32 bits; `JSON` for what GraphQL has no type for: unions of objects, records, anything. */
export type ScalarName = 'String' | 'Int' | 'SafeInt' | 'Float' | 'Boolean' | 'JSON';

/** A schema in the terms that GraphQL has. Pure data: output and input types are both made of it. */
export type Shape =
  | { readonly kind: 'scalar'; readonly name: ScalarName }
  | { readonly kind: 'list'; readonly item: Shape; readonly isItemNullable: boolean }
  | { readonly kind: 'object'; readonly name: string; readonly fields: readonly ShapeField[] };

export interface ShapeField {
  readonly name: string;
  readonly shape: Shape;
  readonly isNullable: boolean;
  readonly isRequired: boolean;
  readonly description: string | undefined;
}

const graphqlName = /^(?!__)[A-Za-z_][A-Za-z0-9_]{0,99}$/;
const int32Max = 2 ** 31 - 1;
const json: Shape = { kind: 'scalar', name: 'JSON' };

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** A schema without its `null`, and whether it had one. */
function withoutNull(schema: JsonSchema): { schema: JsonSchema; isNullable: boolean } {
  if (Array.isArray(schema.type) && schema.type.includes('null')) {
    const types = schema.type.filter((type) => type !== 'null');
    return { schema: { ...schema, type: types.length === 1 ? types[0] : types }, isNullable: true };
  }
  const parts = schema.anyOf?.filter((part) => part.type !== 'null');
  if (schema.anyOf === undefined || parts === undefined || parts.length === schema.anyOf.length)
    return { schema, isNullable: false };
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) {
    const description = schema.description ?? only.description;
    return {
      schema: { ...withoutNull(only).schema, ...(description === undefined ? {} : { description }) },
      isNullable: true,
    };
  }
  return { schema: { ...schema, anyOf: parts }, isNullable: true };
}

const isText = (schema: JsonSchema): boolean =>
  schema.type === 'string' ||
  typeof schema.const === 'string' ||
  schema.enum?.every((value) => typeof value === 'string') === true;

function integer({ minimum = -Infinity, maximum = Infinity }: JsonSchema): Shape {
  return { kind: 'scalar', name: minimum >= -int32Max && maximum <= int32Max ? 'Int' : 'SafeInt' };
}

/** The values of a closed list and other facts that the type `String` does not say, for the reader of the schema. */
export function describeField({ description, enum: values, anyOf }: JsonSchema): string | undefined {
  const list = values ?? anyOf?.find((part) => part.enum !== undefined)?.enum;
  const words = [description, list === undefined ? undefined : `One of ${list.map(String).join(', ')}`]
    .filter((word) => word !== undefined)
    .join('. ');
  return words === '' ? undefined : words.slice(0, 500);
}

/** The shape of a schema. `path` names objects that have no name of their own, e.g. `GetAssetRisk`. */
export function shapeOf(given: JsonSchema, path: string): { readonly shape: Shape; readonly isNullable: boolean } {
  const { schema, isNullable } = withoutNull(given);
  return { shape: bareShape(schema, path), isNullable };
}

function bareShape(schema: JsonSchema, path: string): Shape {
  if (schema.anyOf !== undefined) return schema.anyOf.every(isText) ? { kind: 'scalar', name: 'String' } : json;
  if (isText(schema)) return { kind: 'scalar', name: 'String' };
  if (schema.type === 'integer') return integer(schema);
  if (schema.type === 'number') return { kind: 'scalar', name: 'Float' };
  if (schema.type === 'boolean') return { kind: 'scalar', name: 'Boolean' };
  if (schema.type === 'array' && schema.items !== undefined) {
    const { shape, isNullable } = shapeOf(schema.items, path);
    return { kind: 'list', item: shape, isItemNullable: isNullable };
  }
  const names = Object.keys(schema.properties ?? {});
  if (schema.type !== 'object' || names.length === 0 || !names.every((name) => graphqlName.test(name))) return json;
  // A record, or an object that takes any field, would lose what its type does not name.
  if (schema.additionalProperties !== false && schema.additionalProperties !== undefined) return json;
  const name = schema.contractName ?? pageName(schema) ?? path;
  return { kind: 'object', name, fields: fieldsOf(schema, name) };
}

/** `AssetPage` for a page of `Asset`. */
function pageName({ properties }: JsonSchema): string | undefined {
  const item = properties?.items?.items?.contractName;
  return item !== undefined && properties !== undefined && 'nextCursor' in properties ? `${item}Page` : undefined;
}

/** The fields of an object, in the order of its schema. */
export function fieldsOf(schema: JsonSchema, path: string): readonly ShapeField[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const { shape, isNullable } = shapeOf(property, `${path}${capital(name)}`);
    return {
      name,
      shape,
      isNullable,
      isRequired: schema.required?.includes(name) === true,
      description: describeField(property),
    };
  });
}
