import { type Cidr, InventoryError, parseCidr } from '@quantumvault/inventory';
import { z } from 'zod';
import { setting } from './setting.ts';

const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const range = (min: number, max: number) => `${min} to ${max}`;
const rateMax = 1_000_000;

/** `1`, `10.0.0.0/8,fd00::/8`, or both: a number of hops, and the networks that they must be in. */
const trustedProxies = z
  .string()
  .max(4_000)
  .transform((text, context) => {
    const parts = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const counts = parts.filter((part) => /^[0-9]+$/.test(part));
    const [given] = counts;
    const networks: Cidr[] = [];
    try {
      networks.push(...parts.filter((part) => !counts.includes(part)).map(parseCidr));
    } catch (error) {
      if (!(error instanceof InventoryError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
    if (counts.length > 1 || (given !== undefined && Number(given) > 16)) {
      context.addIssue({ code: 'custom', message: 'one number of at most 16, networks, or both' });
      return z.NEVER;
    }
    const none = given === undefined && networks.length === 0 ? 0 : null;
    return { count: given === undefined ? none : Number(given), networks: networks as readonly Cidr[] };
  });

const quotaMax = 1_000_000_000_000_000;
const quota = (env: `QV_QUOTA_${string}`, options: { unit: string; default: string; sentence: string }) =>
  setting({
    env,
    reader: 'server',
    schema: integer(1, quotaMax),
    limit: range(1, quotaMax),
    ...options,
    sentence: `${options.sentence} Of one organization, unless the platform sets another quota for it.`,
  });

/** ACC-10: who may send how much, and whose address a request counts as. */
export const limitSettings = {
  trustedProxies: setting({
    env: 'QV_TRUSTED_PROXIES',
    reader: 'server',
    schema: trustedProxies,
    unit: 'number of hops, networks, or both, comma-separated',
    default: '0',
    limit: 'at most 16 hops',
    sentence:
      'Proxies in front whose word about the client is believed. 0: none, and their headers are ignored. A number alone is only safe where nobody reaches the server but through them; networks are the better choice.',
  }),
  forwardedHeader: setting({
    env: 'QV_FORWARDED_HEADER',
    reader: 'server',
    schema: z.enum(['x-forwarded-for', 'forwarded']),
    unit: 'name',
    default: 'x-forwarded-for',
    limit: 'x-forwarded-for, forwarded',
    sentence:
      'The one header in which trusted proxies name the client. The other is ignored: proxies pass on what clients write into it.',
  }),
  rateLimitPerMinute: setting({
    env: 'QV_RATE_LIMIT_PER_MINUTE',
    reader: 'server',
    schema: integer(10, rateMax),
    unit: 'requests per minute and address',
    default: '6000',
    limit: range(10, rateMax),
    sentence:
      'Requests that one address (an IPv6 network of 64 bits) may send, to all processes together; more are told to wait, before anything is parsed.',
  }),
  rateLimitIdentityPerMinute: setting({
    env: 'QV_RATE_LIMIT_IDENTITY_PER_MINUTE',
    reader: 'server',
    schema: integer(10, rateMax),
    unit: 'requests per minute and identity',
    default: null,
    limit: range(10, rateMax),
    sentence:
      'Requests that one identity may send, whatever address and credential it uses. Absent: as QV_RATE_LIMIT_PER_MINUTE.',
  }),
  rateLimitSignInPerMinute: setting({
    env: 'QV_RATE_LIMIT_SIGN_IN_PER_MINUTE',
    reader: 'server',
    schema: integer(1, rateMax),
    unit: 'requests per minute and address',
    default: '60',
    limit: range(1, rateMax),
    sentence: 'Requests to routes that try secrets, such as signing in; counted apart from all others.',
  }),
  rateLimitCostlyPerMinute: setting({
    env: 'QV_RATE_LIMIT_COSTLY_PER_MINUTE',
    reader: 'server',
    schema: integer(1, rateMax),
    unit: 'requests per minute, address and identity',
    default: '600',
    limit: range(1, rateMax),
    sentence: 'Requests to routes that make the server work hard; counted apart from all others.',
  }),
  rateLimitBuckets: setting({
    env: 'QV_RATE_LIMIT_BUCKETS',
    reader: 'server',
    schema: integer(1_000, 1_000_000),
    unit: 'buckets',
    default: '50000',
    limit: range(1_000, 1_000_000),
    sentence:
      'Addresses, identities and organizations whose use one process remembers, about 300 bytes each. When it is full of spent ones, newcomers share one.',
  }),
  quotaRequestsPerMinute: setting({
    env: 'QV_QUOTA_REQUESTS_PER_MINUTE',
    reader: 'server',
    schema: integer(10, 100_000_000),
    unit: 'requests per minute and organization',
    default: '60000',
    limit: range(10, 100_000_000),
    sentence: 'Requests of all members of one organization together, unless the platform sets another quota for it.',
  }),
  quotaRequestsPerDay: setting({
    env: 'QV_QUOTA_REQUESTS_PER_DAY',
    reader: 'server',
    schema: integer(10, 10_000_000_000),
    unit: 'requests per day and organization',
    default: '20000000',
    limit: range(10, 10_000_000_000),
    sentence: 'Requests of all members of one organization together, unless the platform sets another quota for it.',
  }),
  quotaAssets: quota('QV_QUOTA_ASSETS', {
    unit: 'assets',
    default: '2000000',
    sentence: 'Assets that are not archived.',
  }),
  quotaKeys: quota('QV_QUOTA_KEYS', {
    unit: 'keys',
    default: '10000000',
    sentence: 'Keys that protections made, of all versions.',
  }),
  quotaJobs: quota('QV_QUOTA_JOBS', {
    unit: 'jobs',
    default: '1000000',
    sentence: 'Jobs that wait or run.',
  }),
  quotaApiKeys: quota('QV_QUOTA_API_KEYS', {
    unit: 'API keys',
    default: '10000',
    sentence: 'API keys that are not revoked.',
  }),
  quotaUsers: quota('QV_QUOTA_USERS', {
    unit: 'users',
    default: '100000',
    sentence: 'Users who were not off-boarded, invited and suspended ones included.',
  }),
  quotaStorageBytes: quota('QV_QUOTA_STORAGE_BYTES', {
    unit: 'bytes',
    default: '107374182400',
    sentence: 'What protections left behind in the database: wrapped and public keys, certificates, options.',
  }),
} as const;
