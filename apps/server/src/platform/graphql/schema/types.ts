import {
  type GraphQLFieldConfig,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql';
import { scalars } from './scalars.ts';
import type { Shape, ShapeField } from './shape.ts';

/** An own property and nothing else: the library's own resolver would also call functions and climb prototypes. */
function ownField(source: unknown, name: string): unknown {
  return typeof source === 'object' && source !== null && Object.hasOwn(source, name)
    ? Reflect.get(source, name)
    : undefined;
}

/**
 * Makes GraphQL types of shapes, each name once. Two shapes that claim one name and differ are told apart by the place
 * at which the second stands, so that a new route can never change the type of an older one.
 */
export class TypeMaker {
  readonly #outputs = new Map<string, { readonly signature: string; readonly type: GraphQLObjectType }>();
  readonly #inputs = new Map<string, { readonly signature: string; readonly type: GraphQLInputObjectType }>();

  /** `isNullable` is not part of the shape: wrap the result where it is used. */
  output(shape: Shape, path: string): GraphQLOutputType {
    if (shape.kind === 'scalar') return scalars[shape.name];
    if (shape.kind === 'list') {
      const item = this.output(shape.item, path);
      return new GraphQLList(shape.isItemNullable ? item : new GraphQLNonNull(item));
    }
    return this.#named(this.#outputs, shape, path, (name) => {
      const fields = shape.fields.map((field) => [field.name, this.#outputField(field, name)] as const);
      return new GraphQLObjectType({ name, fields: Object.fromEntries(fields) });
    });
  }

  #outputField(field: ShapeField, path: string): GraphQLFieldConfig<unknown, unknown> {
    const type = this.output(field.shape, `${path}${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}`);
    const isSure = field.isRequired && !field.isNullable;
    return {
      type: isSure ? new GraphQLNonNull(type) : type,
      description: field.description,
      resolve: (source) => ownField(source, field.name),
    };
  }

  input(shape: Shape, path: string): GraphQLInputType {
    if (shape.kind === 'scalar') return scalars[shape.name];
    if (shape.kind === 'list') {
      const item = this.input(shape.item, path);
      return new GraphQLList(shape.isItemNullable ? item : new GraphQLNonNull(item));
    }
    return this.#named(this.#inputs, { ...shape, name: `${shape.name}Input` }, `${path}Input`, (name) => {
      const fields = shape.fields.map((field) => [field.name, this.inputField(field, `${path}${field.name}`)] as const);
      return new GraphQLInputObjectType({ name, fields: Object.fromEntries(fields) });
    });
  }

  /** What a field of an input object and an argument have in common. No default: the contract's schema fills it in. */
  inputField(field: ShapeField, path: string): { type: GraphQLInputType; description: string | undefined } {
    const type = this.input(field.shape, path);
    const isDemanded = field.isRequired && !field.isNullable;
    return { type: isDemanded ? new GraphQLNonNull(type) : type, description: field.description };
  }

  #named<T>(
    made: Map<string, { readonly signature: string; readonly type: T }>,
    shape: Extract<Shape, { kind: 'object' }>,
    path: string,
    make: (name: string) => T,
  ): T {
    const signature = JSON.stringify(shape);
    for (const name of [shape.name, path]) {
      const existing = made.get(name);
      if (existing?.signature === signature) return existing.type;
      if (existing !== undefined) continue;
      const type = make(name);
      made.set(name, { signature, type });
      return type;
    }
    throw new Error(`two types of GraphQL would have the name ${path}`);
  }
}
