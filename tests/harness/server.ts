import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient, type QuantumVaultClient } from '@quantumvault/api';
import { loadSettings } from '../../apps/server/src/config/load-settings.ts';
import { startServer } from '../../apps/server/src/main.start.ts';
import { writePrivateFile } from '../../apps/server/src/platform/files/private-file.ts';
import { createLogger } from '../../apps/server/src/platform/logging/logger.ts';
import { rolesFile } from '../../apps/server/src/platform/postgres/connection.ts';
import { cloneDatabase, type TestDatabase } from './database.ts';
import { freePort } from './free-port.ts';

export { freePort } from './free-port.ts';

export interface TestServer {
  readonly url: string;
  readonly dataDir: string;
  readonly database: TestDatabase;
  readonly signIn: { email: string; password: string; apiKey: string; organizationId: string; url: string };
  readonly client: QuantumVaultClient;
  /** Everything that the server has logged so far. */
  readonly logged: () => string;
  request(method: string, path: string, options?: RequestOptions): Promise<Response>;
  stop(): Promise<void>;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** null: no key at all. */
  readonly apiKey?: string | null;
}

/** The real server, in this process, on a database of its own: first boot included. */
export async function startTestServer(environment: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const database = await cloneDatabase();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'qv-server-'));
  writePrivateFile(rolesFile(dataDir), JSON.stringify(database.passwords));
  const lines: string[] = [];
  const settings = loadSettings(
    {
      QV_DATA_DIR: dataDir,
      QV_PORT: String(await freePort()),
      QV_DATABASE: JSON.stringify(database.facts),
      QV_LOG_LEVEL: 'debug',
      // Tests come from one address; those of the limits set their own.
      QV_RATE_LIMIT_SIGN_IN_PER_MINUTE: '1000000',
      QV_RATE_LIMIT_COSTLY_PER_MINUTE: '1000000',
      ...environment,
    },
    dataDir,
  );
  const server = await startServer({
    settings,
    logger: createLogger(settings.logLevel, { write: (line: string) => void lines.push(line) }),
    onSignIn: () => {},
  });
  const signIn = JSON.parse(readFileSync(path.join(dataDir, 'bootstrap-admin.json'), 'utf8'));
  return {
    url: server.url,
    dataDir,
    database,
    signIn,
    client: createClient({ url: server.url, apiKey: signIn.apiKey, http: fetch }),
    logged: () => lines.join(''),
    request: (method, target, options = {}) => {
      const apiKey = options.apiKey === undefined ? signIn.apiKey : options.apiKey;
      const body = options.rawBody ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
      return fetch(new URL(target, server.url), {
        method,
        headers: {
          ...(apiKey === null ? {} : { 'x-api-key': apiKey }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(body === undefined ? {} : { body }),
      });
    },
    stop: async () => {
      await server.stop('test');
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
