import { createClient, memberPermissions, permissionsOfRole, type Role, roles } from '@quantumvault/api';
import { vi } from 'vitest';
import { addMember, addOrganization, type Member } from '../../e2e/organizations.ts';
import type { TestServer } from '../../harness/server.ts';
import type { ActorContract } from './operations.ts';

/** What the documentation promises to somebody in this condition; null: the operation is not refused for it. */
export interface Expected {
  readonly status: number;
  readonly code: string;
  /** Words of the detail that say what is missing. */
  readonly detail?: string;
}

export interface Condition {
  readonly name: string;
  readonly apiKey: string | null;
  /** Whose refusal the log has to show; null before anybody is known. */
  readonly actorId: string | null;
  expected(contract: ActorContract): Expected | null;
}

const unknown: Expected = { status: 401, code: 'IDENTITY_UNAUTHENTICATED' };

/** A person's own factors: everybody may change them, with a fresh proof, which an API key never gives (ACC-5). */
const stepUp: Expected = { status: 403, code: 'ACCESS_STEP_UP_REQUIRED', detail: 'a fresh proof that it is you' };

/** What every member may is held without any grant, so no condition of a grant takes it away; null: it is no such right. */
function ofMembers({ permission, stepUp: isStepUp }: ActorContract): { readonly expected: Expected | null } | null {
  if (!memberPermissions.includes(permission)) return null;
  // An API key answers for a fresh proof, except where only a person may.
  return { expected: isStepUp === true && permission === 'identity.secure' ? stepUp : null };
}

function refusedBy(member: Member, name: string, detail: string): Condition {
  return {
    name,
    apiKey: member.apiKey,
    actorId: member.userId,
    expected: (contract) => {
      const common = ofMembers(contract);
      return common === null ? { status: 403, code: 'ACCESS_DENIED', detail } : common.expected;
    },
  };
}

async function roleCondition(server: TestServer, role: Role): Promise<Condition> {
  const member = await addMember(server, server.signIn.organizationId, role);
  const held = new Set(permissionsOfRole[role]);
  return {
    name: `role ${role}`,
    apiKey: member.apiKey,
    actorId: member.userId,
    expected: (contract) => {
      const common = ofMembers(contract);
      if (common !== null) return common.expected;
      if (held.has(contract.permission)) return null;
      return { status: 403, code: 'ACCESS_DENIED', detail: `None of your grants permits ${contract.permission}` };
    },
  };
}

/** The administrator of an organization that requires a second factor of everybody, who has none. */
async function withoutFactor(server: TestServer): Promise<Condition> {
  const member = await addOrganization(server, { name: 'Strict', role: 'organization-admin' });
  const strict = createClient({ url: server.url, apiKey: member.apiKey, http: fetch });
  const body = { mfa: { requiredFor: 'everyone' as const } };
  await strict.updateSecuritySettings({ body }, { ifMatch: '"0"' });
  const enrolment: readonly string[] = ['identity.read', 'identity.self'];
  return {
    name: 'second factor required, none enrolled',
    apiKey: member.apiKey,
    actorId: member.userId,
    expected: (contract) => {
      if (enrolment.includes(contract.permission)) return null;
      if (contract.permission === 'identity.secure') return stepUp;
      return { status: 403, code: 'ACCESS_MFA_REQUIRED', detail: 'requires a second factor' };
    },
  };
}

/** Somebody who would hold every permission, were it not for the condition. Made by the product's own routes. */
async function administrator(
  server: TestServer,
  grant: () => Partial<Parameters<TestServer['client']['createGrant']>[0]['body']> = () => ({}),
): Promise<Member> {
  const member = await addMember(server, server.signIn.organizationId, null);
  await server.client.createGrant({ body: { subjectId: member.userId, role: 'platform-admin', ...grant() } });
  return member;
}

export async function makeConditions(server: TestServer): Promise<Condition[]> {
  const expired = await administrator(server, () => ({ expiresAt: new Date(Date.now() + 2_000).toISOString() }));
  const elsewhere = await administrator(server, () => ({ rules: { addresses: ['192.0.2.0/24', '2001:db8::/32'] } }));
  const withoutMfa = await administrator(server, () => ({ rules: { mfaMaxAgeSeconds: 300 } }));
  const denied = await administrator(server);
  await server.client.createGrant({ body: { subjectId: denied.userId, role: 'platform-admin', effect: 'deny' } });
  const suspended = await administrator(server);
  await server.client.suspendUser({ params: { id: suspended.userId }, body: { reason: 'matrix' } });
  const strict = await withoutFactor(server);
  const wrongRoles = await Promise.all(roles.map((role) => roleCondition(server, role)));
  const hasExpired = async (): Promise<void> => {
    const { status } = await server.request('GET', '/api/status', { apiKey: expired.apiKey });
    if (status !== 403) throw new Error('not yet');
  };
  await vi.waitFor(hasExpired, { timeout: 20_000, interval: 200 });
  return [
    { name: 'anonymous', apiKey: null, actorId: null, expected: () => unknown },
    { name: 'suspended user', apiKey: suspended.apiKey, actorId: null, expected: () => unknown },
    refusedBy(expired, 'expired grant', 'a grant that has not expired'),
    refusedBy(elsewhere, 'refused address', 'another network'),
    refusedBy(withoutMfa, 'missing MFA', 'a second factor shown recently'),
    strict,
    refusedBy(denied, 'denied', 'A denial of your access covers'),
    ...wrongRoles,
  ];
}
