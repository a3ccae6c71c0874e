'use client';
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../../session/session.tsx';
import type { Places } from './places.ts';

const query = { limit: 200 } as const;
const nothing = { items: [], nextCursor: null };

/** The tree of places that the reader may see; undefined until it was read. */
export function usePlaces(): { readonly places: Places | undefined; readonly error: unknown } {
  const { client, may } = useSession();
  const tree = useQuery({
    queryKey: ['places'],
    queryFn: async (): Promise<Places> => {
      const [environments, projects, services] = await Promise.all([
        may('environment.read') ? client.listEnvironments({ query }) : nothing,
        may('project.read') ? client.listProjects({ query }) : nothing,
        may('service.read') ? client.listServices({ query }) : nothing,
      ]);
      const isComplete = [environments, projects, services].every(({ nextCursor }) => nextCursor === null);
      return { environments: environments.items, projects: projects.items, services: services.items, isComplete };
    },
  });
  return { places: tree.data, error: tree.error };
}
