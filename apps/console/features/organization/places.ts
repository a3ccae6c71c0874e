import type { ProjectView, QuantumVaultClient, ServiceView } from '@quantumvault/api';

export type EnvironmentView = Awaited<ReturnType<QuantumVaultClient['getEnvironment']>>;

/** ACC-1: a place as grants and keys name it: the level that was named, the others null. */
export interface Place {
  readonly environmentId: string | null;
  readonly projectId: string | null;
  readonly serviceId: string | null;
}
export type PlaceInput = { environmentId: string } | { projectId: string } | { serviceId: string };

export interface Places {
  readonly environments: readonly EnvironmentView[];
  readonly projects: readonly ProjectView[];
  readonly services: readonly ServiceView[];
  /** False: there are more than one page of a listing holds. */
  readonly isComplete: boolean;
}

export const levels = ['environment', 'project', 'service'] as const;
type Level = (typeof levels)[number];

/** The value of an option: the level and the id. */
const optionOf = (level: Level, id: string): string => `${level}:${id}`;

/** What a choice of `placeOptions` means for the API; undefined for the whole organization. */
export function placeInputOf(value: string): PlaceInput | undefined {
  const [level, id] = value.split(':');
  if (id === undefined) return undefined;
  if (level === 'environment') return { environmentId: id };
  if (level === 'project') return { projectId: id };
  return level === 'service' ? { serviceId: id } : undefined;
}

/** Every place in the order of the tree, each by its whole path; the whole organization comes first. */
export function placeOptions(places: Places): readonly (readonly [value: string, text: string])[] {
  const options: [string, string][] = [['', 'the whole organization']];
  for (const environment of places.environments) {
    options.push([optionOf('environment', environment.id), environment.name]);
    for (const project of places.projects.filter(({ environmentId }) => environmentId === environment.id)) {
      options.push([optionOf('project', project.id), `${environment.name} / ${project.name}`]);
      for (const service of places.services.filter(({ projectId }) => projectId === project.id)) {
        options.push([optionOf('service', service.id), `${environment.name} / ${project.name} / ${service.name}`]);
      }
    }
  }
  return options;
}

/** A place in words; by its id where the reader may not know its name. */
export function placeText(place: Place | null, places: Places | undefined): string {
  const named = place === null ? undefined : lowestOf(place);
  if (named === undefined) return 'the whole organization';
  const [level, id] = named;
  const option = places && placeOptions(places).find(([value]) => value === optionOf(level, id));
  return `${level} ${option?.[1] ?? id}`;
}

function lowestOf({ environmentId, projectId, serviceId }: Place): readonly [Level, string] | undefined {
  if (serviceId !== null) return ['service', serviceId];
  if (projectId !== null) return ['project', projectId];
  return environmentId === null ? undefined : ['environment', environmentId];
}
