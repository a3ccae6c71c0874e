import { type SecretBytes, secretAccess } from '@quantumvault/crypto';
import type { Composition } from './main.compose.ts';
import { presentedKey } from './modules/identity/index.ts';
import type { HealthCheck } from './modules/operations/index.ts';

/** ACC-2: what is stored of the key that the operator gave; its text is left where it was. */
export function storedFirstKey(
  given: SecretBytes | null,
): { readonly prefix: string; readonly secretHash: Uint8Array } | null {
  if (given === null) return null;
  const { prefix, secretHash } = presentedKey(given.open(secretAccess, (bytes) => Buffer.from(bytes).toString('utf8')));
  return { prefix, secretHash };
}

const inUse =
  'the API key of QV_FIRST_API_KEY is still good: replace it (qv api-keys rotate), then take the setting away';

/** A key that was in a setting is known to whoever has seen the setting: it is reported until it is replaced. */
export function firstKeyHealth({ apiKeys }: Pick<Composition, 'apiKeys'>): HealthCheck {
  return {
    name: 'first-api-key',
    isRequired: false,
    check: async () =>
      (await apiKeys.countOfSettings()) > 0
        ? { status: 'degraded', message: inUse }
        : { status: 'ok', message: 'no key of a setting is in use' },
  };
}

/** To the log, at each start. */
export async function warnOfFirstKey({ apiKeys, logger }: Pick<Composition, 'apiKeys' | 'logger'>): Promise<void> {
  if ((await apiKeys.countOfSettings()) > 0) logger.warn({}, inUse);
}
