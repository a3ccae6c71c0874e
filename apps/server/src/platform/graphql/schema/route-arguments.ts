import type { RouteContract } from '@quantumvault/api';
import { type GraphQLFieldConfigArgumentMap, GraphQLNonNull } from 'graphql';
import { describeSchema } from './json-schema.ts';
import { scalars } from './scalars.ts';
import { fieldsOf, shapeOf } from './shape.ts';
import type { TypeMaker } from './types.ts';

/** A request in the parts that REST sends separately; still unparsed, so that the contract's schemas judge it. */
export interface RequestParts {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly ifMatch: number | null;
  readonly idempotencyKey: string | null;
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Arguments of a route's field: those of its path and query by their names, `body`, `ifMatch` and `idempotencyKey`. */
export function argumentsOf(contract: RouteContract, maker: TypeMaker): GraphQLFieldConfigArgumentMap {
  const map: GraphQLFieldConfigArgumentMap = {};
  const add = (name: string, argument: GraphQLFieldConfigArgumentMap[string]): void => {
    if (name in map) throw new Error(`the field ${contract.id} would have two arguments ${name}`);
    map[name] = argument;
  };
  const path = capital(contract.id);
  for (const schema of [contract.params, contract.query]) {
    if (schema === undefined) continue;
    for (const field of fieldsOf(describeSchema(schema, 'input'), path)) add(field.name, maker.inputField(field, path));
  }
  if (contract.body !== undefined) {
    const type = maker.input(shapeOf(describeSchema(contract.body, 'input'), `${path}Body`).shape, `${path}Body`);
    const isOptional = contract.body.safeParse(undefined).success;
    add('body', { type: isOptional ? type : new GraphQLNonNull(type) });
  }
  if (contract.ifMatch === true)
    add('ifMatch', {
      type: new GraphQLNonNull(scalars.SafeInt),
      description: 'The version that the change was made from',
    });
  if (contract.idempotent === true)
    add('idempotencyKey', {
      type: scalars.String,
      description: 'A repeated request with this key has one effect and the same answer',
    });
  return map;
}

/** REST's query holds text alone; the contract's schemas read numbers and truth values from it. */
const asText = (value: unknown): unknown => (Array.isArray(value) ? value.map(String) : String(value));

function pick(schema: RouteContract['params'], args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const parts: Record<string, unknown> = {};
  for (const name of Object.keys(schema?.shape ?? {})) {
    const value = args[name];
    // A variable that was not given, or is null, is a parameter that REST would not send.
    if (value !== undefined && value !== null) parts[name] = asText(value);
  }
  return parts;
}

/** Sorts the arguments of a field into the parts of the request that they stand for. */
export function partsOf(contract: RouteContract, args: Readonly<Record<string, unknown>>): RequestParts {
  return {
    params: pick(contract.params, args),
    query: pick(contract.query, args),
    // Plain objects, as a JSON parser makes them: graphql's have no prototype.
    body: args.body === undefined ? undefined : structuredClone(args.body),
    ifMatch: typeof args.ifMatch === 'number' ? args.ifMatch : null,
    idempotencyKey: typeof args.idempotencyKey === 'string' ? args.idempotencyKey : null,
  };
}

/** The address that REST would be asked at: a repetition by either interface is the same request. */
export function targetOf(contract: RouteContract, parts: RequestParts): string {
  const path = contract.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(parts.params[name])),
  );
  const search = new URLSearchParams(
    Object.entries(parts.query).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)])),
  ).toString();
  return search === '' ? path : `${path}?${search}`;
}
