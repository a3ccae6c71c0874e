import type { RouteContract } from '@quantumvault/api';
import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  getNullableType,
  isListType,
  isObjectType,
  isOutputType,
} from 'graphql';
import { describeSchema } from './json-schema.ts';
import { argumentsOf } from './route-arguments.ts';
import { shapeOf } from './shape.ts';
import { TypeMaker } from './types.ts';

/** What a field needs of the operation that it belongs to. */
export interface FieldContext {
  resolve(contract: RouteContract, args: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Values of a route that is watched; only within a stream. */
  watch(contract: RouteContract, args: Readonly<Record<string, unknown>>): AsyncIterable<unknown>;
}

export interface GraphqlInterface {
  readonly schema: GraphQLSchema;
  /** The route behind each field of the root, by the field's name, which is the route's id. */
  readonly fields: ReadonlyMap<string, RouteContract>;
  /** Routes that are no fields, each with the reason. */
  readonly absent: readonly { readonly id: string; readonly reason: string }[];
}

/** A route as the process serves it. */
export interface ServedRoute {
  readonly contract: RouteContract;
  /** Its handler takes the parsed request and the actor, and nothing else of the HTTP exchange. */
  readonly isPlain: boolean;
}

/** Why a route is not offered, or null. Derived, so that a new route is a field unless it cannot be one. */
function reasonOfAbsence({ contract, isPlain }: ServedRoute): string | null {
  if (contract.auth === 'none') return 'it answers without an actor, and everything here demands one';
  if (contract.success.mediaType !== undefined) return 'it streams, and an answer here is one document';
  if (!isPlain) return 'its handler reads or writes the HTTP exchange itself';
  return null;
}

function fieldOf(contract: RouteContract, maker: TypeMaker): GraphQLFieldConfig<unknown, FieldContext> {
  const path = `${contract.id.charAt(0).toUpperCase()}${contract.id.slice(1)}Answer`;
  const { schema } = contract.success;
  const type =
    schema === undefined ? GraphQLBoolean : maker.output(shapeOf(describeSchema(schema, 'output'), path).shape, path);
  return {
    // Nullable, so that a field that is refused does not take the answers of its neighbours with it.
    type,
    description: contract.summary,
    args: argumentsOf(contract, maker),
    resolve: (_source, args, context) => context.resolve(contract, args),
  };
}

/** How what is watched is told in the description of its field. */
const watchedWord = { changes: 'Whenever it changes', 'new-items': 'New', 'changed-items': 'New or changed' } as const;

/** A watched route as a subscription: an item at a time, or the whole answer when it has changed. */
function watchedFieldOf(
  contract: RouteContract,
  watch: NonNullable<RouteContract['watch']>,
  maker: TypeMaker,
): GraphQLFieldConfig<unknown, FieldContext> {
  const { type, args = {}, description } = fieldOf(contract, maker);
  const isItems = watch !== 'changes';
  const { limit: _limit, cursor: _cursor, order: _order, ...filters } = args;
  return {
    type: isItems ? itemTypeOf(contract, type) : type,
    description: `${watchedWord[watch]}: ${description}`,
    args: isItems ? filters : args,
    subscribe: (_source, given, context) => context.watch(contract, given),
    resolve: (value) => value,
  };
}

function itemTypeOf({ id }: RouteContract, page: GraphQLOutputType): GraphQLOutputType {
  const items = isObjectType(page) ? getNullableType(page.getFields().items?.type) : undefined;
  const item = isListType(items) ? items.ofType : undefined;
  if (!isOutputType(item)) throw new Error(`the route ${id} watches items, and its answer has none`);
  return item;
}

/**
 * IFC-2: the schema, made from the routes that the process serves. A GET is a field of the query, everything else one of
 * the mutation, what is watched one of the subscription too; arguments and answers are the contract's own schemas, so the two interfaces cannot drift apart.
 */
export function buildGraphqlInterface(routes: readonly ServedRoute[]): GraphqlInterface {
  const maker = new TypeMaker();
  const fields = new Map<string, RouteContract>();
  const absent: { id: string; reason: string }[] = [];
  const query: Record<string, GraphQLFieldConfig<unknown, FieldContext>> = {};
  const mutation: Record<string, GraphQLFieldConfig<unknown, FieldContext>> = {};
  const subscription: Record<string, GraphQLFieldConfig<unknown, FieldContext>> = {};
  for (const route of routes) {
    const { contract } = route;
    const reason = reasonOfAbsence(route);
    if (reason !== null) {
      absent.push({ id: contract.id, reason });
      continue;
    }
    fields.set(contract.id, contract);
    const root = contract.method === 'GET' ? query : mutation;
    root[contract.id] = fieldOf(contract, maker);
    if (contract.watch !== undefined) subscription[contract.id] = watchedFieldOf(contract, contract.watch, maker);
  }
  const root = (name: string, own: typeof query, description?: string): GraphQLObjectType | null =>
    Object.keys(own).length === 0 ? null : new GraphQLObjectType({ name, description, fields: own });
  const missing = absent.map(({ id, reason }) => `${id}: ${reason}.`).join('\n');
  return {
    schema: new GraphQLSchema({
      query: root(
        'Query',
        query,
        absent.length === 0 ? undefined : `Operations of REST that are not here:\n${missing}`,
      ),
      mutation: root('Mutation', mutation),
      subscription: root('Subscription', subscription),
    }),
    fields,
    absent,
  };
}
