'use client';
import type { AuditEventView } from '@quantumvault/api';
import { useRouter, useSearchParams } from 'next/navigation';
import { type FormEvent, useMemo } from 'react';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { nowMs } from '../../design/clock.ts';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Page } from '../../design/page.tsx';
import { Table, type TableColumn } from '../../design/table/table.tsx';
import { usePages } from '../../design/table/use-pages.ts';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import styles from './audit.module.css';
import { changedQuery, filterOf, periods } from './audit-filter.ts';
import { ExportSection } from './export-section.tsx';
import { ProveAll } from './prove-all.tsx';

const columns: readonly TableColumn<AuditEventView>[] = [
  { name: 'Action', width: 2, cell: ({ action }) => <bdi>{action}</bdi> },
  {
    name: 'Resource',
    width: 3,
    cell: ({ resource }) => (
      <bdi>
        {resource.type} <code className={styles.id}>{resource.id}</code>
      </bdi>
    ),
  },
  { name: 'Time', width: 2.4, cell: ({ time }) => <Time value={time} /> },
  {
    name: 'Outcome',
    cell: ({ outcome }) => <Badge kind={outcome === 'success' ? 'success' : 'danger'}>{outcome}</Badge>,
  },
];
const keyOf = ({ id }: AuditEventView) => id;
const hrefOf = ({ id }: AuditEventView) => `/audit/event?id=${id}`;

/** The organization's audit events over keyset pages, by asset, action and time, and their proof. */
export function AuditExplorer() {
  const { client, state, may } = useSession();
  const router = useRouter();
  const params = useSearchParams();
  const address = params.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(address), nowMs()), [address]);
  const isOpen = state.status === 'signed-in' && may('audit.read');
  const events = usePages({
    queryKey: ['audit', 'list', filter],
    load: (cursor) => client.listAudit({ query: { ...filter, limit: 50, cursor } }),
    isEnabled: isOpen,
  });
  if (!isOpen) return null;
  const change = (changes: Record<string, string>) =>
    router.replace(`/audit?${changedQuery(new URLSearchParams(address), changes)}`);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name) ?? '').trim();
    const [from, to] = [given('from'), given('to')];
    // A day of the calendar is meant in the reader's time zone, the last one whole.
    const start = (day: string, addDays: number) => {
      if (day === '') return '';
      const date = new Date(`${day}T00:00:00`);
      date.setDate(date.getDate() + addDays);
      return date.toISOString();
    };
    change({
      resource: given('resource').toLowerCase(),
      action: given('action'),
      from: start(from, 0),
      to: start(to, 1),
      last: from === '' && to === '' ? (params.get('last') ?? '') : '',
    });
  };
  return (
    <Page
      title="Audit"
      lead="Who did what, and when. That an event is in the log as it is shown can be proven in this browser."
    >
      <form key={address} className={layout.form} onSubmit={submit} aria-label="Filter">
        <Field
          label="Asset or other thing (id)"
          name="resource"
          defaultValue={filter.resourceId ?? ''}
          maxLength={36}
        />
        <Field label="Action" name="action" defaultValue={filter.action ?? ''} maxLength={64} />
        <Field label="From" name="from" type="date" />
        <Field label="To" name="to" type="date" />
        <Button type="submit">Filter</Button>
      </form>
      <div className={layout.buttons}>
        {periods.map(({ days, label }) => (
          <Button
            key={days}
            kind="quiet"
            aria-pressed={params.get('last') === String(days)}
            onClick={() => change({ last: String(days), from: '', to: '' })}
          >
            {label}
          </Button>
        ))}
      </div>
      <p className={layout.muted}>
        {filter.from === undefined ? (
          'From the beginning'
        ) : (
          <>
            From <Time value={filter.from} />
          </>
        )}
        {filter.to === undefined ? (
          ' until now.'
        ) : (
          <>
            {' '}
            until <Time value={filter.to} />.
          </>
        )}
      </p>
      <ProveAll key={address} filter={filter} />
      {events.error === null ? null : <Failure error={events.error} doing="Reading the events" />}
      {events.isEmpty ? (
        <Notice kind="info" title="No event is listed for this.">
          <p>Widen the time or take a filter away. That nothing was left out, an export of the log shows.</p>
        </Notice>
      ) : null}
      <Table label="Events" columns={columns} pages={events} rowKey={keyOf} rowHref={hrefOf} />
      <ExportSection />
    </Page>
  );
}
