'use client';
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../../../session/session.tsx';

/** Where a key can be good, for a choice: the organization, or a place in it that one may see. */
export function usePlaces(): readonly (readonly [value: string, text: string])[] {
  const { client, may } = useSession();
  const query = { limit: 200 };
  const environments = useQuery({
    queryKey: ['places', 'environments'],
    queryFn: () => client.listEnvironments({ query }),
    enabled: may('environment.read'),
  });
  const projects = useQuery({
    queryKey: ['places', 'projects'],
    queryFn: () => client.listProjects({ query }),
    enabled: may('project.read'),
  });
  const services = useQuery({
    queryKey: ['places', 'services'],
    queryFn: () => client.listServices({ query }),
    enabled: may('service.read'),
  });
  return [
    ['', 'the whole organization'],
    ...(environments.data?.items ?? []).map(({ id, name }) => [`environmentId:${id}`, `environment ${name}`] as const),
    ...(projects.data?.items ?? []).map(({ id, name }) => [`projectId:${id}`, `project ${name}`] as const),
    ...(services.data?.items ?? []).map(({ id, name }) => [`serviceId:${id}`, `service ${name}`] as const),
  ];
}
