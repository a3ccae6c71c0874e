'use client';
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../../session/session.tsx';

/** IFC-5: the figures of the organization, asked for once by all that show some of them. */
export function useOverview() {
  const { client } = useSession();
  return useQuery({
    queryKey: ['overview'],
    queryFn: () => client.getOverview({}),
    refetchInterval: 30_000,
  });
}
