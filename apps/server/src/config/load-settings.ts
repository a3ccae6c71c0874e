import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { QuotaKind } from '@quantumvault/api';
import { SecretBytes, type SyncSignatureAlgorithm } from '@quantumvault/crypto';
import { PkiError, type TlsProfile, tlsProfile } from '@quantumvault/pki';
import type { z } from 'zod';
import { type Setting, type SettingName, settings } from './settings.ts';

type Parsed<N extends SettingName> = z.output<(typeof settings)[N]['schema']>;

export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  /** Where people reach this server; null: at its listener. */
  readonly publicUrl: string | null;
  readonly role: 'web' | 'worker' | 'both';
  readonly dataDir: string;
  readonly keyFile: string;
  readonly checkpointDir: string;
  readonly logLevel: Parsed<'logLevel'>;
  readonly scanAllow: readonly string[];
  readonly databaseTls: Parsed<'databaseTls'>;
  /** JSON of the connection facts, or null when the process was started without the launcher. */
  readonly database: string | null;
  readonly databasePoolMax: number;
  readonly databaseStatementTimeoutMs: number;
  readonly jobParallel: number;
  readonly jobParallelByKind: ReadonlyMap<string, number>;
  readonly keyPool: ReadonlyMap<SyncSignatureAlgorithm, number>;
  readonly jobBatch: number;
  readonly jobPollIntervalMs: number;
  readonly jobLeaseSeconds: number;
  readonly bodyBytesMax: number;
  readonly graphqlIntrospection: Parsed<'graphqlIntrospection'>;
  readonly trustedProxies: Parsed<'trustedProxies'> & { readonly header: Parsed<'forwardedHeader'> };
  readonly rateLimits: RateLimitSettings;
  /** Of one organization (ACC-13), by the names that the API gives them. */
  readonly quotas: Readonly<Record<QuotaKind, number>>;
  readonly shutdownTimeoutMs: number;
  readonly sessionAlgorithm: Parsed<'sessionAlgorithm'>;
  /** Where the operator has chosen it; in a type that does not print. */
  readonly firstApiKey: SecretBytes | null;
  readonly breachedPasswordsFile: string | null;
  readonly geoipFile: string | null;
  /** Null: the listener speaks plain HTTP, as it does on loopback by default. */
  readonly tls: TlsListenerSettings | null;
}

/** ACC-10; requests per minute. */
export interface RateLimitSettings {
  readonly address: number;
  readonly identity: number;
  readonly signIn: number;
  readonly costly: number;
  readonly bucketsMax: number;
}

/** PKI-3. */
export interface TlsListenerSettings {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly clientCertificates: Parsed<'tlsClientCertificates'>;
  /** Null exactly when no client certificates are asked for. */
  readonly clientCaFile: string | null;
  readonly profile: TlsProfile;
  readonly reloadSeconds: number;
}

/** Settings that do not fit. All of them are named at once, and never their values. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'SETTINGS_INVALID';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The settings are refused:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

function fromFile(file: string): string {
  if (statSync(file).size > 65_536) throw new Error('larger than 64 KiB');
  return readFileSync(file, 'utf8').trimEnd();
}

const known = new Set(Object.values(settings).flatMap((entry: Setting) => [entry.env, `${entry.env}_FILE`]));

/** Names of `QV_*` variables that no part of QuantumVault knows: most often a misspelling that would be silently without effect. */
export function unknownSettings(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('QV_') && !known.has(name))
    .sort();
}

/**
 * Reads all settings of the server from the environment, each also from `<NAME>_FILE`.
 * Throws `SettingsError` when one is unknown, given twice, unreadable or out of its limit.
 */
export function loadSettings(environment: Environment, defaultDataDir: string): ServerSettings {
  const problems: string[] = unknownSettings(environment).map((name) => `${name} is not a setting of QuantumVault`);

  const read = <N extends SettingName>(name: N, fallback: string | null): Parsed<N> | null => {
    const entry = settings[name] as Setting;
    const given = environment[entry.env];
    const file = environment[`${entry.env}_FILE`];
    let text = given ?? fallback;
    if (given !== undefined && file !== undefined) problems.push(`${entry.env} and ${entry.env}_FILE are both set`);
    else if (file !== undefined) {
      try {
        text = fromFile(file);
      } catch (error) {
        problems.push(`${entry.env}_FILE cannot be read: ${error instanceof Error ? error.message : 'unknown reason'}`);
        return null;
      }
    }
    if (text === null) return null;
    const parsed = entry.schema.safeParse(text);
    if (parsed.success) return parsed.data as Parsed<N>;
    problems.push(
      `${entry.env} is not valid (${entry.unit}; ${entry.limit}): ${parsed.error.issues.map((issue) => issue.message).join('; ')}`,
    );
    return null;
  };
  const required = <N extends SettingName>(name: N): Parsed<N> => read(name, settings[name].default) as Parsed<N>;

  const firstApiKey = read('firstApiKey', null);
  const dataDir = path.resolve(read('dataDir', defaultDataDir) ?? defaultDataDir);
  const loaded: ServerSettings = {
    host: required('host'),
    port: required('port'),
    publicUrl: read('publicUrl', null),
    role: required('role'),
    dataDir,
    keyFile: path.resolve(read('keyFile', path.join(dataDir, 'seal.key')) ?? ''),
    checkpointDir: path.resolve(read('checkpointDir', path.join(dataDir, 'checkpoints')) ?? ''),
    logLevel: required('logLevel'),
    scanAllow: required('scanAllow'),
    databaseTls: required('databaseTls'),
    database: read('database', null),
    databasePoolMax: required('databasePoolMax'),
    databaseStatementTimeoutMs: required('databaseStatementTimeoutMs'),
    jobParallel: required('jobParallel'),
    jobParallelByKind: required('jobParallelByKind'),
    keyPool: required('keyPool'),
    jobBatch: required('jobBatch'),
    jobPollIntervalMs: required('jobPollIntervalMs'),
    jobLeaseSeconds: required('jobLeaseSeconds'),
    bodyBytesMax: required('bodyBytesMax'),
    graphqlIntrospection: required('graphqlIntrospection'),
    trustedProxies: { ...required('trustedProxies'), header: required('forwardedHeader') },
    rateLimits: {
      address: required('rateLimitPerMinute'),
      identity: read('rateLimitIdentityPerMinute', null) ?? required('rateLimitPerMinute'),
      signIn: required('rateLimitSignInPerMinute'),
      costly: required('rateLimitCostlyPerMinute'),
      bucketsMax: required('rateLimitBuckets'),
    },
    quotas: {
      'requests-per-minute': required('quotaRequestsPerMinute'),
      'requests-per-day': required('quotaRequestsPerDay'),
      assets: required('quotaAssets'),
      keys: required('quotaKeys'),
      jobs: required('quotaJobs'),
      'api-keys': required('quotaApiKeys'),
      users: required('quotaUsers'),
      'storage-bytes': required('quotaStorageBytes'),
    },
    shutdownTimeoutMs: required('shutdownTimeoutMs'),
    sessionAlgorithm: required('sessionAlgorithm'),
    firstApiKey: firstApiKey === null ? null : SecretBytes.fromUtf8(firstApiKey),
    breachedPasswordsFile: read('breachedPasswordsFile', null),
    geoipFile: read('geoipFile', null),
    tls: tlsListener({ read, required }, problems),
  };
  if (problems.length > 0) throw new SettingsError(problems);
  return loaded;
}

interface SettingReaders {
  readonly read: <N extends SettingName>(name: N, fallback: string | null) => Parsed<N> | null;
  readonly required: <N extends SettingName>(name: N) => Parsed<N>;
}

/** Half a configuration must not end in a listener without TLS, or in one that asks nobody for a certificate. */
function tlsListener({ read, required }: SettingReaders, problems: string[]): TlsListenerSettings | null {
  const [certificateFile, keyFile] = [read('tlsCertificateFile', null), read('tlsKeyFile', null)];
  const clientCaFile = read('tlsClientCaFile', null);
  const clientCertificates = required('tlsClientCertificates');
  if ((certificateFile === null) !== (keyFile === null))
    problems.push('QV_TLS_CERTIFICATE_FILE and QV_TLS_KEY_FILE are set together or not at all');
  if ((clientCaFile === null) !== (clientCertificates === 'none'))
    problems.push('QV_TLS_CLIENT_CA_FILE and QV_TLS_CLIENT_CERTIFICATES (optional or required) are set together');
  if (clientCaFile !== null && certificateFile === null)
    problems.push('QV_TLS_CLIENT_CA_FILE has no meaning without QV_TLS_CERTIFICATE_FILE');
  let profile: TlsProfile;
  try {
    const [groups, suites] = [required('tlsGroups'), required('tlsSuites')];
    profile = tlsProfile(required('tlsProfile'), { minVersion: read('tlsMinVersion', null), groups, suites });
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    problems.push(`QV_TLS_PROFILE, QV_TLS_GROUPS, QV_TLS_SUITES and QV_TLS_MIN_VERSION: ${error.message}`);
    return null;
  }
  if (certificateFile === null || keyFile === null) return null;
  return {
    certificateFile: path.resolve(certificateFile),
    keyFile: path.resolve(keyFile),
    clientCertificates,
    clientCaFile: clientCaFile === null ? null : path.resolve(clientCaFile),
    profile,
    reloadSeconds: required('tlsReloadSeconds'),
  };
}
