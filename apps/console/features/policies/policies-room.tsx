'use client';
import type { PolicyView } from '@quantumvault/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { LinkButton } from '../../design/link-button.tsx';
import { Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { useSession } from '../../session/session.tsx';
import { modeWords } from './choices.ts';
import styles from './policies.module.css';

/** INV-8: the protection policies of the organization. */
export function PoliciesRoom() {
  const { client, may } = useSession();
  const policies = useInfiniteQuery({
    queryKey: ['policies', 'list'],
    queryFn: ({ pageParam }) => client.listPolicies({ query: { limit: 50, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: may('policy.read'),
  });
  if (!may('policy.read')) return null;
  return (
    <Page
      title="Policies"
      lead="A policy says which algorithms an asset needs. Applying one to an asset makes the keys and settings for it."
      actions={
        may('policy.create') ? (
          <LinkButton kind="primary" href="/policies/new">
            New policy
          </LinkButton>
        ) : undefined
      }
    >
      {policies.error === null ? null : <Failure error={policies.error} doing="Reading the policies" />}
      {policies.isPending ? <Skeleton label="Reading the policies" /> : null}
      <ul className={layout.rows} aria-label="Policies">
        {policies.data?.pages
          .flatMap((page) => page.items)
          .map((policy) => (
            <Row key={policy.id} policy={policy} />
          ))}
      </ul>
      {policies.hasNextPage ? (
        <div>
          <Button isBusy={policies.isFetchingNextPage} onClick={() => void policies.fetchNextPage()}>
            More policies
          </Button>
        </div>
      ) : null}
    </Page>
  );
}

function Row({ policy }: { readonly policy: PolicyView }) {
  const { spec } = policy;
  return (
    <li className={styles.row}>
      <Link href={`/policies/policy?id=${policy.id}`} prefetch={false}>
        <bdi>{policy.name}</bdi>
      </Link>
      <span>
        {modeWords[spec.mode].title}
        {spec.targetLevel === 0 ? '' : `, category ${spec.targetLevel}`}
      </span>
      <span className={layout.muted}>
        <bdi>{[...spec.kem, ...spec.signature].join(', ')}</bdi>
      </span>
      <span>{policy.builtIn ? 'built in' : `version ${policy.version}`}</span>
    </li>
  );
}
