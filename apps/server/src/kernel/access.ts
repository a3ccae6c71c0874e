import type { Permission } from './permissions.ts';

/** Where a thing stands below its organization (ACC-1); what is not known on the way down is null. */
export interface Place {
  readonly environmentId: string | null;
  readonly projectId: string | null;
  readonly serviceId: string | null;
}

/** ACC-7: what must hold at the time of use. Absent means: not asked. The access module knows how each is judged. */
export interface Conditions {
  readonly notBefore?: Date;
  readonly expiresAt?: Date;
  /** Further conditions as they are stored; parsed by the access module. */
  readonly rules?: Readonly<Record<string, unknown>>;
}

/** A right, or a denial, given to a subject on a place and everything below it; place null: the whole organization. */
export interface Grant {
  readonly id: string;
  readonly effect: 'allow' | 'deny';
  /** Name of the built-in or custom role that the permissions come from. */
  readonly role: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly place: Place | null;
  readonly conditions: Conditions;
}

/** ACC-5: what the organization demands of a user, and whether the user can do it. */
export interface SecondFactorState {
  readonly isRequired: boolean;
  readonly isEnrolled: boolean;
  /** How old a proof may be where a fresh one is demanded. */
  readonly stepUpMaxAgeSeconds: number;
}

/** Where an organization has said nothing, and of whoever is no user. */
export const noSecondFactor: SecondFactorState = { isRequired: false, isEnrolled: false, stepUpMaxAgeSeconds: 600 };

/** All that a subject was given, compiled once per version of its organization's access. */
export interface Access {
  readonly roles: readonly string[];
  readonly grants: readonly Grant[];
  readonly secondFactor: SecondFactorState;
  /** The grants that speak about a permission, without a walk over all of them. */
  about(permission: Permission): readonly Grant[];
}

const none: readonly Grant[] = [];

export function compileAccess(grants: readonly Grant[], secondFactor: SecondFactorState = noSecondFactor): Access {
  const byPermission = new Map<Permission, Grant[]>();
  for (const grant of grants) {
    for (const permission of grant.permissions) {
      const list = byPermission.get(permission);
      if (list === undefined) byPermission.set(permission, [grant]);
      else list.push(grant);
    }
  }
  const roles = grants.filter(({ effect }) => effect === 'allow').map(({ role }) => role);
  return {
    roles: [...new Set(roles)].sort(),
    grants,
    secondFactor,
    about: (permission) => byPermission.get(permission) ?? none,
  };
}

/** For actors that act under no grant: the installation and a job, whose rights were decided when it was asked for. */
export const noAccess: Access = compileAccess([]);
