import type { AppError } from '../../../kernel/app-error.ts';
import { isoInstant } from '../../../kernel/clock.ts';
import { tenancyErrors } from './errors.ts';

/** What every level below the organization has. */
export interface PlaceItem {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly version: number;
}
export interface Environment extends PlaceItem {
  readonly type: 'production' | 'staging' | 'development' | 'local';
}
export interface Project extends PlaceItem {
  readonly environmentId: string;
}
export interface Service extends PlaceItem {
  readonly environmentId: string;
  readonly projectId: string;
}

export type EnvironmentDraft = Pick<Environment, 'name' | 'type'>;
export type ProjectDraft = Pick<Project, 'name' | 'environmentId'>;
export type ServiceDraft = Pick<Service, 'name' | 'projectId'>;

/** What may change of an item; absent means: stays. */
export type PlaceChange<Item extends PlaceItem> = {
  readonly [Field in Exclude<keyof Item, 'id' | 'createdAt' | 'version'>]?: Item[Field] | undefined;
};

/** What tells environments, projects and services apart; everything else is the same for the three. */
export interface PlaceKind<Item extends PlaceItem> {
  readonly type: 'environment' | 'project' | 'service';
  notFound(): AppError;
  /** Ids and closed sets only, for the log. */
  factsOf(item: Item): Readonly<Record<string, string>>;
}

export const environments: PlaceKind<Environment> = {
  type: 'environment',
  notFound: tenancyErrors.TENANCY_ENVIRONMENT_NOT_FOUND,
  factsOf: ({ type }) => ({ environmentType: type }),
};

export const projects: PlaceKind<Project> = {
  type: 'project',
  notFound: tenancyErrors.TENANCY_PROJECT_NOT_FOUND,
  factsOf: ({ environmentId }) => ({ environmentId }),
};

export const services: PlaceKind<Service> = {
  type: 'service',
  notFound: tenancyErrors.TENANCY_SERVICE_NOT_FOUND,
  factsOf: ({ projectId }) => ({ projectId }),
};

/** An item as the contract shows it. */
export type PlaceView<Item extends PlaceItem> = Omit<Item, 'createdAt'> & { readonly createdAt: string };

export function placeView<Item extends PlaceItem>(item: Item): PlaceView<Item> {
  return { ...item, createdAt: isoInstant(item.createdAt) };
}
