import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';

// IFC-1: what every client of the REST interface may rely on, whatever the route.

interface AssetAnswer {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}
interface ProblemAnswer {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
}

async function json<T>(response: Response): Promise<T> {
  return JSON.parse(await response.text());
}

describe('HTTP behaviour', () => {
  let server: TestServer;
  let count = 0;
  beforeAll(async () => {
    server = await startTestServer({ QV_RATE_LIMIT_PER_MINUTE: '1000000', QV_BODY_BYTES_MAX: '20000' });
  });
  afterAll(() => server.stop());

  const assetBody = () => {
    count += 1;
    return { name: `store-${count}`, type: 'data-store', endpoint: `postgres://store-${count}` };
  };
  const createAsset = async (): Promise<AssetAnswer> =>
    json(await server.request('POST', '/api/assets/manual', { body: assetBody() }));
  const assetCount = async (): Promise<number> => {
    const client = await server.database.superuser();
    const rows = await client.query<{ count: bigint }>('SELECT count(*) AS count FROM asset');
    await client.end();
    return Number(rows.rows[0]?.count);
  };

  /** Expects a problem document (RFC 9457) and gives it back. */
  async function problem(response: Response, status: number, code: string): Promise<ProblemAnswer> {
    const body = await json<ProblemAnswer>(response);
    expect({ status: response.status, code: body.code }).toEqual({ status, code });
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ status, requestId: response.headers.get('x-request-id') });
    expect(body.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.title).not.toBe('');
    expect(body.detail).not.toBe('');
    return body;
  }

  describe('versions of a resource', () => {
    it('IFC-1: GET answers with an ETag, and 304 without a body to who has that version', async () => {
      const asset = await createAsset();
      const first = await server.request('GET', `/api/assets/${asset.id}`);
      const etag = first.headers.get('etag') ?? '';
      expect(etag).toMatch(/^"[0-9]+"$/);
      const again = await server.request('GET', `/api/assets/${asset.id}`, { headers: { 'if-none-match': etag } });
      expect(again.status).toBe(304);
      expect(again.headers.get('etag')).toBe(etag);
      expect(await again.text()).toBe('');
      const older = await server.request('GET', `/api/assets/${asset.id}`, { headers: { 'if-none-match': '"999"' } });
      expect(older.status).toBe(200);
      expect(await json<AssetAnswer>(older)).toEqual(await json<AssetAnswer>(first));
    });

    it('IFC-1: a weak ETag, a list of them and * in If-None-Match match as RFC 9110 says', async () => {
      const asset = await createAsset();
      for (const header of [`W/"${asset.version}"`, `"999", "${asset.version}"`, '*']) {
        const answer = await server.request('GET', `/api/assets/${asset.id}`, { headers: { 'if-none-match': header } });
        expect({ header, status: answer.status }).toEqual({ header, status: 304 });
      }
    });

    it('IFC-1: PATCH without If-Match is 428, with another version 412, and with the right one it changes', async () => {
      const asset = await createAsset();
      const target = `/api/assets/${asset.id}/classification`;
      const body = { sensitivity: 'restricted' };
      await problem(await server.request('PATCH', target, { body }), 428, 'REQUEST_IF_MATCH_REQUIRED');
      const wrong = await server.request('PATCH', target, { body, headers: { 'if-match': '"77"' } });
      expect(wrong.status).toBe(412);
      const right = await server.request('PATCH', target, { body, headers: { 'if-match': `"${asset.version}"` } });
      expect(right.status).toBe(200);
      const changed = await json<AssetAnswer>(right);
      expect(changed).toMatchObject({ sensitivity: 'restricted', version: asset.version + 1 });
      expect(right.headers.get('etag')).toBe(`"${changed.version}"`);
      // The version that it was made from is gone: the same request again loses.
      const late = await server.request('PATCH', target, { body, headers: { 'if-match': `"${asset.version}"` } });
      expect(late.status).toBe(412);
    });

    it('IFC-1: of ten changes at once from one version exactly one is made', async () => {
      const asset = await createAsset();
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, at) =>
          server.request('PATCH', `/api/assets/${asset.id}/classification`, {
            body: { dataLifetimeYears: at + 20 },
            headers: { 'if-match': `"${asset.version}"` },
          }),
        ),
      );
      const statuses = answers.map((answer) => answer.status).sort();
      expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
    });
  });

  describe('Idempotency-Key', () => {
    it('IFC-1: a repeated request has one effect and the same answer', async () => {
      const body = assetBody();
      const headers = { 'idempotency-key': 'repeat-1' };
      const before = await assetCount();
      const first = await server.request('POST', '/api/assets/manual', { body, headers });
      const second = await server.request('POST', '/api/assets/manual', { body, headers });
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
      expect(await second.text()).toBe(await first.text());
      expect(await assetCount()).toBe(before + 1);
    });

    it('IFC-1: the key of another request is refused with 422 and has no effect', async () => {
      const headers = { 'idempotency-key': 'reused-1' };
      await server.request('POST', '/api/assets/manual', { body: assetBody(), headers });
      const before = await assetCount();
      const other = await server.request('POST', '/api/assets/manual', { body: assetBody(), headers });
      await problem(other, 422, 'IDEMPOTENCY_KEY_REUSED');
      const elsewhere = await server.request('POST', '/api/assets/discover/tls', {
        body: { targets: ['localhost:443'] },
        headers,
      });
      await problem(elsewhere, 422, 'IDEMPOTENCY_KEY_REUSED');
      expect(await assetCount()).toBe(before);
    });

    it('IFC-1: sent twenty times at once it still has one effect, and all get the same answer', async () => {
      const body = assetBody();
      const before = await assetCount();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          server.request('POST', '/api/assets/manual', { body, headers: { 'idempotency-key': 'at-once-1' } }),
        ),
      );
      const texts = await Promise.all(answers.map((answer) => answer.text()));
      expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 201));
      expect(new Set(texts).size).toBe(1);
      expect(await assetCount()).toBe(before + 1);
    });

    it('IFC-1: a request that failed does not keep its key', async () => {
      const body = assetBody();
      const headers = { 'idempotency-key': 'failed-1' };
      const taken = await server.request('POST', '/api/assets/manual', { body });
      expect(taken.status).toBe(201);
      const refused = await server.request('POST', '/api/assets/manual', { body, headers });
      expect(refused.status).toBe(409);
      const { id } = await json<AssetAnswer>(taken);
      expect((await server.request('DELETE', `/api/assets/${id}`)).status).toBe(204);
      expect((await server.request('POST', '/api/assets/manual', { body, headers })).status).toBe(201);
    });

    it('IFC-1: a key that was never a key is refused', async () => {
      for (const key of ['', 'with space', 'k'.repeat(256), 'ü']) {
        const response = await server.request('POST', '/api/assets/manual', {
          body: assetBody(),
          headers: { 'idempotency-key': key },
        });
        await problem(response, 400, 'IDEMPOTENCY_KEY_INVALID');
      }
    });

    it('ACC-1: an answer that holds a secret is never kept for repetition', async () => {
      const client = await server.database.superuser();
      const stored = await client.query<{ response: unknown }>('SELECT response FROM idempotency_key');
      await client.end();
      expect(stored.rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(stored.rows)).not.toMatch(/PRIVATE KEY|"dataKey":/);
    });
  });

  it('IFC-1: a listing walked page by page gives every item once, in order, also while items are added', async () => {
    const made = new Set<string>();
    for (let at = 0; at < 25; at += 1) made.add((await createAsset()).id);
    for (const sort of ['newest', 'risk']) {
      const seen: string[] = [];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const next: string = cursor === null ? '' : `&cursor=${cursor}`;
        const page: { items: AssetAnswer[]; nextCursor: string | null } = await json(
          await server.request('GET', `/api/assets?limit=7&sort=${sort}${next}`),
        );
        expect(page.items.length).toBeLessThanOrEqual(7);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
        pages += 1;
        // Newer than all that is listed: keyset pages are not shifted by it.
        if (sort === 'newest' && pages < 3) await createAsset();
      } while (cursor !== null && pages < 100);
      expect(new Set(seen).size).toBe(seen.length);
      expect([...made].filter((id) => !seen.includes(id))).toEqual([]);
      expect(pages).toBeGreaterThan(3);
      if (sort === 'newest') expect(seen).toEqual([...seen].sort().reverse());
    }
  });

  it('IFC-1: a cursor that no page gave, or that another listing gave, is refused or ends the listing, never 500', async () => {
    const page = await json<{ nextCursor: string }>(await server.request('GET', '/api/assets?limit=1'));
    for (const [target, cursor] of [
      ['/api/assets', 'AAAA'],
      ['/api/assets?sort=risk', page.nextCursor],
      ['/api/jobs', page.nextCursor],
      ['/api/policies', page.nextCursor],
      ['/api/audit', page.nextCursor],
      ['/api/environments', page.nextCursor],
    ] as const) {
      const response = await server.request('GET', `${target}${target.includes('?') ? '&' : '?'}cursor=${cursor}`);
      expect({ target, isServerError: response.status >= 500 }).toEqual({ target, isServerError: false });
      await response.text();
    }
  });

  it('IFC-1: a body over the limit is 413, another media type 415, broken JSON 400, each a problem document', async () => {
    const large = await server.request('POST', '/api/assets/manual', { rawBody: `{"name":"${'x'.repeat(30_000)}"}` });
    await problem(large, 413, 'REQUEST_TOO_LARGE');
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const other = await server.request('POST', '/api/assets/manual', {
        rawBody: 'name=x',
        headers: { 'content-type': type },
      });
      await problem(other, 415, 'REQUEST_MEDIA_TYPE');
    }
    const broken = await server.request('POST', '/api/assets/manual', { rawBody: '{"name": ' });
    await problem(broken, 400, 'REQUEST_INVALID');
  });

  it('IFC-1: the body is not read before the key is known', async () => {
    const response = await server.request('POST', '/api/assets/manual', {
      rawBody: `{"name":"${'x'.repeat(30_000)}"}`,
      apiKey: null,
    });
    await problem(response, 401, 'IDENTITY_UNAUTHENTICATED');
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('IFC-1: every answer carries its own request id and is neither cached, sniffed nor framed', async () => {
    const ids = new Set<string>();
    for (const target of [
      '/health/live',
      '/api/assets',
      '/api/nothing',
      '/metrics',
      '/api/docs',
      '/api/openapi.json',
    ]) {
      const { headers } = await server.request('GET', target, { headers: { 'x-request-id': 'chosen-by-the-client' } });
      ids.add(headers.get('x-request-id') ?? '');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('server')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
    }
    expect(ids.size).toBe(6);
    expect([...ids].filter((id) => !/^[0-9a-f-]{36}$/.test(id))).toEqual([]);
  });

  it('IFC-1: a Bearer key is as good as X-API-Key, and forwarded headers change nobody’s address', async () => {
    const response = await server.request('GET', '/api/whoami', {
      apiKey: null,
      headers: {
        authorization: `Bearer ${server.signIn.apiKey}`,
        'x-forwarded-for': '198.51.100.9',
        forwarded: 'for=198.51.100.9',
      },
    });
    expect(response.status).toBe(200);
    await createAsset();
    const page = await json<{ items: { source: string | null }[] }>(await server.request('GET', '/api/audit?limit=20'));
    expect(JSON.stringify(page)).not.toContain('198.51.100.9');
    expect(page.items.some(({ source }) => source === '127.0.0.1')).toBe(true);
  });

  it('IFC-1: the page for people has no script, and everything in it passes its own content security policy', async () => {
    const response = await server.request('GET', '/api/docs', { apiKey: null });
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(html).not.toMatch(/<script|javascript:|\son\w+\s*=|<iframe|<object|<img|<link|@import|url\(|style="/i);
    const policy = response.headers.get('content-security-policy') ?? '';
    const styles = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text]) => text ?? '');
    expect(styles.length).toBe(1);
    for (const style of styles)
      expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(policy).not.toMatch(/unsafe|\*/);
    // Everything that is described can be read there.
    const document = await json<{ paths: Record<string, Record<string, { operationId: string }>> }>(
      await server.request('GET', '/api/openapi.json'),
    );
    for (const item of Object.values(document.paths))
      for (const { operationId } of Object.values(item)) expect(html).toContain(`id="${operationId}"`);
  });

  it('QUA-10: /metrics has the six named metrics, with values, and no unbounded label', async () => {
    await createAsset();
    const response = await server.request('GET', '/metrics', { apiKey: null });
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const [name, type] of [
      ['quantumvault_jobs_pending', 'gauge'],
      ['quantumvault_jobs_completed_total', 'counter'],
      ['quantumvault_jobs_failed_total', 'counter'],
      ['quantumvault_api_requests_total', 'counter'],
      ['quantumvault_audit_chain_valid', 'gauge'],
      ['quantumvault_crypto_operations_duration', 'histogram'],
    ])
      expect(text).toMatch(new RegExp(`^# TYPE ${name} ${type}$`, 'm'));
    expect(text).toMatch(/^quantumvault_jobs_pending \d+$/m);
    expect(text).toMatch(/^quantumvault_audit_chain_valid 1$/m);
    expect(text).toMatch(/^quantumvault_api_requests_total\{endpoint="\/api\/assets\/manual",status="201"\} \d+$/m);
    // Neither an id nor a name that somebody gave becomes a label.
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(text).not.toContain('store-1');
  });

  it('QUA-10: the histogram of cryptographic operations counts what was done', async () => {
    const asset = await createAsset();
    const policies = await json<{ items: { id: string; name: string }[] }>(
      await server.request('GET', '/api/policies'),
    );
    const policyId = policies.items.find(({ name }) => name === 'hybrid-default')?.id;
    await server.request('POST', `/api/assets/${asset.id}/apply-policy`, { body: { policyId } });
    const counted = async () => {
      const text = await (await server.request('GET', '/metrics')).text();
      return /^quantumvault_crypto_operations_duration_count\{[^}]*algorithm="[^"]+"[^}]*\} [1-9]/m.test(text);
    };
    await expect.poll(counted, { timeout: 10_000 }).toBe(true);
  });

  it('IFC-1: OpenAPI is sound: every $ref resolves, operation ids are unique, path parameters are declared', async () => {
    const document = await json<Record<string, unknown>>(await server.request('GET', '/api/openapi.json'));
    expect(document.openapi).toBe('3.1.0');
    const refs: string[] = [];
    const walk = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === '$ref' && typeof value === 'string') refs.push(value);
        else walk(value);
      }
    };
    walk(document);
    expect(refs.length).toBeGreaterThan(0);
    const resolve = (ref: string): unknown =>
      ref
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>((node, part) => Reflect.get(Object(node), part), document);
    expect(refs.filter((ref) => !ref.startsWith('#/') || resolve(ref) === undefined)).toEqual([]);
    const ids: string[] = [];
    for (const [path, item] of Object.entries(
      Object(document.paths) as Record<string, Record<string, OpenApiOperation>>,
    )) {
      for (const operation of Object.values(item)) {
        ids.push(operation.operationId);
        const declared = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
        expect(declared.sort()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());
        expect(new Set(operation.parameters.map(({ name, in: place }) => `${place} ${name}`)).size).toBe(
          operation.parameters.length,
        );
        expect(Object.keys(operation.responses).filter((status) => status.startsWith('2'))).toHaveLength(1);
      }
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(25);
  });
});

interface OpenApiOperation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

describe('rate limit', () => {
  it('ACC-10: too many requests from one address are 429 with Retry-After, before the key is looked at; health too', async () => {
    const server = await startTestServer({ QV_RATE_LIMIT_PER_MINUTE: '10' });
    try {
      const statuses: number[] = [];
      let last: Response | undefined;
      for (let at = 0; at < 15; at += 1) {
        last = await server.request('GET', '/api/whoami');
        statuses.push(last.status);
      }
      expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 200));
      expect(statuses.slice(10)).toEqual(Array.from({ length: 5 }, () => 429));
      expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(last?.headers.get('retry-after'))).toBeLessThanOrEqual(60);
      const body = JSON.parse((await last?.text()) ?? '{}');
      expect(body).toMatchObject({ status: 429, code: 'REQUEST_RATE_LIMITED' });
      expect(body.requestId).toBe(last?.headers.get('x-request-id'));
      const keyless = await server.request('POST', '/api/assets/manual', { apiKey: null, rawBody: '{' });
      expect(keyless.status).toBe(429);
    } finally {
      await server.stop();
    }
  });
});
