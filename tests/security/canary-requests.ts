import { bodySchema, fillPath, missingId, neededHeaders, type Route, type Schema, sampleBody } from '../e2e/openapi.ts';

/** In every planted secret, so that one search finds them all. Twelve letters that nothing else in the world contains. */
export const plantedMark = 'QvCanaryMark';

export interface PlantedRequest {
  /** Where the secret is, for the report. */
  readonly place: string;
  readonly method: string;
  readonly path: string;
  /** null: none; undefined: the administrator's. */
  readonly apiKey?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Makes secrets that look like what people paste into the wrong place; each is used once. */
export class CanarySource {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  #number(): string {
    this.#count += 1;
    return String(this.#count).padStart(5, '0');
  }

  /** Well-formed as an API key: what follows the prefix is the secret. */
  apiKey(): string {
    const number = this.#number();
    return `qv_canary${number}a_${`${plantedMark}${number}`.padEnd(43, 'Z')}`;
  }

  /** A password with everything that URLs and JSON escape. */
  password(): string {
    return `${plantedMark}${this.#number()}/+"%&=\\é`;
  }

  /** Letters only, for places that take nothing else. */
  token(): string {
    return `${plantedMark}${this.#number()}`;
  }
}

/** Requests to one route that carry a secret where none belongs. All are refused, but for the headers nobody reads. */
export function plantedRequests(route: Route, canaries: CanarySource): PlantedRequest[] {
  const method = route.method.toUpperCase();
  const path = fillPath(route.path, missingId);
  const headers = neededHeaders(route);
  const good = sampleBody(route);
  const body = good === undefined ? {} : { body: JSON.stringify(good) };
  const list: PlantedRequest[] = [];
  const plant = (place: string, request: Partial<PlantedRequest>): void => {
    list.push({ place: `${route.operation.operationId}: ${place}`, method, path, headers, ...body, ...request });
  };
  const encoded = (): string => encodeURIComponent(canaries.password());

  plant('X-API-Key', { apiKey: canaries.apiKey() });
  plant('X-API-Key, malformed', { apiKey: `qv_${canaries.token()}` });
  plant('Bearer', { apiKey: null, headers: { ...headers, authorization: `Bearer ${canaries.apiKey()}` } });
  const basic = Buffer.from(`admin:${canaries.token()}`).toString('base64');
  plant('Basic', { apiKey: null, headers: { ...headers, authorization: `Basic ${basic}` } });
  plant('key in the query', { path: `${path}?api_key=${canaries.apiKey()}` });
  plant('password in the query', { path: `${path}?password=${encoded()}`, apiKey: null });
  plant('name of a query parameter', { path: `${path}?${encoded()}=1` });
  for (const name of [
    'cookie',
    'x-request-id',
    'user-agent',
    'referer',
    'x-forwarded-for',
    'traceparent',
    'if-none-match',
  ])
    plant(`header ${name}`, { headers: { ...headers, [name]: canaries.token() } });
  for (const { name, in: place } of route.operation.parameters) {
    if (place === 'path') plant(`path ${name}`, { path: fillPath(route.path, encoded()) });
    if (place === 'query') plant(`query ${name}`, { path: `${path}?${name}=${encoded()}` });
    if (name === 'If-Match') plant(name, { headers: { 'if-match': `"${canaries.token()}"` } });
    if (name === 'Idempotency-Key')
      plant(name, { headers: { ...headers, 'idempotency-key': canaries.token().repeat(20) } });
  }
  const schema = bodySchema(route);
  if (schema === undefined) {
    if (method !== 'GET') plant('body where none is taken', { body: JSON.stringify({ token: canaries.password() }) });
    return list;
  }
  plant('unknown field', { body: JSON.stringify({ ...good, apiKey: canaries.apiKey() }) });
  plant('name of an unknown field', { body: JSON.stringify({ ...good, [canaries.password()]: 1 }) });
  plant('broken JSON', { body: `{"password":"${canaries.token()}` });
  plant('text for an object', { body: JSON.stringify(canaries.password()) });
  plant('another media type', {
    headers: { ...headers, 'content-type': 'text/csv' },
    body: `password,${canaries.token()}`,
  });
  plant('a form', {
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: `password=${encoded()}`,
  });
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    plant(`${name} as an object`, { body: JSON.stringify({ ...good, [name]: { token: canaries.password() } }) });
    plant(`${name} as a list`, { body: JSON.stringify({ ...good, [name]: [[canaries.password()]] }) });
    if (takesFreeText(field))
      plant(`${name} too long`, { body: JSON.stringify({ ...good, [name]: canaries.token().repeat(100) }) });
    else plant(`${name} as text`, { body: JSON.stringify({ ...good, [name]: canaries.password() }) });
  }
  return list;
}

const takesFreeText = (schema: Schema): boolean =>
  [schema, ...(schema.anyOf ?? [])].some(({ type, enum: allowed }) => [type].flat().includes('string') && !allowed);
