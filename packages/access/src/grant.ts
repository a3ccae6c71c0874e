/** Where something stands below its organization (ACC-1); what is not known on the way down is null. */
export interface Place {
  readonly environmentId: string | null;
  readonly projectId: string | null;
  readonly serviceId: string | null;
}

export type PlaceLevel = 'organization' | 'environment' | 'project' | 'service';

/** The lowest level that a place names, with its id; ids are unique across levels, and the organization's is ''. */
export function lowest(place: Place | null): { readonly level: PlaceLevel; readonly id: string } {
  if (place !== null) {
    if (place.serviceId !== null) return { level: 'service', id: place.serviceId };
    if (place.projectId !== null) return { level: 'project', id: place.projectId };
    if (place.environmentId !== null) return { level: 'environment', id: place.environmentId };
  }
  return { level: 'organization', id: '' };
}

/** A place and everything above it, as `lowest` names them: grants on any of them reach it. */
export function pathTo(place: Place | null): readonly string[] {
  if (place === null) return [''];
  return ['', place.environmentId, place.projectId, place.serviceId].filter((id) => id !== null);
}

/**
 * ACC-7: what must hold at the moment of use. All of it must; a list holds when one of its entries does. A fact that the
 * server does not know never helps: an allowing grant then does not apply, and a denying one does.
 */
export interface Conditions {
  readonly notBefore?: Date;
  /** From this instant on the grant does not apply. */
  readonly expiresAt?: Date;
  /** `GrantRules` as they are stored. What this release cannot read counts as a fact that is not known. */
  readonly rules?: Readonly<Record<string, unknown>>;
}

/** A right, or its denial, on a place and everything below it; place null: on the whole organization. */
export interface Grant {
  readonly id: string;
  readonly effect: 'allow' | 'deny';
  /** Built-in or custom role that the permissions came from, for people. */
  readonly role: string;
  readonly permissions: ReadonlySet<string>;
  readonly place: Place | null;
  readonly conditions: Conditions;
}

/** What is known of a request at the moment of the decision; null where nothing is. */
export interface AccessFacts {
  readonly now: Date;
  readonly address: string | null;
  readonly country: string | null;
  readonly deviceId: string | null;
  readonly macAddresses: readonly string[];
  readonly mfaAt: Date | null;
  readonly purpose: string | null;
}
