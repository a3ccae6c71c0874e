import type { RouteContract } from '@quantumvault/api';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { graphqlLimits } from './limits.ts';
import { ExcessError } from './operation-size.ts';

// A use case of its own: transaction, authorisation, perhaps an audit event that waits for the disk.
const readCost = 10;
const changeCost = 50;
// Lists within an answer have no length that the request tells.
const innerListLength = 5;
const pageLengthDefault = 50;

export interface CostOptions {
  readonly schema: GraphQLSchema;
  readonly routes: ReadonlyMap<string, RouteContract>;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Items that a page will hold at most: the `limit` that was asked for, whatever it is, or the default. */
function pageLength(node: FieldNode, variables: CostOptions['variables']): number {
  const value = node.arguments?.find(({ name }) => name.value === 'limit')?.value;
  const given =
    value?.kind === 'Variable'
      ? variables[value.name.value]
      : value?.kind === 'IntValue'
        ? Number(value.value)
        : undefined;
  return typeof given === 'number' && given >= 0 ? Math.max(1, given) : pageLengthDefault;
}

/**
 * What an operation costs, in fields answered: each selected field counts once for every item of the lists around it, and
 * each field of the root counts its use case besides. Pages count as long as their `limit` says. Called after validation, so
 * every field and fragment exists and no fragment contains itself.
 */
export function operationCost(options: CostOptions): number {
  const { schema, routes, operation, fragments, variables } = options;
  const selections = (set: SelectionSetNode | undefined, typeName: string, page: number): number => {
    let cost = 0;
    for (const selection of set?.selections ?? []) {
      if (selection.kind === 'Field') {
        const type = schema.getType(typeName);
        const field = isObjectType(type) ? type.getFields()[selection.name.value] : undefined;
        cost += field === undefined ? 1 : below(selection, field, page);
      } else {
        const fragment = selection.kind === 'InlineFragment' ? selection : fragments.get(selection.name.value);
        cost += selections(fragment?.selectionSet, fragment?.typeCondition?.name.value ?? typeName, page);
      }
      // A document may describe more than numbers hold; beyond the limit no sum matters.
      if (cost > graphqlLimits.cost) return cost;
    }
    return cost;
  };
  const below = (node: FieldNode, field: GraphQLField<unknown, unknown>, page: number): number => {
    const name = getNamedType(field.type).name;
    const isList = isListType(getNullableType(field.type));
    if (!isList) return 1 + selections(node.selectionSet, name, page);
    const length = field.name === 'items' ? page : innerListLength;
    return 1 + length * selections(node.selectionSet, name, page);
  };
  const rootType = schema.getRootType(operation.operation);
  if (rootType === null || rootType === undefined) return 0;
  const root = (set: SelectionSetNode): number => {
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === 'Field') {
        const contract = routes.get(selection.name.value);
        const field = rootType.getFields()[selection.name.value];
        // `__typename` and descriptions of the schema, which operation-size.ts bounds.
        if (contract === undefined || field === undefined) cost += 1;
        else
          cost +=
            (contract.method === 'GET' ? readCost : changeCost) +
            below(selection, field, pageLength(selection, variables));
      } else {
        const fragment = selection.kind === 'InlineFragment' ? selection : fragments.get(selection.name.value);
        if (fragment !== undefined) cost += root(fragment.selectionSet);
      }
    }
    return cost;
  };
  return root(operation.selectionSet);
}

export function checkCost(options: CostOptions): void {
  if (operationCost(options) > graphqlLimits.cost) throw new ExcessError('cost', graphqlLimits.cost);
}
