'use client';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useSession } from '../../session/session.tsx';

/** What somebody is called: the reader is "you"; an id where the name is not known or may not be read. */
export function useNames(): (id: string | null) => string {
  const { client, state, may } = useSession();
  const ownId = state.status === 'signed-in' ? state.who.actorId : null;
  const names = useQuery({
    queryKey: ['people', 'names'],
    queryFn: async () => {
      const query = { limit: 200 } as const;
      const [users, accounts] = await Promise.all([
        may('user.read') ? client.listUsers({ query }) : { items: [] },
        may('service-account.read') ? client.listServiceAccounts({ query }) : { items: [] },
      ]);
      return new Map([
        ...users.items.map(({ id, displayName }) => [id, displayName] as const),
        ...accounts.items.map(({ id, name }) => [id, name] as const),
      ]);
    },
  });
  const known = names.data;
  return useCallback(
    (id) => {
      if (id === null) return 'nobody';
      return id === ownId ? 'you' : (known?.get(id) ?? id);
    },
    [known, ownId],
  );
}
