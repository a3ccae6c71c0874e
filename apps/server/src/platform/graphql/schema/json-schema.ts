import * as contract from '@quantumvault/api';
import { z } from 'zod';

/** The part of JSON Schema that the contract's schemas become. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
  /** The contract's name of this schema, e.g. `Asset` of `assetSchema`. */
  readonly contractName?: string;
}

/** Schemas that packages/api exports as `somethingSchema`: their types in GraphQL carry that name. */
const contractNames = new Map<unknown, string>(
  Object.entries(contract).flatMap(([name, value]) =>
    name.endsWith('Schema') && value instanceof z.ZodType
      ? [[value, name.charAt(0).toUpperCase() + name.slice(1, -'Schema'.length)] as const]
      : [],
  ),
);

/** The JSON Schema of a schema of the contract, the same conversion that OpenAPI is made with. */
export function describeSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const name = contractNames.get(zodSchema);
      if (name !== undefined) Object.assign(jsonSchema, { contractName: name });
    },
  }) as JsonSchema;
}
