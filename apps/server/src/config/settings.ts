import { keyPoolSizeMax, type SyncSignatureAlgorithm, syncSignatureAlgorithms } from '@quantumvault/crypto';
import { z } from 'zod';
import { accessSettings } from './access-settings.ts';
import { limitSettings } from './limit-settings.ts';
import { setting } from './setting.ts';
import { signInSettings } from './sign-in-settings.ts';
import { tlsSettings } from './tls-settings.ts';

export type { Setting } from './setting.ts';

const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const range = (min: number, max: number) => `${min} to ${max}`;

const cidrList = z
  .string()
  .max(10_000)
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(z.array(z.string().regex(/^[0-9a-fA-F.:]+\/[0-9]{1,3}$/, 'not a CIDR, e.g. 10.0.0.0/8')));

const kindPattern = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)*)=([1-9][0-9]?)$/;
const parallelByKind = z
  .string()
  .max(2_000)
  .transform((text, context) => {
    const byKind = new Map<string, number>();
    for (const part of text.split(',').map((piece) => piece.trim())) {
      if (part === '') continue;
      const [, kind, jobs] = kindPattern.exec(part) ?? [];
      if (kind === undefined || Number(jobs) > 64 || byKind.has(kind)) {
        context.addIssue({ code: 'custom', message: 'a kind, =, and 1 to 64, each kind once; e.g. scan-tls=2' });
        return z.NEVER;
      }
      byKind.set(kind, Number(jobs));
    }
    return byKind as ReadonlyMap<string, number>;
  });

const keyPool = z
  .string()
  .max(1_000)
  .transform((text, context) => {
    const sizes = new Map<SyncSignatureAlgorithm, number>();
    for (const part of text.split(',').map((piece) => piece.trim())) {
      if (part === '') continue;
      const [name, size = ''] = part.split('=');
      const algorithm = syncSignatureAlgorithms.find((known) => known === name);
      const isSize = /^[1-9][0-9]{0,2}$/.test(size) && Number(size) <= keyPoolSizeMax;
      if (algorithm === undefined || !isSize || sizes.has(algorithm)) {
        const message = `one of ${syncSignatureAlgorithms.join(', ')}, =, and 1 to ${keyPoolSizeMax}, each once; e.g. ML-DSA-65=16`;
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      }
      sizes.set(algorithm, Number(size));
    }
    return sizes as ReadonlyMap<SyncSignatureAlgorithm, number>;
  });

/** QUA-12: the one schema of settings. docs/reference/settings.md is generated from it. */
export const settings = {
  host: setting({
    env: 'QV_HOST',
    reader: 'server',
    schema: z.string().min(1).max(255),
    unit: 'address',
    default: '127.0.0.1',
    limit: 'one address',
    sentence: 'Address to listen on. Anything but a loopback address exposes the server to others.',
  }),
  port: setting({
    env: 'QV_PORT',
    reader: 'server',
    schema: integer(1, 65535),
    unit: 'port',
    default: '8920',
    limit: range(1, 65535),
    sentence: 'Port to listen on.',
  }),
  publicUrl: setting({
    env: 'QV_PUBLIC_URL',
    reader: 'server',
    schema: z
      .url({ protocol: /^https?$/ })
      .max(300)
      .refine((url) => new URL(url).protocol === 'https:' || new URL(url).hostname === 'localhost', {
        message: 'https, or http on localhost',
      }),
    unit: 'URL',
    default: null,
    limit: 'https, or http on localhost',
    sentence:
      'Address that people type; passkeys are bound to its host name and port, and are lost when they change. Absent: the address of the listener, a loopback address as localhost.',
  }),
  role: setting({
    env: 'QV_ROLE',
    reader: 'server',
    schema: z.enum(['web', 'worker', 'both']),
    unit: 'name',
    default: 'both',
    limit: 'web, worker, both',
    sentence: 'What this process does: answer requests, work on jobs and the audit log, or both.',
  }),
  dataDir: setting({
    env: 'QV_DATA_DIR',
    reader: 'launcher',
    schema: z.string().min(1).max(1000),
    unit: 'path',
    default: '.quantumvault',
    limit: 'one folder',
    sentence:
      'Folder for the seal key, database roles, checkpoints, logs and the embedded database. Default: in the checkout.',
  }),
  databaseUrl: setting({
    env: 'DATABASE_URL',
    reader: 'launcher',
    schema: z.string().regex(/^postgres(ql)?:\/\//),
    unit: 'URL',
    default: null,
    limit: 'PostgreSQL 15 or newer',
    sentence:
      'A role with CREATEROLE that owns the database; only the short-lived migrate process uses it. Absent: the embedded PostgreSQL.',
  }),
  databaseTls: setting({
    env: 'QV_DATABASE_TLS',
    reader: 'server',
    schema: z.enum(['verify-full', 'off']),
    unit: 'name',
    default: 'verify-full',
    limit: 'verify-full, off',
    sentence: 'TLS towards a database on another host; off is for networks that you alone control.',
  }),
  database: setting({
    env: 'QV_DATABASE',
    reader: 'server',
    schema: z.string().max(4000),
    unit: 'JSON',
    default: null,
    limit: 'set by the launcher',
    sentence: 'Where the database is, without credentials; the launcher sets it for the server.',
    internal: true,
  }),
  keyFile: setting({
    env: 'QV_KEY_FILE',
    reader: 'server',
    schema: z.string().min(1).max(1000),
    unit: 'path',
    default: '<data dir>/seal.key',
    limit: 'one file, mode 0600',
    sentence: 'Key file that unseals the root key (RES-2). Keep a copy elsewhere: without it nothing can be opened.',
  }),
  checkpointDir: setting({
    env: 'QV_CHECKPOINT_DIR',
    reader: 'server',
    schema: z.string().min(1).max(1000),
    unit: 'path',
    default: '<data dir>/checkpoints',
    limit: 'one folder, the same for all processes',
    sentence:
      'Folder outside the database for checkpoints, tiles and public keys of the audit log. Put it where no database administrator can write.',
  }),
  logLevel: setting({
    env: 'QV_LOG_LEVEL',
    reader: 'server',
    schema: z.enum(['debug', 'info', 'warn', 'error']),
    unit: 'name',
    default: 'info',
    limit: 'debug, info, warn, error',
    sentence: 'Lowest level that is logged.',
  }),
  scanAllow: setting({
    env: 'QV_SCAN_ALLOW',
    reader: 'server',
    schema: cidrList,
    unit: 'CIDRs, comma-separated',
    default: '',
    limit: 'metadata addresses stay refused',
    sentence: 'Own networks that the server may scan (INV-7). Empty: public addresses only.',
  }),
  databasePoolMax: setting({
    env: 'QV_DATABASE_POOL_MAX',
    reader: 'server',
    schema: integer(5, 100),
    unit: 'connections',
    default: '10',
    limit: range(5, 100),
    sentence: 'Connections of the application role; the other roles take a few more.',
  }),
  databaseStatementTimeoutMs: setting({
    env: 'QV_DATABASE_STATEMENT_TIMEOUT_MS',
    reader: 'server',
    schema: integer(100, 600_000),
    unit: 'milliseconds',
    default: '15000',
    limit: range(100, 600_000),
    sentence: 'A statement that runs longer is ended by the database.',
  }),
  jobParallel: setting({
    env: 'QV_JOB_PARALLEL',
    reader: 'server',
    schema: integer(1, 64),
    unit: 'jobs',
    default: '4',
    limit: range(1, 64),
    sentence: 'Jobs of each kind that one process works on at once.',
  }),
  jobParallelByKind: setting({
    env: 'QV_JOB_PARALLEL_BY_KIND',
    reader: 'server',
    schema: parallelByKind,
    unit: 'kind=jobs, comma-separated',
    default: 'protect-asset=32',
    limit: '1 to 64 each',
    sentence:
      'Kinds that differ from QV_JOB_PARALLEL. Kinds never take the place of others, so that long scans cannot hold up protection.',
  }),
  keyPool: setting({
    env: 'QV_KEY_POOL',
    reader: 'server',
    schema: keyPool,
    unit: 'algorithm=key pairs, comma-separated',
    default: '',
    limit: `1 to ${keyPoolSizeMax} each`,
    sentence:
      'Key pairs of certificates and tokens that each process makes before they are needed (CRY-11), in memory only. Empty: none.',
  }),
  jobBatch: setting({
    env: 'QV_JOB_BATCH',
    reader: 'server',
    schema: integer(1, 200),
    unit: 'jobs',
    default: '32',
    limit: range(1, 200),
    sentence: 'Most jobs claimed in one statement; never more than two for each that may run at once.',
  }),
  jobPollIntervalMs: setting({
    env: 'QV_JOB_POLL_INTERVAL_MS',
    reader: 'server',
    schema: integer(50, 60_000),
    unit: 'milliseconds',
    default: '1000',
    limit: range(50, 60_000),
    sentence: 'Time between looks for work when no notification arrives.',
  }),
  jobLeaseSeconds: setting({
    env: 'QV_JOB_LEASE_SECONDS',
    reader: 'server',
    schema: integer(3, 3600),
    unit: 'seconds',
    default: '15',
    limit: range(3, 3600),
    sentence: 'A job whose worker has been silent for this long is taken over; heartbeats come at a third of it.',
  }),
  bodyBytesMax: setting({
    env: 'QV_BODY_BYTES_MAX',
    reader: 'server',
    schema: integer(1024, 16_777_216),
    unit: 'bytes',
    default: '1048576',
    limit: range(1024, 16_777_216),
    sentence: 'Largest request body.',
  }),
  graphqlIntrospection: setting({
    env: 'QV_GRAPHQL_INTROSPECTION',
    reader: 'server',
    schema: z.enum(['on', 'off']),
    unit: 'name',
    default: 'on',
    limit: 'on, off',
    sentence:
      'Whether /graphql describes its schema to those who are signed in; /api/openapi.json describes the same to all.',
  }),
  ...limitSettings,
  shutdownTimeoutMs: setting({
    env: 'QV_SHUTDOWN_TIMEOUT_MS',
    reader: 'server',
    schema: integer(100, 300_000),
    unit: 'milliseconds',
    default: '15000',
    limit: range(100, 300_000),
    sentence: 'Time for running requests and jobs to end after a stop signal.',
  }),
  ...tlsSettings,
  ...signInSettings,
  ...accessSettings,
  url: setting({
    env: 'QV_URL',
    reader: 'cli',
    schema: z.url().max(1000),
    unit: 'URL',
    default: 'from the local bootstrap file',
    limit: 'http or https',
    sentence: 'Server that the CLI talks to.',
  }),
  apiKey: setting({
    env: 'QV_API_KEY',
    reader: 'cli',
    schema: z.string().max(200),
    unit: 'API key',
    default: 'from the local bootstrap file',
    limit: 'qv_<prefix>_<secret>',
    sentence: 'Key that the CLI uses; better by QV_API_KEY_FILE.',
  }),
  ca: setting({
    env: 'QV_CA',
    reader: 'cli',
    schema: z.string().max(65_536),
    unit: 'PEM',
    default: null,
    limit: '64 KiB',
    sentence: "Authorities that the CLI trusts beside the system's, most often by QV_CA_FILE.",
  }),
  organization: setting({
    env: 'QV_ORGANIZATION',
    reader: 'cli',
    schema: z.uuid(),
    unit: 'id',
    default: null,
    limit: 'UUID',
    sentence: 'Organization in which the client certificate stands for somebody; the CLI then sends no API key.',
  }),
  purpose: setting({
    env: 'QV_PURPOSE',
    reader: 'cli',
    schema: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      .max(60),
    unit: 'word',
    default: null,
    limit: '60 small letters, digits and hyphens',
    sentence: 'What a command is for: a condition of a grant may ask for it, and the log keeps it.',
  }),
  clientCertificate: setting({
    env: 'QV_CLIENT_CERTIFICATE',
    reader: 'cli',
    schema: z.string().max(65_536),
    unit: 'PEM',
    default: null,
    limit: '64 KiB, with its intermediates',
    sentence: 'Certificate that the CLI shows to a server that asks for one; by QV_CLIENT_CERTIFICATE_FILE.',
  }),
  clientKey: setting({
    env: 'QV_CLIENT_KEY',
    reader: 'cli',
    schema: z.string().max(65_536),
    unit: 'PEM',
    default: null,
    limit: 'PKCS#8',
    sentence: 'Private key of that certificate; by QV_CLIENT_KEY_FILE.',
  }),
  faultRounds: setting({
    env: 'QV_FAULT_ROUNDS',
    reader: 'tests',
    schema: integer(1, 1000),
    unit: 'rounds',
    default: '2',
    limit: range(1, 1000),
    sentence: 'Rounds of each kill in the fault tests.',
  }),
  faultJobs: setting({
    env: 'QV_FAULT_JOBS',
    reader: 'tests',
    schema: integer(60, 100_000),
    unit: 'jobs',
    default: '150',
    limit: range(60, 100_000),
    sentence: 'Jobs under kill -9 in the fault tests, a third of each type.',
  }),
  twinJobs: setting({
    env: 'QV_TWIN_JOBS',
    reader: 'tests',
    schema: integer(100, 1_000_000),
    unit: 'jobs',
    default: '2000',
    limit: range(100, 1_000_000),
    sentence: 'Jobs that two worker processes share in the fault tests.',
  }),
  testSuperuserUrl: setting({
    env: 'QV_TEST_SUPERUSER_URL',
    reader: 'tests',
    schema: z.string().regex(/^postgres(ql)?:\/\//),
    unit: 'URL',
    default: null,
    limit: 'the cluster of DATABASE_URL',
    sentence:
      'Superuser with whom the tests play the malicious database administrator, when the role in DATABASE_URL is none.',
  }),
  servicesInstall: setting({
    env: 'QV_SERVICES_INSTALL',
    reader: 'tests',
    schema: z.enum(['on', 'off']),
    unit: 'name',
    default: 'on',
    limit: 'on, off',
    sentence: 'Whether the integration tests may install the servers that they need from Debian, as root.',
  }),
} as const;

export type SettingName = keyof typeof settings;
