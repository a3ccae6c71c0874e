'use client';
import { useState } from 'react';
import layout from '../../design/layout.module.css';
import { Select } from '../../design/select.tsx';
import { useSession } from '../../session/session.tsx';
import { ExportLog } from './export-log.tsx';

/** What an export is, and the way to one; of the whole installation for those who may. */
export function ExportSection() {
  const { may } = useSession();
  const [scope, setScope] = useState<'tenant' | 'all'>('tenant');
  return (
    <section className={layout.section} aria-label="Export">
      <h2>Take the log with you</h2>
      <p className={layout.muted}>
        An export holds every event, none left out, with what an outsider needs to check that. It is itself an event of
        the log.
      </p>
      {may('audit.export-all') ? (
        <Select
          label="Whose events"
          value={scope}
          onChange={({ target }) => setScope(target.value === 'all' ? 'all' : 'tenant')}
          options={[
            ['tenant', 'those of this organization'],
            ['all', 'all of this installation'],
          ]}
        />
      ) : null}
      <ExportLog key={scope} scope={scope} label="Export the log" />
    </section>
  );
}
