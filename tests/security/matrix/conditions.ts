import { memberPermissions, permissionsOfRole, type Role, roles } from '@quantumvault/api';
import { vi } from 'vitest';
import { addMember, type Member } from '../../e2e/organizations.ts';
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

const isOfMembers = ({ permission }: ActorContract): boolean => memberPermissions.includes(permission);

function refusedBy(member: Member, name: string, detail: string): Condition {
  return {
    name,
    apiKey: member.apiKey,
    actorId: member.userId,
    // What every member may is held without any grant, so no condition of a grant takes it away.
    expected: (contract) => (isOfMembers(contract) ? null : { status: 403, code: 'ACCESS_DENIED', detail }),
  };
}

async function roleCondition(server: TestServer, role: Role): Promise<Condition> {
  const member = await addMember(server, server.signIn.organizationId, role);
  const held = new Set([...permissionsOfRole[role], ...memberPermissions]);
  return {
    name: `role ${role}`,
    apiKey: member.apiKey,
    actorId: member.userId,
    expected: ({ permission }) =>
      held.has(permission)
        ? null
        : { status: 403, code: 'ACCESS_DENIED', detail: `None of your grants permits ${permission}` },
  };
}

/** Somebody who would hold every permission, were it not for the condition. Made by the product's own routes. */
async function administrator(
  server: TestServer,
  grant: Partial<Parameters<TestServer['client']['createGrant']>[0]['body']>,
): Promise<Member> {
  const member = await addMember(server, server.signIn.organizationId, null);
  await server.client.createGrant({ body: { subjectId: member.userId, role: 'platform-admin', ...grant } });
  return member;
}

export async function makeConditions(server: TestServer): Promise<Condition[]> {
  const expiresAt = new Date(Date.now() + 2_000).toISOString();
  const expired = await administrator(server, { expiresAt });
  const elsewhere = await administrator(server, { rules: { addresses: ['192.0.2.0/24', '2001:db8::/32'] } });
  const withoutMfa = await administrator(server, { rules: { mfaMaxAgeSeconds: 300 } });
  const denied = await administrator(server, {});
  await server.client.createGrant({ body: { subjectId: denied.userId, role: 'platform-admin', effect: 'deny' } });
  const suspended = await administrator(server, {});
  await server.client.suspendUser({ params: { id: suspended.userId }, body: { reason: 'matrix' } });
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
    refusedBy(denied, 'denied', 'A denial of your access covers'),
    ...wrongRoles,
  ];
}
