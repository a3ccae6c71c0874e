'use client';
import { useQuery } from '@tanstack/react-query';
import { Select } from '../../../design/select.tsx';
import { useSession } from '../../../session/session.tsx';

/** The environment that something new stands in; by itself the organization's first one. */
export function EnvironmentField() {
  const { client, may } = useSession();
  const environments = useQuery({
    queryKey: ['places', 'environments'],
    queryFn: () => client.listEnvironments({ query: { limit: 200 } }),
    enabled: may('environment.read'),
    staleTime: 300_000,
  });
  const items = environments.data?.items ?? [];
  if (items.length < 2) return null;
  return (
    <Select
      label="Environment"
      name="environmentId"
      options={[['', 'the first one'], ...items.map(({ id, name }) => [id, name] as const)]}
    />
  );
}

export function environmentOf(form: FormData): { readonly environmentId?: string } {
  const environmentId = String(form.get('environmentId') ?? '');
  return environmentId === '' ? {} : { environmentId };
}
