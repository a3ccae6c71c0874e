import { z } from 'zod';
import type { Actor, Credential, RequestFacts } from '../../../kernel/actor.ts';
import { isPermission } from '../../../kernel/permissions.ts';

const instant = z.iso.datetime().nullable();

/** From where and with what somebody asked or voted, as it is kept until the request ends. */
const factsSchema = z.strictObject({
  sourceAddress: z.string().nullable(),
  country: z.string().nullable(),
  purpose: z.string().nullable(),
  credential: z.strictObject({
    kind: z.enum(['api-key', 'session', 'device-key', 'certificate', 'none']),
    id: z.string().nullable(),
    permissions: z.array(z.string()).nullable(),
    authenticatedAt: instant,
    mfaAt: instant,
    deviceId: z.string().nullable(),
    macAddresses: z.array(z.string()),
  }),
});
export type StoredFacts = z.infer<typeof factsSchema>;

export function factsOf({ request, credential }: Pick<Actor, 'request' | 'credential'>): StoredFacts {
  const { sourceAddress, country, purpose } = request;
  const { permissions, authenticatedAt, mfaAt, macAddresses } = credential;
  return {
    sourceAddress,
    country,
    purpose,
    credential: {
      kind: credential.kind,
      id: credential.id,
      permissions: permissions === null ? null : [...permissions],
      authenticatedAt: authenticatedAt?.toISOString() ?? null,
      mfaAt: mfaAt?.toISOString() ?? null,
      deviceId: credential.deviceId,
      macAddresses: [...macAddresses],
    },
  };
}

/** The request and credential of back then. What this release cannot read shows nothing, so it meets no condition. */
export function recall(
  stored: unknown,
  requestId: string,
): { readonly request: RequestFacts; readonly credential: Credential } | null {
  const parsed = factsSchema.safeParse(stored);
  if (!parsed.success) return null;
  const { credential, ...request } = parsed.data;
  const dateOf = (text: string | null) => (text === null ? null : new Date(text));
  return {
    request: { id: requestId, ...request, idempotency: null },
    credential: {
      ...credential,
      // A permission that does not exist any more is none; the restriction stays.
      permissions: credential.permissions === null ? null : new Set(credential.permissions.filter(isPermission)),
      authenticatedAt: dateOf(credential.authenticatedAt),
      mfaAt: dateOf(credential.mfaAt),
    },
  };
}
