/**
 * Policies as data with tests as data: a file says who holds which grants, what is asked, and what the answer must be.
 * Whoever changes roles or grants finds out before the server does; the decision is the server's own code.
 */
import {
  type GrantRules,
  grantRulesSchema,
  isPermission,
  permissionsOfRole,
  type Role,
  roles,
} from '@quantumvault/api';
import { z } from 'zod';
import { CompiledAccess } from './compile.ts';
import type { Ask } from './decide.ts';
import { type Explanation, explain } from './explain.ts';
import type { Grant, Place } from './grant.ts';
import { readRules } from './rules.ts';

const nameSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);
const permissionSchema = z.string().refine(isPermission, { message: 'no such permission' });
const instant = z.iso.datetime();

/** Names of the file's own world: what stands in a project of an environment says both. */
const placeSchema = z
  .strictObject({ environment: nameSchema.optional(), project: nameSchema.optional(), service: nameSchema.optional() })
  .refine(
    ({ environment, project, service }) =>
      environment !== undefined && (service === undefined || project !== undefined),
    {
      message: 'a project is in an environment, and a service in a project',
    },
  );

const grantSchema = z.strictObject({
  effect: z.enum(['allow', 'deny']).default('allow'),
  role: nameSchema,
  place: placeSchema.optional(),
  notBefore: instant.optional(),
  expiresAt: instant.optional(),
  rules: grantRulesSchema.optional(),
});

const askSchema = z.strictObject({
  permission: permissionSchema,
  place: placeSchema.optional(),
  at: instant,
  address: z.string().max(50).optional(),
  country: z.string().length(2).optional(),
  deviceId: z.string().max(50).optional(),
  macAddresses: z.array(z.string().max(20)).max(20).optional(),
  mfaAt: instant.optional(),
  purpose: z.string().max(60).optional(),
  /** What the key is restricted to; left out: to nothing. */
  scope: z.array(permissionSchema).max(200).optional(),
});

const outcomes = ['allowed', 'CREDENTIAL_TOO_NARROW', 'DENIED', 'CONDITIONS_NOT_MET', 'NO_PERMISSION'] as const;
export type PolicyOutcome = (typeof outcomes)[number];

const policyTestsSchema = z.strictObject({
  roles: z.record(nameSchema, z.array(permissionSchema).min(1).max(200)).default({}),
  subjects: z.record(nameSchema, z.array(grantSchema).max(1_000)),
  cases: z
    .array(z.strictObject({ name: nameSchema, subject: nameSchema, ask: askSchema, expect: z.enum(outcomes) }))
    .min(1)
    .max(10_000),
});
type PolicyFile = z.infer<typeof policyTestsSchema>;

export interface PolicyTest {
  readonly name: string;
  readonly subject: string;
  readonly expected: PolicyOutcome;
  readonly found: PolicyOutcome;
  readonly explanation: Explanation;
}

/** The file is no policy test; the message names the place in it and never more of it than a name. */
export class PolicyTestFileError extends Error {
  override readonly name = 'PolicyTestFileError';
}

/** Runs every case of a file. Throws `PolicyTestFileError` when it cannot be read as one. */
export function runPolicyTests(value: unknown): readonly PolicyTest[] {
  const parsed = policyTestsSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new PolicyTestFileError(`${issue?.path.map(String).join('.') || 'the file'}: ${issue?.message ?? 'invalid'}`);
  }
  const file = parsed.data;
  const access = new Map(
    Object.entries(file.subjects).map(([subject, grants]) => [
      subject,
      new CompiledAccess(grants.map((given, index) => grantOf(file, { subject, index, given }))),
    ]),
  );
  return file.cases.map(({ name, subject, ask, expect }, index) => {
    const compiled = access.get(subject);
    if (compiled === undefined) throw new PolicyTestFileError(`cases.${index}.subject: no such subject in the file`);
    const restriction = ask.scope === undefined ? null : new Set<string>(ask.scope);
    const explanation = explain({ isMember: true, access: compiled, restriction }, askOf(ask));
    const { decision } = explanation;
    return { name, subject, expected: expect, found: decision.isAllowed ? 'allowed' : decision.reason, explanation };
  });
}

function grantOf(
  file: PolicyFile,
  { subject, index, given }: { subject: string; index: number; given: PolicyFile['subjects'][string][number] },
): Grant {
  const { effect, role, place, notBefore, expiresAt, rules } = given;
  const id = `${subject}.${index}`;
  const permissions = Object.hasOwn(file.roles, role) ? file.roles[role] : builtIn(role);
  if (permissions === undefined) throw new PolicyTestFileError(`subjects.${id}.role: no such role`);
  return {
    id,
    effect,
    role,
    permissions: new Set<string>(permissions),
    place: placeOf(place),
    conditions: {
      ...(notBefore === undefined ? {} : { notBefore: new Date(notBefore) }),
      ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }),
      ...(rules === undefined ? {} : { rules: checked(rules, `subjects.${id}.rules`) }),
    },
  };
}

const isBuiltIn = (role: string): role is Role => (roles as readonly string[]).includes(role);
const builtIn = (role: string): readonly string[] | undefined =>
  isBuiltIn(role) ? permissionsOfRole[role] : undefined;

/** A rule that cannot be read would make the case right for a wrong reason. */
function checked(rules: GrantRules, path: string): GrantRules {
  const read = readRules(rules);
  if ('rules' in read) return read.rules;
  const [problem] = read.problems;
  throw new PolicyTestFileError(`${path}.${problem?.path ?? ''}: ${problem?.message ?? 'invalid'}`);
}

/** Names are made unique by their path, as ids are. */
function placeOf(place: z.infer<typeof placeSchema> | undefined): Place | null {
  if (place?.environment === undefined) return null;
  const { environment, project, service } = place;
  const join = (...names: readonly string[]): string => JSON.stringify(names);
  return {
    environmentId: join(environment),
    projectId: project === undefined ? null : join(environment, project),
    serviceId: project === undefined || service === undefined ? null : join(environment, project, service),
  };
}

function askOf({ permission, place, at, mfaAt, ...facts }: z.infer<typeof askSchema>): Ask {
  return {
    permission,
    place: placeOf(place),
    facts: {
      now: new Date(at),
      address: facts.address ?? null,
      country: facts.country ?? null,
      deviceId: facts.deviceId ?? null,
      macAddresses: facts.macAddresses ?? [],
      mfaAt: mfaAt === undefined ? null : new Date(mfaAt),
      purpose: facts.purpose ?? null,
    },
  };
}
