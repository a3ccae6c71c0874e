import { may, type RouteContract, route } from '@quantumvault/api';
import { printSchema, validateSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildGraphqlInterface } from './build-schema.ts';
import { partsOf, targetOf } from './route-arguments.ts';

const thing = z.strictObject({
  id: z.string(),
  small: z.number().int().min(0).max(100),
  large: z.number().int(),
  ratio: z.number().nullable(),
  kind: z.enum(['a-b', 'c']),
  either: z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })]),
  record: z.record(z.string(), z.string()),
  inner: z.strictObject({ list: z.array(z.strictObject({ on: z.boolean() })) }).nullable(),
  odd: z.strictObject({ 'not-a-name': z.string() }),
  mayLack: z.string().optional(),
});

const readThing = route({
  id: 'readThing',
  method: 'GET',
  path: '/api/things/{id}',
  ...may('asset.read'),
  tag: 'things',
  summary: 'A thing',
  params: z.strictObject({ id: z.string() }),
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(9).default(5),
    withAll: z.stringbool().optional(),
  }),
  success: { status: 200, description: 'It', schema: thing },
});
const changeThing = route({
  id: 'changeThing',
  method: 'POST',
  path: '/api/things/{id}/change',
  ...may('asset.create'),
  tag: 'things',
  summary: 'Change',
  idempotent: true,
  ifMatch: true,
  params: z.strictObject({ id: z.string() }),
  body: z.strictObject({ name: z.string(), tags: z.array(z.string()).default([]), note: z.string().nullish() }),
  success: { status: 204, description: 'Changed' },
});
const plain = (contract: RouteContract) => ({ contract, isPlain: true });

describe('IFC-2: the schema made from routes', () => {
  const { schema } = buildGraphqlInterface([plain(readThing), plain(changeThing)]);
  const text = printSchema(schema);

  it('IFC-2: every JSON type has its GraphQL type; what GraphQL cannot express is JSON', () => {
    expect(validateSchema(schema)).toEqual([]);
    for (const line of [
      'small: Int!',
      'large: SafeInt!',
      'ratio: Float\n',
      'kind: String!',
      'either: JSON!',
      'record: JSON!',
      'inner: ReadThingAnswerInner\n',
      'list: [ReadThingAnswerInnerList!]!',
      'odd: JSON!',
      'mayLack: String\n',
    ])
      expect(text).toContain(line);
  });

  it('IFC-2: a GET is a query, all else a mutation; arguments are path, query, body, ifMatch and idempotencyKey', () => {
    expect(text).toContain('readThing(id: String!, limit: Int, withAll: String): ReadThingAnswer');
    const squeezed = text.replaceAll(/"""[^"]*"""/g, '').replaceAll(/\s+/g, ' ');
    expect(squeezed).toContain(
      'changeThing( id: String! body: ChangeThingBodyInput! ifMatch: SafeInt! idempotencyKey: String ): Boolean',
    );
    expect(squeezed).toContain('input ChangeThingBodyInput { name: String! tags: [String!] note: String }');
  });

  it('IFC-2: arguments become the request that REST would have sent', () => {
    const parts = partsOf(readThing, { id: 'a/b', limit: 3, withAll: null });
    expect(parts).toMatchObject({ params: { id: 'a/b' }, query: { limit: '3' }, ifMatch: null });
    expect(targetOf(readThing, parts)).toBe('/api/things/a%2Fb?limit=3');
    const body = Object.assign(Object.create(null), { name: 'x' });
    const change = partsOf(changeThing, { id: '1', body, ifMatch: 7, idempotencyKey: 'k' });
    expect(change).toEqual({ params: { id: '1' }, query: {}, body: { name: 'x' }, ifMatch: 7, idempotencyKey: 'k' });
    expect(Object.getPrototypeOf(change.body)).toBe(Object.prototype);
  });

  it('IFC-2: a route that cannot be a field is named with its reason', () => {
    const open: RouteContract = { ...readThing, id: 'open', auth: 'none' };
    const stream: RouteContract = {
      ...readThing,
      id: 'stream',
      success: { status: 200, description: '', mediaType: 'x/y' },
    };
    const { absent, fields } = buildGraphqlInterface([
      plain(readThing),
      plain(open),
      plain(stream),
      { contract: { ...readThing, id: 'cookies' }, isPlain: false },
    ]);
    expect([...fields.keys()]).toEqual(['readThing']);
    expect(absent.map(({ id }) => id)).toEqual(['open', 'stream', 'cookies']);
  });

  it('IFC-2: two answers that would share a name and differ get two types', () => {
    const page = z.strictObject({ items: z.array(thing), nextCursor: z.string().nullable() });
    const other = route({
      ...readThing,
      id: 'readThingAnswer',
      success: { status: 200, description: '', schema: page },
    });
    const twice = buildGraphqlInterface([plain(readThing), plain(other)]);
    expect(validateSchema(twice.schema)).toEqual([]);
    expect(() =>
      buildGraphqlInterface([plain(readThing), plain({ ...readThing, query: z.strictObject({ id: z.string() }) })]),
    ).toThrow('two arguments');
  });
});
