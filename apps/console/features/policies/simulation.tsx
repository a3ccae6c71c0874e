'use client';
import {
  assetTypeSchema,
  type PolicySimulationItem,
  type RouteCall,
  type Routes,
  riskBandSchema,
} from '@quantumvault/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { type FormEvent, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Select } from '../../design/select.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Term } from '../../design/term.tsx';
import { useSession } from '../../session/session.tsx';
import { typeWords } from '../inventory/words.ts';
import type { Spec } from './choices.ts';
import styles from './policies.module.css';
import { Protect } from './protect.tsx';

type Filter = NonNullable<RouteCall<Routes['simulatePolicy']>['body']['filter']>;

const outcomeWords: Readonly<Record<PolicySimulationItem['outcome'], string>> = {
  changes: 'would change',
  same: 'are as it says',
  unfit: 'are not its type',
  'not-offered': 'cannot be done by this release',
};

/** INV-8: what the policy would make of assets, riskiest first. Nothing is changed by looking. */
export function Simulation({
  name,
  spec,
  policyId,
}: {
  readonly name: string;
  readonly spec: Spec;
  /** Null: it is not saved, so it cannot be applied yet. */
  readonly policyId: string | null;
}) {
  const { client, may } = useSession();
  const [filter, setFilter] = useState<Filter>({});
  const pages = useInfiniteQuery({
    queryKey: ['policies', 'simulation', name, spec, filter],
    queryFn: ({ pageParam }) => client.simulatePolicy({ body: { name, spec, filter, limit: 100, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: may('asset.read'),
  });
  if (!may('asset.read')) return null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const type = assetTypeSchema.safeParse(form.get('type')).data;
    const band = riskBandSchema.safeParse(form.get('band')).data;
    const search = String(form.get('search') ?? '').trim();
    setFilter({
      ...(type === undefined ? {} : { type }),
      ...(band === undefined ? {} : { band }),
      ...(search === '' ? {} : { search }),
    });
  };
  const all = pages.data?.pages ?? [];
  const items = all.flatMap((page) => page.items);
  return (
    <section className={layout.section} aria-label="Simulation">
      <h2>
        <Term concept="simulation">What it would change</Term>
      </h2>
      <form className={layout.form} onSubmit={submit} aria-label="Assets to look at">
        <Select
          label="Type"
          name="type"
          options={[['', 'all'], ...assetTypeSchema.options.map((one) => [one, typeWords[one]] as const)]}
        />
        <Select
          label="Risk"
          name="band"
          options={[['', 'all'], ...riskBandSchema.options.map((one) => [one, one] as const)]}
        />
        <Field label="Words of name or endpoint" name="search" maxLength={200} />
        <Button type="submit">Look</Button>
      </form>
      {pages.error === null ? null : <Failure error={pages.error} doing="The simulation" />}
      {pages.isPending ? <Skeleton label="Simulating" /> : null}
      {pages.isSuccess ? (
        <>
          <Counts items={items} isAll={!pages.hasNextPage} />
          <ul className={layout.rows} aria-label="Assets">
            {items.map((item) => (
              <Row key={item.assetId} item={item} policyId={policyId} />
            ))}
          </ul>
        </>
      ) : null}
      {pages.hasNextPage ? (
        <div>
          <Button isBusy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            Look at more assets
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function Counts({ items, isAll }: { readonly items: readonly PolicySimulationItem[]; readonly isAll: boolean }) {
  if (items.length === 0)
    return (
      <Notice kind="info" title="No asset is selected.">
        <p>Take a filter away, or bring assets into the inventory with a scan.</p>
      </Notice>
    );
  const outcomes = Object.keys(outcomeWords) as readonly PolicySimulationItem['outcome'][];
  return (
    <div role="status" className={layout.section}>
      <p className={layout.muted}>
        {isAll
          ? items.length === 1
            ? 'Of the one asset that is selected:'
            : `Of all ${items.length} assets that are selected:`
          : `Of the ${items.length} riskiest assets:`}
      </p>
      <dl className={styles.counts}>
        {outcomes.map((outcome) => (
          <div key={outcome}>
            <dt>{outcomeWords[outcome]}</dt>
            <dd>{items.filter((item) => item.outcome === outcome).length}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Row({ item, policyId }: { readonly item: PolicySimulationItem; readonly policyId: string | null }) {
  const { riskBefore, riskAfter } = item;
  const [before, after] = [Math.round(riskBefore.score), Math.round(riskAfter.score)];
  return (
    <li className={styles.row}>
      <span className={styles.name}>
        <Link href={`/inventory/asset?id=${item.assetId}`} prefetch={false}>
          <bdi>{item.name}</bdi>
        </Link>
        <bdi className={styles.about}>{item.endpoint}</bdi>
      </span>
      <span>{typeWords[item.type]}</span>
      <span>
        {item.reason === null ? null : <span className={layout.muted}>{item.reason}</span>}
        {item.outcome === 'same' ? <span className={layout.muted}>It is as the policy says.</span> : null}
        <ul className={styles.changes}>
          {item.changes.map(({ role, from, to }) => (
            <li key={`${role} ${to}`}>
              {role}: <bdi>{from ?? 'nothing known'}</bdi> → <strong>{to}</strong>
            </li>
          ))}
        </ul>
      </span>
      <span className={styles.name}>
        <span className={after < before ? styles.better : after > before ? styles.worse : undefined}>
          risk {before} → {after}
        </span>
        {policyId !== null && (item.outcome === 'changes' || item.outcome === 'same') ? (
          <Protect assetId={item.assetId} name={item.name} policyId={policyId} />
        ) : null}
      </span>
    </li>
  );
}
